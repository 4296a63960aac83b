import DuckDB
import Testing

@Suite struct ErrorTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var sql: String
        var kind: DuckDBError.Kind
        var line: Int?
        var column: Int?
        var text: String
        var testDescription: String { sql }
    }

    static let cases = [
        Case(sql: "SELECT 1;\nSELEKT 2", kind: .parser, line: 2, column: 1, text: "syntax error at or near \"SELEKT\""),
        Case(sql: "SELECT 1 +", kind: .parser, line: 1, column: 11, text: "syntax error at end of input"),
        Case(sql: "SELECT\n  'ünï' AS ä, missing\nFROM range(3)", kind: .binder, line: 2, column: 15, text: "missing"),
        Case(sql: "SELECT * FROM nowhere", kind: .catalog, line: 1, column: 15, text: "nowhere"),
        Case(sql: "SELECT nofunction(1)", kind: .catalog, line: 1, column: 8, text: "nofunction"),
        Case(sql: "SELECT 1;\n SELECT 'abc'::INTEGER", kind: .conversion, line: 2, column: 14, text: "abc"),
        Case(sql: "SELECT 1000::TINYINT", kind: .conversion, line: 1, column: 12, text: "1000"),
        Case(sql: "SELECT error('first' || chr(10) || 'second')", kind: .invalidInput, text: "first"),
        Case(sql: "FROM read_csv('/nowhere/at/all.csv')", kind: .io, line: 1, column: 6, text: "/nowhere/at/all.csv"),
        Case(sql: "ATTACH '/nowhere/at/all.db'", kind: .io, text: "/nowhere/at/all.db"),
        Case(sql: "SELECT 9223372036854775807 + range FROM range(2)", kind: .outOfRange, text: "Overflow"),
    ]

    @Test("An error has its kind, its place and a clean first line", arguments: cases)
    func errors(_ expected: Case) async throws {
        try await withConnection { (connection) async throws in
            let error = try #require(await duckDBError { _ = try await connection.query(expected.sql) })
            #expect(error.kind == expected.kind)
            #expect(error.message.contains(expected.text))
            #expect(!error.message.contains("\n") && !error.message.contains("{"))
            let position = expected.line.map { DuckDBError.Position(line: $0, column: expected.column ?? 0) }
            #expect(error.position == position)
            // The connection goes on working.
            #expect(try await connection.query("SELECT 42").scalar(as: Int.self) == 42)
        }
    }

    @Test("The lines after the first are details, and DuckDB's own fields are kept")
    func details() async throws {
        try await withConnection { (connection) async throws in
            let error = try #require(await duckDBError { _ = try await connection.query("SELECT x FROM range(1)") })
            #expect(error.message == "Referenced column \"x\" not found in FROM clause!")
            #expect(error.details.contains("range"))
            #expect(error.attributes["error_subtype"] == "COLUMN_NOT_FOUND")
            #expect(error.description == "Binder Error at line 1, column 8: \(error.message)")
        }
    }

    @Test("Without JSON, an error still has its kind and its place")
    func plainText() async throws {
        try await withConnection { (connection) async throws in
            try await connection.execute("SET errors_as_json = false")
            let error = try #require(
                await duckDBError { _ = try await connection.query("SELECT 1,\n   'ü' AS ä, missing FROM range(1)") }
            )
            #expect(error.kind == .binder)
            #expect(error.message == "Referenced column \"missing\" not found in FROM clause!")
            #expect(error.position == DuckDBError.Position(line: 2, column: 14))
        }
    }

    @Test("A lost conflict between transactions can be tried again, a broken constraint cannot")
    func retryable() async throws {
        let database = try await Database()
        let first = try await database.connect()
        let second = try await database.connect()
        try await first.execute("CREATE TABLE t (i INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)")
        try await first.execute("BEGIN; UPDATE t SET i = 2")
        let conflict = try #require(await duckDBError { try await second.execute("UPDATE t SET i = 3") })
        #expect(conflict.kind == .transaction && conflict.isRetryable)
        try await first.execute("ROLLBACK")
        let constraint = try #require(await duckDBError { try await first.execute("INSERT INTO t VALUES (1)") })
        #expect(constraint.kind == .constraint && !constraint.isRetryable)
        await first.close()
        await second.close()
        await database.close()
    }

    @Test("A setting that does not exist, or has a wrong value, is an error when the database opens")
    func settings() async throws {
        let unknown = await duckDBError {
            _ = try await Database(configuration: Database.Configuration(settings: ["no_such_setting": "1"]))
        }
        #expect(unknown?.message.contains("no_such_setting") == true)
        let wrong = await duckDBError {
            _ = try await Database(configuration: Database.Configuration(memoryLimit: "plenty"))
        }
        #expect(wrong?.kind == .settings && wrong?.message.contains("memory_limit") == true)
        let missing = await duckDBError {
            _ = try await Database(configuration: Database.Configuration(path: "/nowhere/at/all.db"))
        }
        #expect(missing?.kind == .io)
    }

    @Test("SQL with a NUL is refused, rather than cut short")
    func nul() async throws {
        try await withConnection { (connection) async throws in
            let error = await duckDBError { try await connection.execute("SELECT 1\0; DROP TABLE t") }
            #expect(error?.kind == .invalidInput)
        }
    }

    @Test("Values that fit no type of theirs are refused")
    func unfitValues() async throws {
        let values: [Value] = [
            .decimal(Decimal(unscaled: 1000, width: 3, scale: 0)), .decimal(Decimal(unscaled: 1, width: 39, scale: 0)),
            .list([.bigint(1), .varchar("a")]), .timeTZ(microseconds: 0, offsetSeconds: 16 * 3600),
            .structure([Value.Field("a\0b", 1)]), .map([Value.Entry(1, 2), Value.Entry(1, 3)]),
        ]
        try await withConnection { (connection) async throws in
            for value in values {
                let error = await duckDBError { _ = try await connection.query("SELECT ?", [value]) }
                #expect(error != nil)
                let answer = try await connection.query("SELECT 42").scalar(as: Int.self)
                #expect(answer == 42)
            }
        }
    }

    @Test("A getter of the wrong type, a null and a missing column are clear errors")
    func getters() async throws {
        try await withConnection { (connection) async throws in
            let row = try #require(try await connection.query("SELECT 'x' AS a, NULL::BIGINT AS b, 3.7 AS c").first)
            #expect(
                await duckDBError { _ = try row.int64("a") }?.message
                    == "column 'a' (VARCHAR) does not fit, but a Int64 is wanted"
            )
            #expect(
                await duckDBError { _ = try row.int64("b") }?.message == "column 'b' is NULL, but a Int64 is wanted"
            )
            #expect(await duckDBError { _ = try row.int64("c") }?.kind == .mismatch)
            #expect(
                await duckDBError { _ = try row.value("d") }?.message == "the result has no column 'd'; it has: a, b, c"
            )
            #expect(try row.get("b", as: Int64?.self) == nil)
            #expect(try row.double("c") == 3.7)
        }
    }
}
