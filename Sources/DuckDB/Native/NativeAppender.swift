import CDuckDB

/// An appender of DuckDB's.
///
/// It is used, and ended, on its connection's thread.
@safe
final class NativeAppender {
    /// Owned; nil once it is closed.
    private var handle: duckdb_appender?
    private(set) var columnTypes: [LogicalType] = []

    init(_ connection: duckdb_connection, catalog: String?, schema: String?, table: String, columns: [String]?) throws {
        let state = unsafe duckdb_appender_create_ext(connection, catalog, schema, table, &handle)
        try check(state)
        for column in columns ?? [] {
            try NativeText.check(column, is: "a column's name")
            try check(unsafe duckdb_appender_add_column(handle, column))
        }
        columnTypes = (0..<(unsafe duckdb_appender_column_count(handle))).map { index in
            unsafe NativeType.take(duckdb_appender_column_type(handle, index))
        }
    }

    deinit { close() }

    /// Ends the appender without writing what is not flushed: DuckDB would write it.
    func close() {
        guard unsafe handle != nil else { return }
        unsafe duckdb_appender_clear(handle)
        unsafe duckdb_appender_destroy(&handle)
    }

    func flush() throws {
        try check(unsafe duckdb_appender_flush(handle))
    }

    func append(_ row: [Value]) throws {
        for value in row {
            try append(value)
        }
        try check(unsafe duckdb_appender_end_row(handle))
    }

    private func append(_ value: Value) throws {
        switch value {
        case .null: try check(unsafe duckdb_append_null(handle))
        case .boolean(let value): try check(unsafe duckdb_append_bool(handle, value))
        case .tinyint(let value): try check(unsafe duckdb_append_int8(handle, value))
        case .smallint(let value): try check(unsafe duckdb_append_int16(handle, value))
        case .integer(let value): try check(unsafe duckdb_append_int32(handle, value))
        case .bigint(let value): try check(unsafe duckdb_append_int64(handle, value))
        case .float(let value): try check(unsafe duckdb_append_float(handle, value))
        case .double(let value): try check(unsafe duckdb_append_double(handle, value))
        case .varchar(let text): try append(text)
        default:
            try unsafe NativeValue.with(value) { native in
                // DuckDB copies the value.
                try check(unsafe duckdb_append_value(handle, native))
            }
        }
    }

    private func append(_ text: String) throws {
        var text = text
        let state = text.withUTF8 { bytes in
            unsafe bytes.withMemoryRebound(to: CChar.self) { characters in
                // DuckDB copies the text; without a pointer, which an empty one may lack, the length is not looked at.
                unsafe duckdb_append_varchar_length(handle, characters.baseAddress, idx_t(characters.count))
            }
        }
        try check(state)
    }

    private func check(_ state: duckdb_state) throws {
        guard state != CDUCKDB_SUCCESS else { return }
        // Owned.
        var data = unsafe duckdb_appender_error_data(handle)
        defer { unsafe duckdb_destroy_error_data(&data) }
        let message = unsafe NativeText.copy(duckdb_error_data_message(data))
        throw DuckDBError(
            kind: DuckDBError.Kind(code: unsafe duckdb_error_data_error_type(data)),
            message: message ?? "the row cannot be appended"
        )
    }
}

extension Session {
    func makeAppender(table: [String], columns: [String]?) throws -> NativeAppender {
        guard (1...3).contains(table.count), let name = table.last else {
            throw DuckDBError(kind: .invalidInput, message: "a table's name has one to three parts")
        }
        for part in table {
            try NativeText.check(part, is: "a table's name")
        }
        let schema = table.count > 1 ? table[table.count - 2] : nil
        let catalog = table.count > 2 ? table[0] : nil
        return try unsafe NativeAppender(
            connection(),
            catalog: catalog,
            schema: schema,
            table: name,
            columns: columns
        )
    }
}
