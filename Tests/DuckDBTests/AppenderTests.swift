import DuckDB
import Testing

@Suite struct AppenderTests {
    @Test("Rows of all types are appended and come back")
    func allTypes() async throws {
        try await withConnection { (connection) async throws in
            let source = "test_all_types(use_large_enum := false)"
            let columns = try await connection.describe("FROM \(source)").columns.filter {
                if case .other = $0.type.resolved { false } else { true }
            }
            let list = columns.map { SQL.identifier($0.name) }.joined(separator: ", ")
            try await connection.execute("CREATE TABLE t AS SELECT \(list) FROM \(source) LIMIT 0")
            let original = try await connection.query("SELECT \(list) FROM \(source)")
            try await connection.append(to: ["t"]) { appender in
                #expect(appender.columnTypes == columns.map(\.type))
                for row in original {
                    try await appender.append(row.values)
                }
            }
            let copy = try await connection.query("FROM t")
            #expect(copy.map(\.description) == original.map(\.description))
        }
    }

    @Test("Many rows are appended, to some of the columns, and what a failing body gave is dropped")
    func manyRows() async throws {
        struct Refusal: Error {}
        try await withConnection { (connection) async throws in
            try await connection.execute(
                "CREATE SCHEMA s; CREATE TABLE s.t (a INTEGER, b VARCHAR DEFAULT 'none', c DOUBLE)"
            )
            try await connection.append(to: ["s", "t"], columns: ["c", "a"]) { appender in
                for number in 0..<10000 {
                    try await appender.append([.double(Double(number) / 2), .integer(Int32(number))])
                }
            }
            await #expect(throws: Refusal.self) {
                try await connection.append(to: ["memory", "s", "t"]) { appender in
                    for _ in 0..<2000 {
                        try await appender.append([.integer(-1), "x", .null])
                    }
                    throw Refusal()
                }
            }
            let sql = "SELECT count(*) AS n, sum(a) AS a, sum(c) AS c, min(b) AS b FROM s.t"
            let row = try #require(try await connection.query(sql).first)
            #expect(row.values == [.bigint(10000), .hugeint(49_995_000), .double(24_997_500), "none"])
        }
    }

    @Test("A row that does not fit is an error that says why")
    func errors() async throws {
        try await withConnection { (connection) async throws in
            try await connection.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b DATE)")
            let missing = await duckDBError { try await connection.append(to: ["nowhere"]) { _ in } }
            #expect(missing?.kind == .catalog)
            let count = await duckDBError { try await connection.append(to: ["t"]) { try await $0.append([1]) } }
            #expect(count?.message == "a row has 1 values, but 2 columns are appended to")
            let type = await duckDBError {
                try await connection.append(to: ["t"]) { try await $0.append([1, "not a date"]) }
            }
            #expect(type?.kind == .conversion && type?.message.contains("not a date") == true)
            let twice = await duckDBError {
                try await connection.append(to: ["t"]) { appender in
                    try await appender.append([1, .null])
                    try await appender.append([1, .null])
                }
            }
            #expect(twice?.kind == .constraint)
            let rows = try await connection.query("SELECT count(*) FROM t").scalar(as: Int.self)
            #expect(rows == 0)
        }
    }
}
