#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension DuckDBError {
    /// Reads an error as DuckDB reports it: JSON (connections set `errors_as_json`), or text where it was made
    /// outside a statement.
    ///
    /// - Parameters:
    ///   - report: what DuckDB says.
    ///   - sql: the SQL that was run, to which positions refer.
    init(report: String, sql: String) {
        if let fields = Self.jsonFields(report), let message = fields["exception_message"] {
            // The parser counts characters, everybody else bytes.
            let isCharacters = fields["error_subtype"] == "SYNTAX_ERROR"
            let position = fields["position"].flatMap(Int.init).flatMap { offset in
                isCharacters
                    ? Position(characterOffset: offset, in: sql) : Position(byteOffset: offset, in: sql)
            }
            let known: Set<String> = ["exception_type", "exception_message", "position"]
            let kind = Kind(rawValue: fields["exception_type"] ?? "Unknown")
            let attributes = fields.filter { !known.contains($0.key) }
            self.init(kind: kind, message: message, position: position, attributes: attributes)
            return
        }
        let (kind, rest) = Self.splitKind(report)
        let (message, position) = Self.splitLocation(rest)
        self.init(kind: kind, message: message, position: position)
    }

    /// The JSON object in a report; the parser's errors have a prefix before it.
    private static func jsonFields(_ report: String) -> [String: String]? {
        guard let start = report.firstRange(of: #"{"exception_type":"#)?.lowerBound,
            start == report.startIndex || report[..<start].hasSuffix(" Error: ")
        else { return nil }
        return try? JSONDecoder().decode([String: String].self, from: Data(report[start...].utf8))
    }

    /// `Binder Error: rest`, taken apart.
    private static func splitKind(_ report: String) -> (Kind, String) {
        guard let separator = report.firstRange(of: " Error: "), !report[..<separator.lowerBound].contains("\n") else {
            return (.unknown, report.hasPrefix("Error: ") ? String(report.dropFirst(7)) : report)
        }
        return (Kind(rawValue: String(report[..<separator.lowerBound])), String(report[separator.upperBound...]))
    }

    /// Takes the excerpt off a message: `LINE 2: select x`, and a caret below the place.
    private static func splitLocation(_ text: String) -> (String, Position?) {
        guard let start = text.firstRange(of: "\n\nLINE ") else { return (text, nil) }
        let excerpt = text[start.upperBound...].split(separator: "\n", omittingEmptySubsequences: false)
        let message = String(text[..<start.lowerBound])
        guard excerpt.count > 1, let colon = excerpt[0].firstIndex(of: ":"), let line = Int(excerpt[0][..<colon]),
            let caret = excerpt[1].firstIndex(of: "^"), !excerpt[0][colon...].hasPrefix(": ...")
        else { return (message, nil) }
        // The caret's line is indented by "LINE n: " as well; "LINE " is not in the excerpt any more.
        let prefix = "LINE ".count + excerpt[0][...colon].count + 1
        let column = excerpt[1].distance(from: excerpt[1].startIndex, to: caret) - prefix + 1
        return (message, column > 0 ? Position(line: line, column: column) : nil)
    }
}

extension DuckDBError.Position {
    /// The place of a character (Unicode scalar) in a text, or nil if it lies outside.
    init?(characterOffset: Int, in text: String) {
        guard (0...text.unicodeScalars.count).contains(characterOffset) else { return nil }
        let before = String(String.UnicodeScalarView(text.unicodeScalars.prefix(characterOffset)))
        self.init(byteOffset: before.utf8.count, in: text)
    }

    /// The place of a byte in a text, or nil if it lies outside.
    init?(byteOffset: Int, in text: String) {
        let bytes = Array(text.utf8)
        guard (0...bytes.count).contains(byteOffset) else { return nil }
        let before = bytes[..<byteOffset]
        let newline = UInt8(ascii: "\n")
        let lineStart = before.lastIndex(of: newline).map { $0 + 1 } ?? 0
        line = before.count { $0 == newline } + 1
        // A byte that continues a scalar is no column of its own.
        column = before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1
    }
}
