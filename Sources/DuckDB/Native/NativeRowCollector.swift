import CDuckDB

/// The function of row collectors across the C border: of the collector's number, a number, and texts.
enum NativeRowCollector {
    static func register(on connection: duckdb_connection) throws {
        // Owned; what is registered is a copy.
        var native = unsafe duckdb_create_scalar_function()
        defer { unsafe duckdb_destroy_scalar_function(&native) }
        // Owned; the function copies them.
        var number = unsafe duckdb_create_logical_type(DUCKDB_TYPE_BIGINT)
        defer { unsafe duckdb_destroy_logical_type(&number) }
        var text = unsafe duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR)
        defer { unsafe duckdb_destroy_logical_type(&text) }
        var result = unsafe duckdb_create_logical_type(DUCKDB_TYPE_BOOLEAN)
        defer { unsafe duckdb_destroy_logical_type(&result) }
        unsafe duckdb_scalar_function_set_name(native, RowCollector.functionName)
        unsafe duckdb_scalar_function_add_parameter(native, number)
        unsafe duckdb_scalar_function_add_parameter(native, number)
        unsafe duckdb_scalar_function_set_varargs(native, text)
        unsafe duckdb_scalar_function_set_return_type(native, result)
        // With a NULL among its texts a row counts too.
        unsafe duckdb_scalar_function_set_special_handling(native)
        unsafe duckdb_scalar_function_set_volatile(native)
        unsafe duckdb_scalar_function_set_function(native) { info, input, output in
            unsafe NativeRowCollector.run(info, input, output)
        }
        guard unsafe duckdb_register_scalar_function(connection, native) == CDUCKDB_SUCCESS else {
            throw DuckDBError(
                kind: .catalog,
                message: "the function \(RowCollector.functionName) cannot be registered"
            )
        }
    }

    /// Hands over the rows of one chunk, on a thread of DuckDB's.
    private static func run(_ info: duckdb_function_info?, _ input: duckdb_data_chunk?, _ output: duckdb_vector?) {
        let count = unsafe Int(duckdb_data_chunk_get_size(input))
        // The vectors are good until we return, and flat.
        let columnCount = unsafe Int(duckdb_data_chunk_get_column_count(input))
        let vectors = unsafe (0..<columnCount).map { column in
            let vector = unsafe duckdb_data_chunk_get_vector(input, idx_t(column))
            return unsafe VectorRows(
                data: UnsafeRawPointer(duckdb_vector_get_data(vector)),
                count: count,
                validity: VectorReader.readValidity(vector, count: count)
            )
        }
        guard count > 0 else { return }
        let ids: [Int64] = unsafe vectors[0].copy()
        guard let collector = RowCollector.find(ids[0]) else {
            unsafe duckdb_scalar_function_set_error(info, "\(RowCollector.functionName): nobody collects rows")
            return
        }
        unsafe collector.take(vectors[1].copy(), textCount: vectors.count - 2) { row, text, bytes in
            unsafe vectors[text + 2].withBytes(of: row) { unsafe bytes.append(contentsOf: $0) }
        }
        // DuckDB made the vector as long as the chunk of arguments.
        let data = unsafe duckdb_vector_get_data(output)?.assumingMemoryBound(to: Bool.self)
        for row in 0..<count { unsafe data?[row] = false }
    }
}

extension Session {
    func registerRowCollectors() throws {
        try unsafe NativeRowCollector.register(on: connection())
    }
}
