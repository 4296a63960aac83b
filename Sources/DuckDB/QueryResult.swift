/// All rows of a result, in memory.
public struct QueryResult: Sendable, RandomAccessCollection {
    let list: ColumnList
    /// The rows in the portions that DuckDB handed out.
    public let batches: [Batch]
    /// The number of rows before each batch.
    private let starts: [Int]
    /// How many rows there are.
    public let count: Int
    /// How many rows an INSERT, UPDATE, DELETE, MERGE or COPY changed; zero for any other statement.
    public let rowsChanged: Int

    init(list: ColumnList, batches: [Batch], rowsChanged: Int) {
        self.list = list
        self.batches = batches
        self.rowsChanged = rowsChanged
        var count = 0
        starts = batches.map { batch in
            defer { count += batch.count }
            return count
        }
        self.count = count
    }

    /// The columns, in their order.
    public var columns: [Column] { list.columns }

    /// Zero.
    public var startIndex: Int { 0 }

    /// The number of rows.
    public var endIndex: Int { count }

    /// A row.
    public subscript(position: Int) -> Row {
        precondition(position >= 0 && position < count, "row \(position) of \(count)")
        // Batches are of one size but for the last, as a rule: the first guess is right.
        var batch = Swift.min(position / Swift.max(1, batches[0].count), batches.count - 1)
        while starts[batch] > position {
            batch -= 1
        }
        while batch + 1 < starts.count, starts[batch + 1] <= position {
            batch += 1
        }
        return batches[batch][position - starts[batch]]
    }

    /// The one value of a result of one row and one column.
    ///
    /// - Throws: `DuckDBError` (`mismatch`) if there is more or less, or the value does not fit the type.
    public func scalar<T: ValueDecodable>(as type: T.Type = T.self) throws -> T {
        guard count == 1, columns.count == 1 else {
            throw DuckDBError(
                kind: .mismatch,
                message: "one value is wanted, but the result has \(count) rows of \(columns.count) columns"
            )
        }
        return try self[0].get(columns[0].name, as: type)
    }
}
