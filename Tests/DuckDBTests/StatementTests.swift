import DuckDB
import Testing

@Suite struct StatementTests {
    @Test("Execute tells how many rows changed, and takes several statements")
    func execute() async throws {
        try await withConnection { (connection) async throws in
            #expect(try await connection.execute("CREATE TABLE t (i INTEGER); INSERT INTO t FROM range(5)") == 5)
            #expect(try await connection.execute("UPDATE t SET i = i + ? WHERE i > ?", [10, 2]) == 2)
            #expect(try await connection.execute("DELETE FROM t WHERE i > $limit", named: ["limit": 10]) == 2)
            #expect(try await connection.execute("-- nothing to do") == 0)
            #expect(try await connection.query("FROM t ORDER BY i").map { try $0.int("i") } == [0, 1, 2])
        }
    }

    @Test("Parameters are positional or named, and each must have its value")
    func parameters() async throws {
        try await withConnection { (connection) async throws in
            let reordered = try await connection.query("SELECT $2 || $1 AS x", ["a", "b"])
            #expect(try reordered.scalar(as: String.self) == "ba")
            let named = try await connection.query(
                "SELECT $first || $Second AS x",
                named: ["Second": "b", "first": "a"]
            )
            #expect(try named.scalar(as: String.self) == "ab")
            let messages = [
                await duckDBError { _ = try await connection.query("SELECT ?", []) },
                await duckDBError { _ = try await connection.query("SELECT ?", [1, 2]) },
                await duckDBError { _ = try await connection.query("SELECT $a", named: [:]) },
                await duckDBError { _ = try await connection.query("SELECT $a", named: ["a": 1, "b": 2]) },
                await duckDBError { _ = try await connection.query("SELECT 1; SELECT ?", [1]) },
            ].map { $0?.message }
            #expect(
                messages == [
                    "the statement has 1 parameters, but 0 values are given",
                    "the statement has 1 parameters, but 2 values are given",
                    "there is no value for the parameter 'a'", "the statement has no parameter 'b'",
                    "parameters go with a single statement, but the SQL holds 2",
                ]
            )
        }
    }

    @Test("A statement is described without running")
    func describe() async throws {
        try await withConnection { (connection) async throws in
            try await connection.execute("CREATE TABLE t (a INTEGER, b DECIMAL(9,2), c STRUCT(x VARCHAR, y DATE[]))")
            let description = try await connection.describe(
                "SELECT a, CAST(b AS DOUBLE) AS d, c FROM t WHERE a = $key AND b < $limit"
            )
            #expect(description.type == .select)
            #expect(
                description.columns == [
                    Column(name: "a", type: .integer), Column(name: "d", type: .double),
                    Column(name: "c", type: .structure([.init("x", .varchar), .init("y", .list(.date))])),
                ]
            )
            #expect(description.parameters.map(\.name) == ["key", "limit"])
            #expect(description.parameters.map(\.type) == [.integer, .decimal(width: 9, scale: 2)])
            let open = try await connection.describe("SELECT ? AS x")
            #expect(open.parameters.map(\.type) == [nil])
        }
    }

    @Test("Inserting is described as such, and only a single statement is described")
    func describeOthers() async throws {
        try await withConnection { (connection) async throws in
            try await connection.execute("CREATE TABLE t (a INTEGER)")
            let types: [(String, StatementType)] = [
                ("INSERT INTO t VALUES (1)", .insert), ("WITH x AS (SELECT 1) FROM x", .select),
                ("SHOW TABLES", .select),
                ("COPY t TO '/nowhere/x.csv'", .copy), ("CREATE TABLE u (i INT)", .create),
                ("EXPLAIN FROM t", .explain),
                ("BEGIN", .transaction), ("ATTACH ':memory:' AS m", .attach), ("SET threads = 1", .set),
            ]
            for (sql, type) in types {
                let description = try await connection.describe(sql)
                #expect(description.type == type, "\(sql)")
            }
            let several = await duckDBError { _ = try await connection.describe("SELECT 1; DROP TABLE t") }
            #expect(several?.message == "a single statement is wanted, but the SQL holds 2")
            let none = await duckDBError { _ = try await connection.describe(" ; -- nothing") }
            #expect(none?.message == "a single statement is wanted, but the SQL holds 0")
            let count = try await connection.query("SELECT count(*) FROM t").scalar(as: Int.self)
            #expect(count == 0)
        }
    }

    @Test("A prepared statement runs many times, also after its table was changed")
    func prepared() async throws {
        try await withConnection { (connection) async throws in
            try await connection.execute("CREATE TABLE t (a INTEGER, b VARCHAR)")
            let insert = try await connection.prepare("INSERT INTO t VALUES ($a, $b)")
            #expect(insert.description.parameters.map(\.name) == ["a", "b"])
            for number in 0..<100 {
                try await insert.execute(named: ["a": .bigint(Int64(number)), "b": .varchar("row \(number)")])
            }
            let select = try await connection.prepare("SELECT b FROM t WHERE a = ?")
            let seventh = try await select.query([7]).scalar(as: String.self)
            #expect(seventh == "row 7")
            try await connection.execute("ALTER TABLE t ALTER b TYPE BLOB USING b::BLOB")
            let again = try await select.query([8]).scalar(as: [UInt8].self)
            #expect(again == Array("row 8".utf8))
            let wrong = await duckDBError { _ = try await select.query(["not a number"]) }
            #expect(wrong?.kind == .conversion)
        }
    }

    @Test("The tables of a SQL text are told, whether they exist or not")
    func tableNames() async throws {
        try await withConnection { (connection) async throws in
            let sql = """
                WITH own AS (SELECT * FROM silver.users) SELECT * FROM own JOIN "silver"."Orders" USING (id)
                WHERE id IN (SELECT id FROM lake.gold.daily)
                """
            #expect(
                try await connection.tableNames(in: sql, isQualified: true)
                    == ["lake.gold.daily", "silver.Orders", "silver.users"]
            )
            #expect(try await connection.tableNames(in: sql, isQualified: false) == ["Orders", "daily", "users"])
            #expect(try await connection.tableNames(in: "SELECT 1", isQualified: true).isEmpty)
            let scopes = """
                WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r), once AS (FROM Once)
                SELECT * FROM r JOIN b USING (n), lateral (FROM c WHERE EXISTS (WITH b AS (FROM d) FROM b))
                ORDER BY (SELECT max(x) FROM "odd name"); FROM once, read_csv('x.csv'), 'y.csv'
                """
            let references = try await connection.tableReferences(in: scopes)
            #expect(references.map(\.qualifiedName) == ["Once", "b", "c", "d", "\"odd name\"", "once", "\"y.csv\""])
            #expect(references[1].position == DuckDBError.Position(line: 2, column: 22))
            let other = await duckDBError { _ = try await connection.tableReferences(in: "DELETE FROM t") }
            #expect(other?.kind == .notImplemented)
            let error = await duckDBError { _ = try await connection.tableNames(in: "SELEC 1", isQualified: true) }
            #expect(error?.kind == .parser && error?.position == DuckDBError.Position(line: 1, column: 1))
        }
    }

    @Test("SQL is cut into its statements, whatever hides a semicolon")
    func statements() async throws {
        let parts = [
            "SELECT ';' AS a", "SELECT 'it''s;' AS \"x;\"\"y\"", "SELECT 1 -- ; not here\n + 1",
            "SELECT /* ; /* nested ; */ ; */ 2", "SELECT $$ ; ' $$ || $tag$ ; $$ $tag$", "SELECT E'a\\'; b'",
            "CREATE TABLE t (i INT)", "INSERT INTO t VALUES (1)", "SELECT $1", "SELECT E'a\\\\' || ';'",
        ]
        try await withConnection { (connection) async throws in
            let sql = " ;\n" + parts.joined(separator: ";\n\n  ") + "; -- the end"
            let statements = try await connection.statements(in: sql)
            #expect(statements.map(\.sql) == parts)
            #expect(statements[0].position == DuckDBError.Position(line: 2, column: 1))
            #expect(statements[1].position == DuckDBError.Position(line: 4, column: 3))
            #expect(
                statements.map(\.type) == [
                    .select, .select, .select, .select, .select, .select, .create, nil, .select, .select,
                ]
            )
            let error = await duckDBError { _ = try await connection.statements(in: "SELECT 1;\n\nSELEC 2") }
            #expect(error?.position == DuckDBError.Position(line: 3, column: 1))
        }
    }

    @Test("A transaction is committed when its body returns, and rolled back when it throws or is cancelled")
    func transactions() async throws {
        struct Refusal: Error {}
        let database = try await Database()
        let connection = try await database.connect()
        let other = try await database.connect()
        try await connection.execute("CREATE TABLE t (i INTEGER)")
        try await connection.withTransaction { (connection) async throws in
            try await connection.execute("INSERT INTO t VALUES (1)")
            let seen = try await other.query("SELECT count(*) FROM t").scalar(as: Int.self)
            #expect(seen == 0)
        }
        await #expect(throws: Refusal.self) {
            try await connection.withTransaction { (connection) async throws in
                try await connection.execute("INSERT INTO t VALUES (2)")
                throw Refusal()
            }
        }
        let broken = await duckDBError {
            try await connection.withTransaction { (connection) async throws in
                try await connection.execute("INSERT INTO t VALUES (3)")
                try await connection.execute("INSERT INTO t VALUES ('x')")
            }
        }
        #expect(broken?.kind == .conversion)
        let task = Task {
            try await connection.withTransaction { (connection) async throws in
                try await connection.execute("INSERT INTO t VALUES (4)")
                try await connection.execute("SELECT count(*) FROM range(100000000000) AS a(x) WHERE hash(x) % 7 = 3")
            }
        }
        try await Task.sleep(for: .milliseconds(100))
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await connection.query("FROM t").map { try $0.int("i") } == [1])
        await connection.close()
        await other.close()
        await database.close()
    }

    @Test("A profile tells what each scan read, and the rows that came out")
    func profile() async throws {
        try await withConnection { (connection) async throws in
            try await connection.execute("CREATE TABLE t AS SELECT range AS i FROM range(10000)")
            let (result, profile) = try await connection.profiledQuery(
                "SELECT count(*) AS n FROM t WHERE i % ? = 0",
                [10]
            )
            #expect(try result.scalar(as: Int.self) == 1000)
            let scan = try #require(profile.all.first { $0.type == "TABLE_SCAN" })
            #expect(scan.rowsScanned == 10000)
            #expect(profile.all.contains { $0.rows == 1000 })
            #expect(profile.seconds > 0)
            // Profiling ends with the statement, also with one that fails.
            _ = try? await connection.profiledQuery("SELECT error('no')")
            let setting = try await connection.query("SELECT current_setting('enable_profiling') AS x")
            #expect(setting[0][0].isNull)
        }
    }

    @Test("Names and texts are put into SQL safely")
    func helpers() async throws {
        let texts = ["", "it's", "a\0b", "\0", "ünï 🦆", "'; DROP TABLE t; --", "\\x", "e\u{301}'\u{301}"]
        try await withConnection { (connection) async throws in
            for text in texts {
                let result = try await connection.query("SELECT \(SQL.literal(text)) AS x")
                #expect(try result.scalar(as: String.self) == text)
            }
            let list = try await connection.query("SELECT \(SQL.literal(texts)) AS x")
            #expect(try list.scalar(as: [String].self) == texts)
            let empty = try await connection.query("SELECT \(SQL.literal([String]())) AS x")
            #expect(empty.columns[0].type == .list(.varchar))
            let name = "a\"b.c \u{301}"
            try await connection.execute("CREATE SCHEMA \(SQL.identifier(name))")
            let table = SQL.qualified([name, "select"])
            try await connection.execute("CREATE TABLE \(table) AS SELECT 1 AS x")
            let answer = try await connection.query("FROM \(table)").scalar(as: Int.self)
            #expect(answer == 1)
        }
    }
}
