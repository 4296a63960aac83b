import Foundation
import Testing

/// What queries print.
@Suite("Output of queries", .timeLimit(.minutes(30)))
struct QueryOutputTests {
    @Test func `Years before year 1 are those of ISO 8601, where there is a year 0`() throws {
        let project = try TemporaryProject(["ingot.yml": "name: accounts\n"])
        let sql = """
            SELECT TIMESTAMP '0044-03-15 (BC) 12:00:00' AS a, TIMESTAMPTZ '0001-12-31 (BC) 23:59:59.5+00' AS b,
              DATE '0044-03-15 (BC)' AS c, [DATE '10000-01-01 (BC)'] AS d, TIMESTAMP '0001-01-01' AS e,
              TIMESTAMP 'infinity' AS f
            """
        let csv = try project.program.run("query", sql, "-o", "csv")
        #expect(
            csv.output == """
                a,b,c,d,e,f
                -0043-03-15T12:00:00,0000-12-31T23:59:59.5Z,-0043-03-15,"[""-9999-01-01""]",0001-01-01T00:00:00,infinity

                """,
            "\(csv.messages)"
        )
        let json = try project.program.run("query", sql, "-o", "json")
        #expect(json.output.contains("\"a\": \"-0043-03-15T12:00:00\""))
        #expect(json.output.contains("\"c\": \"-0043-03-15\", \"d\": [\"-9999-01-01\"]"))
    }

    @Test func `A table shows the beginning of a long text, and JSON all of it`() throws {
        let project = try TemporaryProject(["ingot.yml": "name: accounts\n"])
        let sql = "SELECT repeat('é', 5000000) AS text, 1 AS n"
        let start = ContinuousClock.now
        let table = try project.program.run("query", sql, "-o", "table")
        #expect(ContinuousClock.now - start < .seconds(60))
        let row = try #require(table.output.split(separator: "\n").last, "\(table.messages)")
        // The number stands at the right below its type, "integer".
        #expect(row == String(repeating: "é", count: 999) + "…  " + "      1")
        #expect(try project.program.run("query", sql, "-o", "json").output.utf8.count > 10_000_000)
    }
}
