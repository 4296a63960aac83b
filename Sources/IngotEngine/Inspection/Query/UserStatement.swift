import DuckDB
import IngotCore
import JSONTree

/// One statement of a user's, parsed but not planned: which tables and functions it names.
struct UserStatement {
    /// Table functions that only read, and only what the fence lets them.
    ///
    /// A list of what is allowed, because some change the process (`enable_logging` writes files) and some run SQL that
    /// they are given as text.
    private static let allowedTableFunctions: Set<String> = [
        "duckdb_columns", "duckdb_databases", "duckdb_functions", "duckdb_keywords", "duckdb_schemas",
        "duckdb_settings", "duckdb_tables", "duckdb_types", "duckdb_views", "generate_series", "glob",
        "icu_calendar_names", "json_each", "json_tree", "parquet_bloom_probe", "parquet_file_metadata",
        "parquet_full_metadata", "parquet_kv_metadata", "parquet_metadata", "parquet_scan", "parquet_schema",
        "pg_timezone_names", "pragma_collations", "pragma_database_size", "pragma_platform", "pragma_show",
        "pragma_table_info", "pragma_version", "query_table", "range", "read_blob", "read_csv", "read_csv_auto",
        "read_json", "read_json_auto", "read_json_objects", "read_json_objects_auto", "read_ndjson",
        "read_ndjson_auto", "read_ndjson_objects", "read_parquet", "read_text", "repeat", "repeat_row", "sniff_csv",
        "summary", "test_all_types", "unnest",
    ]

    /// Functions of values that do more than compute.
    private static let refusedFunctions: Set<String> = ["write_log"]

    /// Functions that list the tables that there are.
    private static let catalogFunctions: Set<String> = ["duckdb_columns", "duckdb_tables", "duckdb_views"]

    /// The tables that it names, as often as it does.
    let tables: [TableReference]
    /// The functions that it calls, in lower case.
    let functions: Set<String>
    /// Whether it asks which tables there are, so that all must be visible.
    let asksForTables: Bool

    /// Parses a statement.
    ///
    /// - Throws: `IngotError` with `notReadOnly` if it is not one statement that reads, `DuckDBError` if it is no SQL.
    init(_ sql: String, excerpt: SQLExcerpt, _ connection: SQLConnection) async throws {
        let subject = ExplainPrefix.blanked(sql)
        do {
            tables = try await connection.tableReferences(in: subject)
        } catch let error as DuckDBError where error.kind == .notImplemented {
            throw Self.notReading(sql, excerpt)
        }
        let root = try await connection.syntaxTree(of: subject)
        guard case .array(let statements)? = root["statements"], !statements.isEmpty else {
            throw excerpt.error(.invalidSQL, "there is no SQL", hint: "ingot query 'SELECT 1'")
        }
        guard statements.count == 1 else {
            throw excerpt.error(.notReadOnly, "a query is one statement", hint: "run the statements one by one")
        }
        var names = FunctionNames()
        names.collect(root)
        if let refused = names.tableFunctions.subtracting(Self.allowedTableFunctions).sorted().first {
            throw excerpt.error(.notReadOnly, "the table function \(refused) cannot be used in a query")
        }
        if let refused = names.functions.intersection(Self.refusedFunctions).sorted().first {
            throw excerpt.error(.notReadOnly, "the function \(refused) cannot be used in a query")
        }
        functions = names.functions
        let isCatalog = tables.contains { ["information_schema", "pg_catalog"].contains($0.parts[0].lowercased()) }
        asksForTables =
            isCatalog || !names.tableFunctions.isDisjoint(with: Self.catalogFunctions)
            || (names.hasShow && tables.isEmpty)
    }

    private static func notReading(_ sql: String, _ excerpt: SQLExcerpt) -> IngotError {
        let word = ExplainPrefix.firstWord(of: ExplainPrefix.blanked(sql)).uppercased()
        guard word != "PIVOT", word != "UNPIVOT" else {
            return excerpt.error(
                .notReadOnly,
                "\(word) is more than one statement unless its values are listed",
                hint: "FROM (\(word) table ON column IN ('a', 'b') USING sum(x))"
            )
        }
        return excerpt.error(
            .notReadOnly,
            "\(word) is not a statement that reads",
            hint: "SELECT, FROM, WITH, VALUES, DESCRIBE, SUMMARIZE, SHOW or EXPLAIN of one of these"
        )
    }
}

/// The names of functions in a syntax tree.
private struct FunctionNames {
    var functions: Set<String> = []
    var tableFunctions: Set<String> = []
    var hasShow = false

    /// Adds those below a node of the parser's tree, whose depth the parser bounds.
    mutating func collect(_ node: JSON) {
        switch node {
        case .array(let elements):
            for element in elements { collect(element) }
        case .object(let members):
            let type = members["type"]?.stringValue
            if type == "TABLE_FUNCTION", let name = members["function"]?["function_name"]?.stringValue {
                tableFunctions.insert(name.lowercased())
            } else if let name = members["function_name"]?.stringValue {
                functions.insert(name.lowercased())
            }
            if type == "SHOW_REF" { hasShow = true }
            for (_, value) in members { collect(value) }
        default: break
        }
    }
}
