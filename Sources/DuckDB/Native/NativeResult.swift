import CDuckDB

/// A result of DuckDB's.
///
/// It is used, and ended, on its connection's thread.
@safe
final class NativeResult {
    /// Owned, until it is closed.
    private var handle: duckdb_result
    private var isOpen = true
    /// Whether the last rows were fetched: a streamed result must not be asked again.
    private var isExhausted = false
    private let sql: String
    private(set) lazy var list = ColumnList(readColumns())

    init(handle: duckdb_result, sql: String) {
        unsafe self.handle = unsafe handle
        self.sql = sql
    }

    deinit { close() }

    func close() {
        if isOpen {
            isOpen = false
            unsafe duckdb_destroy_result(&handle)
        }
    }

    /// The error of a result that failed.
    func error() -> DuckDBError {
        guard let report = unsafe NativeText.copy(duckdb_result_error(&handle)) else {
            return DuckDBError(kind: .unknown, message: "the statement failed, and DuckDB does not say why")
        }
        return DuckDBError(report: report, sql: sql)
    }

    /// How many rows the statement changed.
    var rowsChanged: Int {
        guard unsafe duckdb_result_return_type(handle) == DUCKDB_RESULT_TYPE_CHANGED_ROWS else { return 0 }
        return unsafe Int(clamping: duckdb_rows_changed(&handle))
    }

    /// The next rows, or nil after the last.
    func next() throws -> Batch? {
        if isExhausted {
            return nil
        }
        // The chunk is ours; it ends when its rows are copied.
        var chunk = unsafe duckdb_fetch_chunk(handle)
        defer { unsafe duckdb_destroy_data_chunk(&chunk) }
        guard let chunk = unsafe chunk else {
            isExhausted = true
            if unsafe duckdb_result_error(&handle) != nil {
                throw error()
            }
            return nil
        }
        let count = unsafe Int(duckdb_data_chunk_get_size(chunk))
        let vectors = try list.columns.enumerated().map { index, column in
            try unsafe VectorReader.read(
                duckdb_data_chunk_get_vector(chunk, idx_t(index)),
                column.type,
                count: count
            )
        }
        return Batch(list: list, vectors: vectors, count: count)
    }

    private func readColumns() -> [Column] {
        (0..<(unsafe duckdb_column_count(&handle))).map { index in
            let name = unsafe NativeText.copy(duckdb_column_name(&handle, index)) ?? ""
            return unsafe Column(name: name, type: NativeType.take(duckdb_column_logical_type(&handle, index)))
        }
    }
}
