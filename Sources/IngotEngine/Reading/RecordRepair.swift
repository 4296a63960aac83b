import DelimitedText
import Foundation
import IngotCore
import IngotProject

/// Splits an object record by record when the query engine refuses to read it.
struct RecordRepair {
    /// Why an object cannot even be split.
    struct Unreadable: Error {
        var message: String
    }

    let source: Source
    /// Where the copies go.
    let folder: String

    /// Writes a copy of an object that the query engine can read, with the number and the fault of each record.
    ///
    /// - Returns: Where the copy is, and how many records it has.
    /// - Throws: ``Unreadable`` where the object is not text, or is compressed in a way that only the query engine reads,
    ///   or its compressed bytes are damaged.
    func repair(_ object: BatchObject, _ signature: ReadSignature) async throws -> (path: String, records: Int) {
        let dialect = signature.form == .csv ? try source.dialect : lines
        let target = "\(folder)/repaired-\(object.index).csv"
        let limits = ReadingLimits(recordSizeMax: source.maxLineSize.bytes)
        try Self.makeFolder(folder)
        let fields = signature.form == .csv ? signature.fields.count : nil
        if signature.form == .jsonLines { try refuseSpreadObject(object, signature) }
        do {
            guard let text = try StreamByteSource.text(of: object, signature.compression) else {
                throw Unreadable(
                    message:
                        "the zstd text has a record that cannot be read; decompress the object to have that record alone rejected"
                )
            }
            var reader = DelimitedReader(text, dialect: dialect, expectedFields: fields, limits: limits)
            return (target, try Self.write(&reader, to: target))
        } catch let error as DelimitedTextError {
            throw Unreadable(message: error.description)
        }
    }

    /// Refuses a text that is one JSON object on several lines, each of which would be a rejected row.
    private func refuseSpreadObject(_ object: BatchObject, _ signature: ReadSignature) throws {
        var text = try StreamByteSource.text(of: object, signature.compression)
        guard let first = try text?.next() else { return }
        guard TextPeek(Array(first.prefix(4096)), isWhole: false, dialect: lines).isSpreadObject else { return }
        let read = source.format == .json ? "an array, or one object a line" : "one object a line"
        throw Unreadable(
            message: "it is a JSON object that goes over several lines, and format: \(source.format.rawValue) reads "
                + "\(read); jq -c . FILE writes it so"
        )
    }

    private var lines: Dialect {
        .lines(encoding: TextEncoding(name: source.encoding.rawValue) ?? .utf8)
    }

    private static func makeFolder(_ path: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch let error as CocoaError {
            throw failure(error, path)
        }
    }

    private static func failure(_ error: CocoaError, _ path: String) -> IngotError {
        let isFull = error.code == .fileWriteOutOfSpace
        return IngotError(
            isFull ? .objectNoSpace : .objectStoreUnavailable,
            "cannot write: \(path)",
            hint: isFull ? "make room on that disk, and run again: nothing of it was committed" : "ingot doctor",
            isRetryable: true,
            cause: error.localizedDescription
        )
    }

    /// Writes the copy; answers how many records it has.
    ///
    /// - Throws: `IngotError` where the disk fails; of the object that says nothing.
    private static func write(_ reader: inout DelimitedReader, to target: String) throws -> Int {
        do {
            try Data().write(to: URL(fileURLWithPath: target))
            let output = try FileHandle(forWritingTo: URL(fileURLWithPath: target))
            defer { try? output.close() }
            let summary = try NormalisedCSV.write(&reader, rawText: .faultyRecords) { block in
                try output.write(contentsOf: Data(block))
            }
            return summary.records
        } catch let error as CocoaError {
            throw failure(error, target)
        }
    }
}
