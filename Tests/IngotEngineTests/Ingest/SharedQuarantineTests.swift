import IngotCore
import IngotEngine
import Testing

/// A routed pipeline may bear the name of one of its tables; then records without a table share that quarantine.
@Suite("A quarantine that two kinds of rejected records share", .timeLimit(.minutes(30)))
struct SharedQuarantineTests {
    @Test("Rows without a table and rows that break the contract are both kept, also when their file is corrected")
    func both() async throws {
        let project = try TestProject([
            "pipelines/things.yml": """
            pipeline: things
            source: {path: landing, format: jsonl}
            columns: [{name: kind, data_type: varchar}]
            route:
              by: kind
              to:
                things:
                  silver: {table: silver.things}
                  columns: [{name: size, data_type: bigint, not_null: true}]
                others:
                  silver: {table: silver.others}
                  columns: [{name: size, data_type: bigint}]
            """
        ])
        try project.write(
            """
            {"kind": "things", "size": 1}
            {"kind": "things", "size": "big"}
            {"kind": "stranger", "size": 3}
            {"kind": "others", "size": "small"}
            """,
            to: "landing/a.jsonl"
        )
        let report = try #require(try await project.ingest().first)
        #expect(report.rows == RowCounts(read: 4, silver: 1, quarantined: 3, skipped: 0))
        let reasons = "SELECT _source_row, reasons[1].rule FROM t ORDER BY ALL"
        #expect(try await project.rows("quarantine.things", reasons) == [["2", "data_type"], ["3", "route"]])
        #expect(try await project.rows("quarantine.others", reasons) == [["4", "data_type"]])

        try project.write(
            """
            {"kind": "things"}
            {"kind": "stranger", "size": 3}
            """,
            to: "landing/a.jsonl"
        )
        try await project.ingest()
        #expect(try await project.rows("silver.things", "SELECT size FROM t") == [])
        #expect(try await project.rows("quarantine.things", reasons) == [["1", "not_null"], ["2", "route"]])
        #expect(try await project.rows("quarantine.others", reasons) == [])
    }
}
