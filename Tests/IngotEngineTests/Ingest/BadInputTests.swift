import DuckDB
import Foundation
import IngotCore
import IngotEngine
import Testing

/// Bad objects give a clear reason, lose nothing, and do not hold the good ones back.
@Suite("Bad input", .timeLimit(.minutes(30)))
struct BadInputTests {
    /// A good object beside each bad one, to see that it goes through.
    private static let good = "id,name,amount,day\n1,one,1.5,2026-01-01\n"

    private static func project(_ more: String = "", source: String = "format: csv") throws -> TestProject {
        let project = try TestProject([
            "pipelines/things.yml": """
            pipeline: things
            source: {path: landing, \(source)}
            columns:
              - {name: id, data_type: bigint, not_null: true}
              - {name: name, data_type: varchar}
              - {name: amount, data_type: "decimal(10,2)"}
              - {name: day, data_type: date}
            \(more)
            silver: {table: silver.things}
            """
        ])
        return project
    }

    private static func expectGood(_ project: TestProject) async throws {
        let rows = try await project.rows("silver.things", "SELECT id FROM t WHERE _source_file = 'good.csv'")
        #expect(rows == [["1"]])
    }

    @Test("An empty file and one with a header only are loaded with no rows", arguments: ["", "id,name,amount,day\n"])
    func noRows(text: String) async throws {
        let project = try Self.project()
        try project.write(text, to: "landing/bad.csv")
        try project.write(Self.good, to: "landing/good.csv")
        let report = try #require(try await project.ingest().first)
        #expect(report.objects == .init(loaded: 2))
        #expect(report.rows == RowCounts(read: 1, silver: 1))
        try await Self.expectGood(project)
    }

    @Test("An expression that fails for one object's row fails that object alone, and it is tried again")
    func failingExpression() async throws {
        let project = try Self.project("rules: [{name: sane, expression: \"CAST(name AS INTEGER) > 0 OR name <> ''\"}]")
        for number in 1...5 { try project.write("id,name\n\(number),\(number)\n", to: "landing/\(number).csv") }
        try project.write("id,name\n6,six\n", to: "landing/six.csv")
        let report = try #require(try await project.ingest().first)
        #expect(report.objects == .init(loaded: 5, failed: 1))
        #expect(report.rows == RowCounts(read: 5, silver: 5))
        #expect(report.notices.map(\.key) == ["six.csv"])
        #expect(report.notices.first?.message.contains("Could not convert string 'six' to INT32") == true)
        try project.write("id,name\n6,6\n", to: "landing/six.csv")
        let again = try #require(try await project.ingest().first)
        #expect(again.objects == .init(loaded: 1, skipped: 5))
        #expect(try await project.rows("silver.things", "SELECT sum(id) FROM t") == [["21"]])
    }

