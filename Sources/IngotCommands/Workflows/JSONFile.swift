import IngotCore
import JSONTree

/// A file of JSON, or of JSON lines, that a command was given; `-` is the standard input.
struct JSONFile {
    /// Half of a surrogate pair is something that text about malformed text contains; of keys the last one counts.
    private static let options = JSONParserOptions(duplicateKeys: .keepLast, loneSurrogates: .replace)

    private let file: InputFile

    init(_ path: String) throws {
        file = try InputFile(path)
    }

    /// The one value of the file.
    func value() throws -> JSON {
        try parse(file.text, line: nil)
    }

    /// Does something with the value of each line that is not blank, in order.
    func forEachLine(_ body: (JSON) throws -> Void) throws {
        var number = 0
        for line in file.text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            guard !line.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\t") })
            else { continue }
            try body(try parse(String(Substring(line)), line: number))
        }
    }

    private func parse(_ text: String, line: Int?) throws -> JSON {
        do throws(JSONSyntaxError) {
            return try JSON(parsing: text, options: Self.options)
        } catch {
            let location = SourceLocation(file: file.name, line: line ?? error.line, column: error.column)
            throw IngotError(.unusableJSON, error.message, at: location)
        }
    }
}
