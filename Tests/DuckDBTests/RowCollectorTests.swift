import DuckDB
import Testing

@Suite struct RowCollectorTests {
    private func texts(_ rows: RowCollector.Rows) -> [[String]] {
        rows.numbers.indices.map { row in
            (0..<rows.textCount).map { String(decoding: rows.bytes[rows.range(row, $0)], as: UTF8.self) }
        }
    }

    @Test func `One statement writes some rows, and the others are collected`() async throws {
        try await withConnection { (connection) async throws in
            try await connection.registerRowCollectors()
            let collector = RowCollector(sizeMax: 1 << 20)
            let text = "CASE WHEN x % 2 = 0 THEN 'a longer text ' || x END"
            let call = collector.call("x % 7", ["CAST(x AS VARCHAR)", text])
            try await connection.execute(
                """
                CREATE TABLE kept AS SELECT * FROM (
                  SELECT x, CASE WHEN x % 10 > 0 THEN TRUE ELSE \(call) END AS is_kept FROM range(100000) AS r(x)
                ) WHERE is_kept
                """
            )
            #expect(try await connection.query("SELECT count(*) FROM kept").scalar(as: Int.self) == 90_000)
            let rows = collector.rows
            #expect(rows.isComplete)
            let expected = stride(from: 0, to: 100_000, by: 10).map { ["\($0)", "a longer text \($0)"] }
            #expect(texts(rows).sorted { Int($0[0])! < Int($1[0])! } == expected)
            #expect(zip(rows.numbers, texts(rows)).allSatisfy { $0 == Int64($1[0])! % 7 })
            #expect(rows.counts.values.reduce(0, +) == 10_000)
        }
    }

    @Test(arguments: [5 * (6 + 3 * 8), 5 * (6 + 3 * 8) - 1])
    func `NULL is an empty text, and rows without room are counted`(sizeMax: Int) async throws {
        try await withConnection { (connection) async throws in
            try await connection.registerRowCollectors()
            let collector = RowCollector(sizeMax: sizeMax)
            let call = collector.call("1", ["NULL", "x"])
            _ = try await connection.query("SELECT \(call) FROM (SELECT 'abcdef' AS x FROM range(5))")
            #expect(collector.rows.counts == [1: 5])
            // Five rows of two texts, six bytes in all, and a number.
            let hasRoom = sizeMax == 5 * (6 + 3 * 8)
            #expect(collector.rows.isComplete == hasRoom)
            #expect(texts(collector.rows) == (hasRoom ? Array(repeating: ["", "abcdef"], count: 5) : []))
        }
    }

    @Test func `Two statements at once keep their rows apart`() async throws {
        let database = try await Database()
        try await database.connect().registerRowCollectors()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<4 {
                group.addTask {
                    let connection = try await database.connect()
                    let collector = RowCollector(sizeMax: 1 << 20)
                    let call = collector.call("x", ["'\(number)'"])
                    _ = try await connection.query("SELECT count(*) FROM range(5000) AS r(x) WHERE \(call)")
                    #expect(collector.rows.numbers.sorted() == (0..<5000).map { Int64($0) })
                    #expect(Set(texts(collector.rows)) == [["\(number)"]])
                    await connection.close()
                }
            }
            try await group.waitForAll()
        }
        await database.close()
    }

    @Test func `A collector that is gone is an error of the statement`() async throws {
        try await withConnection { (connection) async throws in
            try await connection.registerRowCollectors()
            let call = RowCollector(sizeMax: 10).call("1", [])
            await #expect(throws: DuckDBError.self) { try await connection.query("SELECT \(call)") }
        }
    }
}
