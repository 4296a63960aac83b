import DuckDB
import IngotCore

/// Shows where in a user's SQL something is wrong.
struct SQLExcerpt: Sendable {
    /// How much of a long line is shown.
    private static let widthMax = 100

    /// The SQL.
    let sql: String
    /// What the place is called: a file, or `query`.
    let origin: String

    /// An error of the query engine's, at its place.
    func error(_ error: DuckDBError) -> IngotError {
        let code: ErrorCode = error.kind == .permission ? .notReadOnly : .invalidSQL
        let lines = error.details.split(separator: "\n").map(String.init)
        let shown = (error.position.map(excerpt) ?? []) + lines.filter { !$0.hasPrefix("LINE ") }
        return IngotError(
            code,
            Self.sentence(error),
            at: location(error.position),
            isRetryable: error.isRetryable,
            cause: shown.isEmpty ? nil : shown.joined(separator: "\n")
        )
    }

    /// An error of ours.
    func error(
        _ code: ErrorCode,
        _ message: String,
        at position: DuckDBError.Position? = nil,
        hint: String? = nil
    ) -> IngotError {
        IngotError(
            code,
            message,
            at: location(position),
            hint: hint,
            cause: position.map { excerpt($0).joined(separator: "\n") }
        )
    }

    private func location(_ position: DuckDBError.Position?) -> SourceLocation {
        SourceLocation(file: origin, line: position?.line, column: position?.column)
    }

    /// The engine's words, with what it says of settings replaced by what a user can do.
    private static func sentence(_ error: DuckDBError) -> String {
        if error.kind == .permission, error.message.contains("disabled by configuration") {
            let path = error.message.split(separator: "\"").dropFirst().first
            return "a query reads the tables of the lake only\(path.map { ", not \($0)" } ?? "")"
        }
        let message = error.message
        // A word in capitals, as ORDER, stays as it is.
        guard message.dropFirst().first?.isUppercase != true else { return message }
        return message.prefix(1).lowercased() + message.dropFirst()
    }

    /// The line of a place, and a caret below it.
    private func excerpt(_ position: DuckDBError.Position) -> [String] {
        let lines = sql.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.indices.contains(position.line - 1) else { return [] }
        var scalars = Array(lines[position.line - 1].unicodeScalars)
        var column = min(max(0, position.column - 1), scalars.count)
        if scalars.count > Self.widthMax, column > Self.widthMax / 2 {
            let cut = min(column - Self.widthMax / 2, scalars.count - Self.widthMax)
            scalars = Array("...".unicodeScalars) + scalars[cut...]
            column += 3 - cut
        }
        if scalars.count > Self.widthMax + 6 {
            scalars = scalars.prefix(Self.widthMax + 3) + Array("...".unicodeScalars)
        }
        let shown = String(String.UnicodeScalarView(scalars.filter { $0 != "\r" }))
        // A tab stays a tab, so that the caret stands below its place however wide that is.
        let indent = String(String.UnicodeScalarView(scalars.prefix(column).map { $0 == "\t" ? "\t" : " " }))
        let gutter = "\(position.line) | "
        let blank = String(repeating: " ", count: gutter.count - 2) + "| "
        return [gutter + shown, blank + indent + "^"]
    }
}
