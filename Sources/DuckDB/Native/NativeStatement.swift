import CDuckDB

/// The statements of a SQL text, parsed; each can be prepared once.
@safe
final class ExtractedStatements {
    /// Owned.
    private var handle: duckdb_extracted_statements?
    let count: Int
    let sql: String

    /// Parses SQL.
    ///
    /// - Throws: `DuckDBError` (`parser`) with the place if it is not SQL.
    init(_ sql: String, on connection: duckdb_connection) throws {
        try NativeText.check(sql, is: "the SQL")
        var handle: duckdb_extracted_statements?
        count = unsafe Int(duckdb_extract_statements(connection, sql, &handle))
        self.sql = sql
        unsafe self.handle = unsafe handle
        if let report = unsafe NativeText.copy(duckdb_extract_statements_error(handle)) {
            throw DuckDBError(report: report, sql: sql)
        }
    }

    deinit {
        var owned = unsafe handle
        unsafe duckdb_destroy_extracted(&owned)
    }

    /// Prepares one of the statements.
    ///
    /// - Throws: `DuckDBError` (`binder`, `catalog` and others) with the place.
    func prepare(_ index: Int, on connection: duckdb_connection) throws -> NativeStatement {
        var prepared: duckdb_prepared_statement?
        let state = unsafe duckdb_prepare_extracted_statement(connection, handle, idx_t(index), &prepared)
        // From here on the statement owns it, a failed one too.
        let statement = unsafe NativeStatement(handle: prepared, sql: sql)
        guard state == CDUCKDB_SUCCESS else {
            throw unsafe statement.error(NativeText.copy(duckdb_prepare_error(prepared)))
        }
        return statement
    }
}

/// A prepared statement.
///
/// It is used, and ended, on its connection's thread.
@safe
final class NativeStatement {
    /// Owned; nil once it is closed.
    private var handle: duckdb_prepared_statement?
    private let sql: String

    fileprivate init(handle: duckdb_prepared_statement?, sql: String) {
        unsafe self.handle = unsafe handle
        self.sql = sql
    }

    deinit { close() }

    func close() {
        unsafe duckdb_destroy_prepare(&handle)
    }

    fileprivate func error(_ report: String?) -> DuckDBError {
        DuckDBError(report: report ?? "the statement failed, and DuckDB does not say why", sql: sql)
    }

    var type: StatementType {
        unsafe StatementType(rawValue: duckdb_prepared_statement_type(handle))
    }

    func describe() -> StatementDescription {
        let parameters = parameterNames().enumerated().map { index, name in
            let handle = unsafe duckdb_param_logical_type(handle, idx_t(index + 1))
            let type = unsafe handle == nil ? nil : NativeType.take(handle)
            // DuckDB answers UNKNOWN, or NULL, for what the statement leaves open.
            let isSettled = type != .other("UNKNOWN") && type != .null
            return StatementDescription.Parameter(name: name, type: isSettled ? type : nil)
        }
        let columnCount = unsafe duckdb_prepared_statement_column_count(handle)
        let columns = (0..<columnCount).map { index in
            let name = unsafe NativeText.take(duckdb_prepared_statement_column_name(handle, index)) ?? ""
            let type = unsafe NativeType.take(duckdb_prepared_statement_column_logical_type(handle, index))
            return Column(name: name, type: type)
        }
        return StatementDescription(type: type, parameters: parameters, columns: columns)
    }

    private func parameterNames() -> [String] {
        (0..<(unsafe duckdb_nparams(handle))).map { index in
            unsafe NativeText.take(duckdb_parameter_name(handle, index + 1)) ?? String(index + 1)
        }
    }

    /// Binds the parameters, all of them anew.
    func bind(_ parameters: Parameters) throws {
        unsafe duckdb_clear_bindings(handle)
        switch parameters {
        case .positional(let values):
            let wanted = unsafe Int(duckdb_nparams(handle))
            guard values.count == wanted else {
                throw DuckDBError(
                    kind: .invalidInput,
                    message: "the statement has \(wanted) parameters, but \(values.count) values are given"
                )
            }
            for (index, value) in values.enumerated() {
                try bind(value, at: idx_t(index + 1))
            }
        case .named(let values):
            let names = Set(parameterNames().map { $0.lowercased() })
            if let missing = names.subtracting(values.keys.map { $0.lowercased() }).min() {
                throw DuckDBError(kind: .invalidInput, message: "there is no value for the parameter '\(missing)'")
            }
            for (name, value) in values {
                var index: idx_t = 0
                guard names.contains(name.lowercased()),
                    unsafe duckdb_bind_parameter_index(handle, &index, name) == CDUCKDB_SUCCESS
                else {
                    throw DuckDBError(kind: .invalidInput, message: "the statement has no parameter '\(name)'")
                }
                try bind(value, at: index)
            }
        }
    }

    private func bind(_ value: Value, at index: idx_t) throws {
        try unsafe NativeValue.with(value) { native in
            // DuckDB copies the value.
            guard unsafe duckdb_bind_value(handle, index, native) == CDUCKDB_SUCCESS else {
                throw unsafe error(NativeText.copy(duckdb_prepare_error(handle)))
            }
        }
    }

    /// Runs the statement; of a streaming one, rows may be fetched while it still runs.
    ///
    /// The closure is called when the statement is ready to run, and may throw instead. DuckDB forgets an interrupt that
    /// comes before that; from then on none is lost.
    func run(isStreaming: Bool, whenReady: () throws -> Void) throws -> NativeResult {
        var pending: duckdb_pending_result?
        // Ours to end on every path, also where making it failed.
        defer { unsafe duckdb_destroy_pending(&pending) }
        let prepare = unsafe isStreaming ? duckdb_pending_prepared_streaming : duckdb_pending_prepared
        let made = unsafe prepare(handle, &pending)
        guard made == CDUCKDB_SUCCESS else {
            throw unsafe error(NativeText.copy(duckdb_pending_error(pending)))
        }
        try whenReady()
        var result = unsafe duckdb_result()
        let done = unsafe duckdb_execute_pending(pending, &result)
        // From here on the result owns it, a failed one too.
        let native = unsafe NativeResult(handle: result, sql: sql)
        guard done == CDUCKDB_SUCCESS else {
            throw native.error()
        }
        return native
    }
}