    @Test("A wrong delimiter is named")
    func wrongDelimiter() async throws {
        let project = try Self.project()
        try project.write("id;name;amount;day\n1;a;2;2026-01-01\n", to: "landing/bad.csv")
        try project.write(Self.good, to: "landing/good.csv")
        let report = try #require(try await project.ingest().first)
        #expect(report.objects == .init(loaded: 1, quarantined: 1))
        #expect(
            try await project.reasons(of: "bad.csv") == [
                "1|missing_columns||the header is one field, \"id;name;amount;day\"; the delimiter seems to be \";\""
            ]
        )
        try await Self.expectGood(project)
    }

    @Test("Ragged rows are rejected one by one, with their text")
    func raggedRows() async throws {
        let project = try Self.project()
        try project.write(
            "id,name,amount,day\n1,a,2,2026-01-01\n2,b\n3,c,4,2026-01-02,more\n4,\"d\nd\",5,2026-01-03\n",
            to: "landing/bad.csv"
        )
        try project.write(Self.good, to: "landing/good.csv")
        let report = try #require(try await project.ingest().first)
        #expect(report.rows == RowCounts(read: 5, silver: 3, quarantined: 2))
        #expect(
            try await project.reasons(of: "bad.csv") == [
                "2|ragged_row||expected 4 fields, found 2", "3|ragged_row||expected 4 fields, found 5",
            ]
        )
        let raw = try await project.rows("quarantine.things", "SELECT raw FROM t ORDER BY _source_row")
        #expect(raw == [["2,b"], ["3,c,4,2026-01-02,more"]])
        try await Self.expectGood(project)
    }

    @Test("Bytes that are not UTF-8 reject their row; NUL is text")
    func invalidText() async throws {
        let project = try Self.project()
        let text =
            Array("id,name,amount,day\n1,a".utf8) + [0] + Array("b,2,2026-01-01\n2,".utf8) + [0xFF]
            + Array(",3,2026-01-01\n".utf8)
        try project.write(text, to: "landing/bad.csv")
        try project.write(Self.good, to: "landing/good.csv")
        let report = try #require(try await project.ingest().first)
        #expect(report.rows == RowCounts(read: 3, silver: 2, quarantined: 1))
        let reasons = try await project.reasons(of: "bad.csv")
        #expect(reasons.count == 1 && reasons[0].hasPrefix("2|invalid_utf8|"))
        try await Self.expectGood(project)
    }

    @Test("A line longer than the limit is one rejected row")
    func longLine() async throws {
        let project = try Self.project(source: "format: csv, max_line_size: 1MB")
        let long = String(repeating: "x", count: 3 << 20)
        try project.write("id,name,amount,day\n1,a,2,2026-01-01\n2,\(long),3,\n3,c,4,\n", to: "landing/bad.csv")
        let report = try #require(try await project.ingest().first)
        #expect(report.rows == RowCounts(read: 3, silver: 2, quarantined: 1))
        let reasons = try await project.reasons(of: "bad.csv")
        #expect(reasons.count == 1 && reasons[0].hasPrefix("2|line_too_long|"))
    }

    @Test("Repeated and empty names of fields")
    func fieldNames() async throws {
        let project = try Self.project("schema_evolution_mode: add_new_columns")
        try project.write("id,name,id\n1,a,2\n", to: "landing/twice.csv")
        try project.write("id,,other,other\n7,x,y,z\n", to: "landing/empty.csv")
        let report = try #require(try await project.ingest().first)
        #expect(report.objects == .init(loaded: 1, quarantined: 1))
        #expect(
            try await project.reasons(of: "twice.csv").last
                == "1|duplicate_columns||the field \"id\" is there more than once"
        )
        let rows = try await project.rows("silver.things", "SELECT id, column_2, other, \"other#2\" FROM t")
        #expect(rows == [["7", "x", "y", "z"]])
    }

    @Test("Lossy and impossible values are rejected, each with its reason")
    func values() async throws {
        let project = try Self.project()
        try project.write(
            """
            id,name,amount,day
            "1,000",a,1,2026-01-01
            2.5,b,1,2026-01-01
            3,c,12.345,2026-01-01
            4,d,1,2026-02-30
            1_000,e,1,2026-01-01
            6,f,1,2026-01-01T10:00:00
            7.0,g,1.50,2026-01-01

            """,
            to: "landing/bad.csv"
        )
        try await project.ingest()
        #expect(
            try await project.reasons(of: "bad.csv") == [
                "1|data_type|id|\"1,000\" is not a valid bigint",
                "2|data_type|id|\"2.5\" cannot be kept as bigint without loss",
                "3|data_type|amount|\"12.345\" cannot be kept as decimal(10,2) without loss",
                "4|data_type|day|\"2026-02-30\" is not a valid date",
                "5|data_type|id|\"1_000\" cannot be kept as bigint without loss",
                "6|data_type|day|\"2026-01-01T10:00:00\" cannot be kept as date without loss",
            ]
        )
        #expect(try await project.rows("silver.things", "SELECT id, amount FROM t") == [["7", "1.50"]])
    }

    @Test("JSON that is cut off, malformed or too deep")
    func brokenJSON() async throws {
        let project = try Self.project(source: "format: json")
        try project.write("[{\"id\": 1, \"name\": \"a\"}, {\"id\": 2, \"na", to: "landing/cut.json")
        try project.write("{\"id\": 3}\n{\"id\": 4,\n[5]\n{\"id\": 6}\n", to: "landing/lines.json")
        let deep = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
        try project.write("{\"id\": 7, \"name\": \(deep)}\n{\"id\": 8}\n", to: "landing/deep.json")
        let report = try #require(try await project.ingest().first)
        #expect(report.objects.failed == 0)
        let cut = try await project.reasons(of: "cut.json")
        #expect(cut.count == 1 && cut[0].hasPrefix("0|unreadable|"))
        #expect(
            try await project.reasons(of: "lines.json") == [
                "2|malformed_json||is not valid JSON", "3|not_an_object||is not a JSON object",
            ]
        )
        let ids = try await project.rows(
            "silver.things",
            "SELECT id FROM t WHERE _source_file = 'lines.json' ORDER BY id"
        )
        #expect(ids == [["3"], ["6"]])
        let eight = try await project.rows("silver.things", "SELECT count(*) FROM t WHERE id = 8")
        #expect(eight == [["1"]])
    }

    @Test("A Parquet file with other columns is quarantined whole")
    func otherParquet() async throws {
        let project = try Self.project(source: "format: parquet")
        try await project.withEngine { engine in
            let connection = try await engine.connect()
            let folder = "\(project.directory)/landing"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try await connection.execute("COPY (SELECT 1 AS a) TO '\(folder)/other.parquet'")
            try await connection.execute(
                "COPY (SELECT 1::BIGINT AS id, 'n' AS name, 1.25 AS amount, DATE '2026-01-01' AS day) TO '\(folder)/good.parquet'"
            )
            await connection.close()
        }
        try project.write("PAR1 not really", to: "landing/broken.parquet")
        let report = try #require(try await project.ingest().first)
        #expect(report.objects == .init(loaded: 1, quarantined: 2))
        #expect(
            try await project.reasons(of: "other.parquet").last
                == "1|missing_columns||none of the pipeline's fields is there; found \"a\""
        )
        #expect(try await project.reasons(of: "broken.parquet").count == 1)
        #expect(try await project.rows("silver.things", "SELECT id, amount FROM t") == [["1", "1.25"]])
    }

    @Test("A source folder that does not exist yet is a warning, and its files are taken in when they come")
    func missingFolder() async throws {
        let project = try Self.project()
        let report = try #require(try await project.ingest().first)
        #expect(report.status == "up_to_date")
        #expect(report.notices.map(\.key) == ["landing"])
        #expect(report.notices.first?.message.contains("does not exist yet") == true)
        try project.write(Self.good, to: "landing/a.csv")
        #expect(try await project.ingest().first?.rows == RowCounts(read: 1, silver: 1))
    }
}
