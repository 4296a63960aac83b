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
        let types = types(of: function.body)
        unsafe duckdb_scalar_function_set_name(native, function.name)
        for type in types.parameters {
            // Owned; the function copies it.
            var parameter = unsafe duckdb_create_logical_type(type)
            defer { unsafe duckdb_destroy_logical_type(&parameter) }
            unsafe duckdb_scalar_function_add_parameter(native, parameter)
        }
        // Owned; the function copies it.
        var result = unsafe duckdb_create_logical_type(types.result)
        defer { unsafe duckdb_destroy_logical_type(&result) }
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

    private static func types(of body: ScalarFunction.Body) -> (parameters: [duckdb_type], result: duckdb_type) {
        switch body {
        case .bigint: ([DUCKDB_TYPE_BIGINT], DUCKDB_TYPE_INTEGER)
        case .hugeint: ([DUCKDB_TYPE_HUGEINT], DUCKDB_TYPE_INTEGER)
        case .blob: ([DUCKDB_TYPE_BLOB], DUCKDB_TYPE_INTEGER)
        case .text: ([DUCKDB_TYPE_VARCHAR], DUCKDB_TYPE_INTEGER)
        case .timestamp: ([DUCKDB_TYPE_VARCHAR, DUCKDB_TYPE_VARCHAR], DUCKDB_TYPE_TIMESTAMP)
        }
    }

    /// Computes the results for one chunk of arguments, on a thread of DuckDB's.
    private static func run(_ info: duckdb_function_info?, _ input: duckdb_data_chunk?, _ output: duckdb_vector?) {
        // Borrowed from the function, which outlives its calls; the vectors are good until we return.
        guard let data = unsafe duckdb_scalar_function_get_extra_info(info) else { return }
        let body = unsafe Unmanaged<Box>.fromOpaque(data).takeUnretainedValue().body
        let first = unsafe rows(of: 0, input)
        switch body {
        case .bigint(let compute):
            let values: [Int64] = unsafe first.copy()
            unsafe write(first.count, to: output) { unsafe first.isNull($0) ? nil : compute(values[$0]) }
        case .hugeint(let compute):
            let values: [Int128] = unsafe first.copy()
            unsafe write(first.count, to: output) { unsafe first.isNull($0) ? nil : compute(values[$0]) }
        case .blob(let compute):
            unsafe write(first.count, to: output) { row in
                unsafe first.withBytes(of: row) { unsafe compute(Array($0)) } ?? nil
            }
        case .text(let compute):
            unsafe write(first.count, to: output) { row in
                unsafe first.withBytes(of: row) { unsafe compute($0.span) } ?? nil
            }
        case .timestamp(let compute):
            let second = unsafe rows(of: 1, input)
            unsafe write(first.count, to: output) { row in
                unsafe first.withBytes(of: row) { one in
                    unsafe second.withBytes(of: row) { unsafe compute(one.span, $0.span) } ?? nil
                } ?? nil
            }
        }
    }

    /// A column of the arguments: flat, and good until the call returns.
    private static func rows(of column: idx_t, _ input: duckdb_data_chunk?) -> VectorRows {
        let count = unsafe Int(duckdb_data_chunk_get_size(input))
        let vector = unsafe duckdb_data_chunk_get_vector(input, column)
        return unsafe VectorRows(
            data: UnsafeRawPointer(duckdb_vector_get_data(vector)),
            count: count,
            validity: VectorReader.readValidity(vector, count: count)
        )
    }

    /// Writes a result for each row, which has the type that the function was registered with.
    private static func write<Result: BitwiseCopyable>(
        _ count: Int,
        to output: duckdb_vector?,
        _ compute: (Int) -> Result?
    ) {
        unsafe duckdb_vector_ensure_validity_writable(output)
        let validity = unsafe duckdb_vector_get_validity(output)
        // DuckDB made the vector as long as the chunk of arguments.
        let data = unsafe duckdb_vector_get_data(output)?.assumingMemoryBound(to: Result.self)
        for row in 0..<count {
            if let result = compute(row) {
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
