import DuckDB
import IngotCore
import IngotProject

/// Turns errors about SQL of a project file into errors at their place in that file.
enum ModelSQLError {
    /// An error about a user's SQL that ran behind a prefix of ours.
    ///
    /// - Parameters:
    ///   - error: What the engine says.
    ///   - sql: The user's SQL.
    ///   - prefix: What stood before it, up to the end of a line.
    static func located(_ error: DuckDBError, in sql: SQLText, precededBy prefix: String = "") -> IngotError {
        let linesBefore = prefix.unicodeScalars.count { $0 == "\n" }
        let location = error.position.flatMap { position -> SourceLocation? in
            guard position.line > linesBefore else { return nil }
            return sql.location(line: position.line - linesBefore, column: position.column)
        }
        return IngotError(
            .invalidSQL,
            error.message.prefix(1).lowercased() + error.message.dropFirst(),
            at: location ?? sql.location,
            cause: error.details.isEmpty ? nil : error.details
        )
    }
}
