package import DuckDB
package import IngotCore

extension QueryText {
    /// What the query engine says of the SQL, as an error at the place in the user's file.
    ///
    /// - Parameters:
    ///   - error: The engine's error.
    ///   - linesBefore: How many lines stood before the user's in what the engine was given.
    /// - Returns: The error.
    package func error(_ error: DuckDBError, linesBefore: Int = 0) -> IngotError {
        // The SQL is as good as it was; what is wanting is the machine's.
        if error.isOutOfSpace || error.kind == .outOfMemory {
            var stop = IngotError(stopping: "the computation", error)
            stop.location = location(line: 1, column: 1)
            return stop
        }
        let isRetryable = error.isInterrupted || error.isRetryable
        let line = error.position.map { $0.line - linesBefore }
        guard let position = error.position, let line, line >= 1 else {
            return IngotError(
                .invalidSQL,
                error.message,
                at: location(line: 1, column: 1),
                hint: Self.hint(error),
                isRetryable: isRetryable,
                cause: error.details.isEmpty ? nil : error.details
            )
        }
        let end = self.end
        // The engine stumbled over what was put behind the user's SQL.
        let isPastEnd = error.kind == .parser && (line, position.column) > (end.line, end.column)
        let place = isPastEnd ? end : (line: line, column: position.column)
        return IngotError(
            .invalidSQL,
            isPastEnd ? "the SQL ends too soon" : error.message,
            at: location(line: place.line, column: place.column),
            hint: Self.hint(error),
            isRetryable: isRetryable,
            cause: excerpt(line: place.line, column: place.column)
        )
    }

    /// An error at a place that the query engine told.
    func error(_ code: ErrorCode, _ message: String, at position: DuckDBError.Position?, hint: String?) -> IngotError {
        IngotError(
            code,
            message,
            at: location(line: position?.line ?? 1, column: position?.column ?? 1),
            hint: hint,
            cause: position.flatMap { excerpt(line: $0.line, column: $0.column) }
        )
    }

    /// The names that the query engine proposes.
    private static func hint(_ error: DuckDBError) -> String? {
        guard let candidates = error.attributes["candidates"], !candidates.isEmpty else { return nil }
        return candidates.split(separator: ",").first.map { String($0).trimmed }
    }
}

extension String {
    /// The text without blanks at its ends.
    fileprivate var trimmed: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
