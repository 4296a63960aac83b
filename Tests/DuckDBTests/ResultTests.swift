import DuckDB
import Testing

@Suite(.timeLimit(.minutes(30))) struct ResultTests {
    @Test("Rows are had by index and by name, over all batches")
    func rows() async throws {
        try await withConnection { (connection) async throws in
            let result = try await connection.query("SELECT range AS i, 'row ' || range AS t FROM range(10000)")
            #expect(result.count == 10000)
            #expect(result.columns == [Column(name: "i", type: .bigint), Column(name: "t", type: .varchar)])
            for position in [0, 1, 2047, 2048, 2049, 4096, 9999] {
                #expect(try result[position].int("i") == position)
                #expect(result[position][1] == .varchar("row \(position)"))
            }
            #expect(try result.reduce(0) { $0 + (try $1.int("i")) } == 49_995_000)
            #expect(try await connection.query("SELECT 1 WHERE false").isEmpty)
        }
    }

    @Test("A stream gives every row once, in order, and the connection works on afterwards")
    func stream() async throws {
        try await withConnection { (connection) async throws in
            for count in [0, 1, 2048, 2049, 16384, 100_000] {
                var next = 0
                try await connection.stream("SELECT range AS i FROM range(?)", [.bigint(Int64(count))]) {
                    (batch) async throws in
                    for row in batch {
                        #expect(try row.int("i") == next)
                        next += 1
                    }
                }
                #expect(next == count)
            }
            let answer = try await connection.query("SELECT 42").scalar(as: Int.self)
            #expect(answer == 42)
        }
    }

    @Test("A stream that is left early, fails half way or is cancelled leaves the connection usable")
    func streamEnds() async throws {
        struct Enough: Error {}
        try await withConnection { (connection) async throws in
            await #expect(throws: Enough.self) {
                try await connection.stream("FROM range(10000000)") { _ in throw Enough() }
            }
            var rows = 0
            let error = await duckDBError {
                let sql = "SELECT CASE WHEN range = 900000 THEN error('half way') ELSE range END FROM range(1000000)"
                try await connection.stream(sql) { rows += $0.count }
            }
            // A thread that fails stops the others; on a busy machine DuckDB reports one that was stopped in its place.
            #expect(error?.message == "half way" || error?.isInterrupted == true)
            #expect(rows > 0 && rows <= 900_000)
            let busy = await duckDBError {
                try await connection.stream("FROM range(10)") { _ in try await connection.execute("SELECT 1") }
            }
            #expect(busy?.message.contains("streamed") == true)
            let task = Task {
                try await connection.stream("FROM range(100000000000)") { _ in }
            }
            try await Task.sleep(for: .milliseconds(50))
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            let answer = try await connection.query("SELECT 42").scalar(as: Int.self)
            #expect(answer == 42)
        }
    }

    @Test("A result far larger than the memory limit can be streamed")
    func streamLarge() async throws {
        let configuration = Database.Configuration(memoryLimit: "64MB", threads: 2)
        try await withConnection(configuration) { (connection) async throws in
            var bytes = 0
            try await connection.stream("SELECT repeat('0123456789', 200) AS t FROM range(500000)") { batch in
                for value in try batch.values("t") {
                    bytes += String(duckDB: value)?.utf8.count ?? 0
                }
            }
            #expect(bytes == 1_000_000_000)
            let limit = try await connection.query("SELECT current_setting('memory_limit') AS x")
            #expect(try limit.scalar(as: String.self) == "61.0 MiB")
        }
    }

    @Test("Nested values of vectors that are no plain copies come out right")
    func sharedVectors() async throws {
        try await withConnection { (connection) async throws in
            // Filters and constants make DuckDB share memory between rows until it hands them out.
            let sql = """
                SELECT range AS i, [range, range + 1] AS l, {'a': 'constant', 'b': [NULL, 'x']} AS s,
                    MAP {range % 3: repeat('long text ', 3)} AS m, list_transform([1, 2], x -> x * range) AS t
                FROM range(10000) WHERE range % 7 = 3
                """
            var count = 0
            try await connection.stream(sql) { (batch) async throws in
                for row in batch {
                    let i = try row.int64("i")
                    let text = String(repeating: "long text ", count: 3)
                    #expect(row[1] == .list([.bigint(i), .bigint(i + 1)]))
                    #expect(
                        row[2]
                            == .structure([.init("a", "constant"), .init("b", .list([.null, "x"]))])
                    )
                    #expect(row[3] == .map([.init(.bigint(i % 3), .varchar(text))]))
                    #expect(row[4] == .list([.bigint(i), .bigint(2 * i)]))
                    count += 1
                }
            }
            #expect(count == 1429)
        }
    }

    @Test("Nulls come out as nulls in every type, at every place of a batch")
    func nulls() async throws {
        try await withConnection { (connection) async throws in
            let sql = """
                SELECT CASE WHEN range % 3 = 0 THEN NULL ELSE 'text that is not short ' || range END AS t,
                    CASE WHEN range % 5 = 0 THEN NULL ELSE [range] END AS l, NULLIF(range % 2, 0) AS n
                FROM range(5000)
                """
            for (index, row) in try await connection.query(sql).enumerated() {
                #expect(row[0] == (index % 3 == 0 ? .null : .varchar("text that is not short \(index)")))
                #expect(row[1] == (index % 5 == 0 ? .null : .list([.bigint(Int64(index))])))
                #expect(row[2] == (index % 2 == 0 ? .null : .bigint(1)))
            }
        }
    }

    @Test("A type that cannot be read is a clear error")
    func unreadable() async throws {
        try await withConnection { (connection) async throws in
            let error = await duckDBError { _ = try await connection.query("SELECT 1::VARIANT AS v") }
            #expect(error?.kind == .notImplemented)
            #expect(
                error?.message == "a column of type VARIANT cannot be read: cast it in the SQL, for example to VARCHAR"
            )
        }
    }

    @Test("JSON is DuckDB's own, number for number")
    func json() async throws {
        try await withConnection { (connection) async throws in
            let expressions = [
                "NULL::INTEGER", "true", "12", "0.5::DOUBLE", "'te\"x\\t' || chr(10) || chr(1)",
                "DATE '2020-01-31'", "[1, NULL]", "{'a': 1, 'b': {'c': [DATE '2020-01-01']}}", "MAP {'k': 1}",
                "'{\"x\":[1,null]}'::JSON", "TIMESTAMP '2020-01-01 10:00:00.5'", "union_value(a := 1)", "'ü🦆'",
            ]
            for expression in expressions {
                let row = try #require(
                    try await connection.query("SELECT x, to_json(x)::VARCHAR AS j FROM (SELECT \(expression) AS x)")
                        .first
                )
                let oracle = try row.get("j", as: String?.self) ?? "null"
                // DuckDB writes a union as an object with its tag.
                #expect(row[0].json == (expression.hasPrefix("union") ? "1" : oracle), "\(expression)")
            }
            let specials = try await connection.query(
                "SELECT 'nan'::DOUBLE AS a, 0.05::DECIMAL(2,2) AS b, 12.50 AS c, ROW(1, 'x') AS d, MAP {1: 2} AS e"
            )
            let texts = [#""nan""#, "0.05", "12.50", #"{"1":1,"2":"x"}"#, #"{"1":2}"#]
            #expect(specials[0].values.map(\.json) == texts)
        }
    }
}
