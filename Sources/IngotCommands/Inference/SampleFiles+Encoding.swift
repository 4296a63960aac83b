import Foundation
import IngotCore
import IngotEngine
import IngotProject

extension SampleFiles {
    /// Makes copies in UTF-8 of texts in UTF-16, which the query engine's own look at a file does not take.
    ///
    /// - Parameter folder: Where the copies go.
    /// - Returns: The encoding, as pipelines name it; `nil` if it is UTF-8.
    /// - Throws: `IngotError` with `cannotInfer` if the files have several encodings, or hold what pipelines do not read.
    mutating func copyUTF16(to folder: String) throws -> String? {
        guard format != .parquet else { return nil }
        let texts = paths.map(SampleText.init(path:))
        let encodings = Set(try texts.map { try $0.utf16() })
        guard encodings.count == 1, let found = encodings.first else {
            throw IngotError(
                .cannotInfer,
                "the files have several encodings, of which one is UTF-16",
                hint: "write a pipeline for each encoding: ingot init --from \(paths[0])"
            )
        }
        guard let encoding = found else { return nil }
        let ending = format == .csv ? "csv" : "jsonl"
        for (number, text) in texts.enumerated() {
            readable[number] = "\(folder)/\(number).\(ending)"
            try text.copy(from: encoding, to: readable[number])
            guard format == .json, try Self.isArray(readable[number]) else { continue }
            throw IngotError(
                .cannotInfer,
                "the file \(paths[number]) is a JSON array in UTF-16, which pipelines do not read",
                hint: "iconv -f UTF-16 -t UTF-8"
            )
        }
        return encoding.rawValue
    }

    /// Whether a text of JSON is one array.
    private static func isArray(_ path: String) throws -> Bool {
        guard let handle = FileHandle(forReadingAtPath: path) else { return false }
        defer { try? handle.close() }
        let start = try handle.read(upToCount: 4096) ?? Data()
        return start.first { !" \t\r\n".utf8.contains($0) } == UInt8(ascii: "[")
    }
}
