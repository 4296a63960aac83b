import CDuckDB

/// Scalar functions across the C border.
enum NativeScalarFunction {
    /// What DuckDB keeps of a function, and hands back with each call.
    private final class Box: Sendable {
        let body: ScalarFunction.Body

        init(_ body: ScalarFunction.Body) {
            self.body = body
        }
    }

    static func register(_ function: ScalarFunction, on connection: duckdb_connection) throws {
        try NativeText.check(function.name, is: "a function's name")
        // Owned; what is registered is a copy.
        var native = unsafe duckdb_create_scalar_function()
        defer { unsafe duckdb_destroy_scalar_function(&native) }
        // Owned; the function copies them.
        var parameter = unsafe duckdb_create_logical_type(parameterType(of: function.body))
        defer { unsafe duckdb_destroy_logical_type(&parameter) }
        var result = unsafe duckdb_create_logical_type(DUCKDB_TYPE_INTEGER)
        defer { unsafe duckdb_destroy_logical_type(&result) }
        unsafe duckdb_scalar_function_set_name(native, function.name)
        unsafe duckdb_scalar_function_add_parameter(native, parameter)
        unsafe duckdb_scalar_function_set_return_type(native, result)
        // DuckDB owns the box from here on, also where the registration fails.
        let box = unsafe Unmanaged.passRetained(Box(function.body)).toOpaque()
        unsafe duckdb_scalar_function_set_extra_info(native, box) { data in
            if let data = unsafe data { unsafe Unmanaged<Box>.fromOpaque(data).release() }
        }
        unsafe duckdb_scalar_function_set_function(native) { info, input, output in
            unsafe NativeScalarFunction.run(info, input, output)
        }
        guard unsafe duckdb_register_scalar_function(connection, native) == CDUCKDB_SUCCESS else {
            throw DuckDBError(kind: .catalog, message: "the function \(function.name) cannot be registered")
        }
    }

    private static func parameterType(of body: ScalarFunction.Body) -> duckdb_type {
        switch body {
        case .bigint: DUCKDB_TYPE_BIGINT
        case .hugeint: DUCKDB_TYPE_HUGEINT
        case .blob: DUCKDB_TYPE_BLOB
        }
    }

    /// Computes the results for one chunk of arguments, on a thread of DuckDB's.
    private static func run(_ info: duckdb_function_info?, _ input: duckdb_data_chunk?, _ output: duckdb_vector?) {
        // Borrowed from the function, which outlives its calls; the vectors are good until we return.
        guard let data = unsafe duckdb_scalar_function_get_extra_info(info) else { return }
        let body = unsafe Unmanaged<Box>.fromOpaque(data).takeUnretainedValue().body
        let count = unsafe Int(duckdb_data_chunk_get_size(input))
        let vector = unsafe duckdb_data_chunk_get_vector(input, 0)
        let rows = unsafe VectorRows(
            data: UnsafeRawPointer(duckdb_vector_get_data(vector)),
            count: count,
            validity: VectorReader.readValidity(vector, count: count)
        )
        switch body {
        case .bigint(let compute): unsafe write((rows.copy() as [Int64]).map(compute), rows, to: output)
        case .hugeint(let compute): unsafe write((rows.copy() as [Int128]).map(compute), rows, to: output)
        case .blob(let compute): unsafe write(rows.bytes().map(compute), rows, to: output)
        }
    }

    private static func write(_ results: [Int32?], _ rows: VectorRows, to output: duckdb_vector?) {
        unsafe duckdb_vector_ensure_validity_writable(output)
        let validity = unsafe duckdb_vector_get_validity(output)
        // DuckDB made the vector as long as the chunk of arguments.
        let data = unsafe duckdb_vector_get_data(output)?.assumingMemoryBound(to: Int32.self)
        for (row, result) in results.enumerated() {
            if let result, unsafe !rows.isNull(row) {
                unsafe data?[row] = result
            } else {
                unsafe duckdb_validity_set_row_invalid(validity, idx_t(row))
            }
        }
    }
}

extension Session {
    func register(_ function: ScalarFunction) throws {
        try unsafe NativeScalarFunction.register(function, on: connection())
    }
}
