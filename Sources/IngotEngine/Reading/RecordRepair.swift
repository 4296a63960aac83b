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
    /// - Throws: ``Unreadable`` where the object is not text, or is compressed in a way that only the query engine reads,
    ///   or its compressed bytes are damaged.
    func repair(_ object: BatchObject, _ signature: ReadSignature) async throws -> String {
        guard signature.compression != .zstd else {
            throw Unreadable(
                message:
                    "the zstd text has a record that cannot be read; decompress the object to have that record alone rejected"
            )
        }
        let dialect = signature.form == .csv ? try source.dialect : lines
        let target = "\(folder)/repaired-\(object.index).csv"
        let path = object.entry.bronze
        let limits = ReadingLimits(recordSizeMax: source.maxLineSize.bytes)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let fields = signature.form == .csv ? signature.fields.count : nil
        let stream = try StreamByteSource(path)
        do {
            if signature.compression == .gzip {
                let text = try GzipByteSource(stream)
                var reader = DelimitedReader(text, dialect: dialect, expectedFields: fields, limits: limits)
                try Self.write(&reader, to: target)
            } else {
                var reader = DelimitedReader(stream, dialect: dialect, expectedFields: fields, limits: limits)
                try Self.write(&reader, to: target)
            }
        } catch let error as DelimitedTextError {
            throw Unreadable(message: error.description)
        }
        return target
    }

    private var lines: Dialect {
        .lines(encoding: TextEncoding(name: source.encoding.rawValue) ?? .utf8)
    }

    private static func write(_ reader: inout DelimitedReader, to target: String) throws {
        guard FileManager.default.createFile(atPath: target, contents: nil),
            let output = FileHandle(forWritingAtPath: target)
        else { throw Unreadable(message: "the repaired copy cannot be written") }
        defer { try? output.close() }
        _ = try NormalisedCSV.write(&reader, rawText: .faultyRecords) { block in
            try output.write(contentsOf: Data(block))
        }
    }
}

/// Gives the bytes of a file, piece by piece.
///
/// Unchecked, because the stream is used by one reader in one call.
private struct StreamByteSource: ByteSource, @unchecked Sendable {
    private static let pieceSize = 1 << 18

    private let stream: InputStream

    init(_ path: String) throws {
        guard let stream = InputStream(fileAtPath: path) else {
            throw RecordRepair.Unreadable(message: "the object cannot be opened")
        }
        self.stream = stream
        stream.open()
    }

    mutating func next() throws -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: Self.pieceSize)
        let count = stream.read(&buffer, maxLength: buffer.count)
        if count < 0 { throw stream.streamError ?? RecordRepair.Unreadable(message: "the object cannot be read") }
        return count == 0 ? nil : Array(buffer[..<count])
    }
}
