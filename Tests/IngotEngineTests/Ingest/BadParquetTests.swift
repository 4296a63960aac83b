import DuckDB
import Foundation
import IngotCore
import IngotEngine
import Testing

/// Parquet files of another schema than the contract's, or that are none.
@Suite("Bad Parquet", .timeLimit(.minutes(30)))
struct BadParquetTests {
    private static func project(_ files: [String: String], _ more: String = "") async throws -> TestProject {
        let project = try TestProject.things(source: "format: parquet", more)
        let folder = "\(project.directory)/landing"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try await project.withEngine { engine in
            let connection = try await engine.connect()
            for (name, select) in files { try await connection.execute("COPY (\(select)) TO '\(folder)/\(name)'") }
            await connection.close()
        }
        return project
    }

    @Test("A column that is missing is NULL, which not_null rejects row by row")
    func missingColumn() async throws {
        let project = try await Self.project([
            "noname.parquet": "SELECT 1::BIGINT AS id UNION ALL SELECT 2 ORDER BY 1",
            "noid.parquet": "SELECT 'a' AS name",
            "good.parquet": "SELECT 3::BIGINT AS id, 'c' AS name",
        ])
        let report = try await project.ingestThings()
        #expect(report.objects == .init(loaded: 3))
        #expect(report.rows == RowCounts(read: 4, silver: 3, quarantined: 1))
        #expect(try await project.things(of: "noname.parquet") == ["1|1|-", "2|2|-"])
        #expect(try await project.reasons(of: "noid.parquet") == ["1|not_null|id|is null"])
        #expect(try await project.rows("quarantine.things", "SELECT raw FROM t") == [["{\"name\":\"a\"}"]])
        #expect(try await project.things(of: "good.parquet") == ["1|3|c"])
    }

    @Test("A column of another type is cast where nothing is lost, and rejected row by row where something would be")
    func otherType() async throws {
        let project = try await Self.project([
            "text.parquet": "FROM (VALUES ('1', 7), ('x', 8), ('2.5', 9)) AS v(id, name)",
            "double.parquet": "FROM (VALUES (1.0::DOUBLE, 'a'), (2.5, 'b'), (1e300, 'c')) AS v(id, name)",
            "nested.parquet": "SELECT [1, 2] AS id, {'a': 1} AS name",
            "time.parquet": "SELECT TIMESTAMP '2026-01-01 10:00:00' AS id, DATE '2026-01-01' AS name",
        ])
        let report = try await project.ingestThings()
        #expect(report.objects == .init(loaded: 4))
        #expect(report.rows == RowCounts(read: 8, silver: 2, quarantined: 6))
        #expect(try await project.things(of: "text.parquet") == ["1|1|7"])
        #expect(
            try await project.reasons(of: "text.parquet") == [
                "2|data_type|id|\"x\" is not a valid bigint",
                "3|data_type|id|\"2.5\" cannot be kept as bigint without loss",
            ]
        )
        #expect(try await project.things(of: "double.parquet") == ["1|1|a"])
        let doubles = try await project.reasons(of: "double.parquet")
        #expect(doubles.map { $0.prefix(15) } == ["2|data_type|id|", "3|data_type|id|"])
        #expect(try await project.reasons(of: "nested.parquet") == ["1|data_type|id|\"[1,2]\" is not a valid bigint"])
        #expect(try await project.reasons(of: "time.parquet").map { $0.prefix(15) } == ["1|data_type|id|"])
    }

    @Test("A new column is added, or the object's fault, as the pipeline says")
    func newColumn() async throws {
        let files = [
            "more.parquet": "SELECT 1::BIGINT AS id, 'a' AS name, 5 AS more",
            "good.parquet": "SELECT 2::BIGINT AS id, 'b' AS name",
        ]
        let added = try await Self.project(files, "schema_evolution_mode: add_new_columns")
        #expect(try await added.ingestThings().objects == .init(loaded: 2))
        let rows = try await added.rows("silver.things", "SELECT id, more FROM t ORDER BY id")
        #expect(rows == [["1", "5"], ["2", "NULL"]])
        let refused = try await Self.project(files, "schema_evolution_mode: fail_on_new_columns")
        #expect(try await refused.ingestThings().objects == .init(loaded: 1, quarantined: 1))
        #expect(try await refused.reasons(of: "more.parquet") == ["1|new_columns||unknown fields: \"more\""])
    }

    @Test("What is damaged, cut off or empty is unreadable, and the others go on")
    func damaged() async throws {
        let project = try await Self.project([
            "good.parquet": "SELECT i::BIGINT AS id, repeat(i::VARCHAR, 20) AS name FROM range(5000) AS r(i)"
        ])
        let good = try Data(contentsOf: URL(fileURLWithPath: "\(project.directory)/landing/good.parquet"))
        var middle = Array(good)
        for place in middle.count / 2..<middle.count / 2 + 500 { middle[place] ^= 0xFF }
        try project.write(middle, to: "landing/middle.parquet")
        try project.write(Array(good.prefix(good.count / 2)), to: "landing/cut.parquet")
        try project.write("", to: "landing/empty.parquet")
        try project.write("id,name\n1,a\n", to: "landing/csv.parquet")
        let report = try await project.ingestThings()
        #expect(report.objects.failed == 0)
        #expect(report.objects.loaded + report.objects.quarantined == 5)
        #expect(try await project.things(of: "good.parquet").count == 5000)
        for key in ["cut.parquet", "empty.parquet", "csv.parquet"] {
            let reasons = try await project.reasons(of: key)
            #expect(reasons.count == 1, "\(reasons)")
            #expect(reasons.first?.hasPrefix("0|unreadable||cannot be read as Parquet: ") == true, "\(reasons)")
        }
    }
}
