/// Adds rows to a table, faster than INSERT does.
///
/// Rows are checked against the table when they are flushed, a few thousand at a time, not one by one.
public final class Appender {
    /// Enough to be worth a change of threads, little enough to be held.
    private static let rowsAtATime = 1024

    /// The types of the columns that rows have values for, in their order.
    public let columnTypes: [LogicalType]
    private let connection: Connection
    private let holder: AppenderHolder
    private var rows: [[Value]] = []

    init(connection: Connection, holder: AppenderHolder, columnTypes: [LogicalType]) {
        self.connection = connection
        self.holder = holder
        self.columnTypes = columnTypes
    }

    /// Adds a row, a value for each column.
    ///
    /// - Throws: `DuckDBError`, also for a row that was added before and does not fit; or `CancellationError`.
    public func append(_ row: [Value]) async throws {
        guard row.count == columnTypes.count else {
            throw DuckDBError(
                kind: .invalidInput,
                message: "a row has \(row.count) values, but \(columnTypes.count) columns are appended to"
            )
        }
        rows.append(row)
        if rows.count == Self.rowsAtATime {
            try await send()
        }
    }

    /// Writes the rows that were added so far to the table.
    ///
    /// - Throws: `DuckDBError`: a row does not fit the table, or breaks a constraint; or `CancellationError`.
    public func flush() async throws {
        try await send()
        try await connection.perform { [holder] _, _ in try holder.appender.flush() }
    }

    private func send() async throws {
        let rows = rows
        self.rows.removeAll(keepingCapacity: true)
        try await connection.perform { [holder] _, ticket in
            for row in rows {
                try ticket.check()
                try holder.appender.append(row)
            }
        }
    }
}

@available(*, unavailable)
extension Appender: Sendable {}

/// A native appender on its way between a caller and its connection's thread.
final class AppenderHolder: @unchecked Sendable {  // Only the connection's thread looks inside.
    let appender: NativeAppender

    init(_ appender: NativeAppender) {
        self.appender = appender
    }
}
