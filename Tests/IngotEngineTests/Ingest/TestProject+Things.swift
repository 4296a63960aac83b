import IngotCore
import IngotEngine
import Testing

/// A project with one pipeline, `things`, and what tests of bad objects ask of it.
extension TestProject {
    static func things(source: String, _ more: String = "", settings: String = "") throws -> TestProject {
        try TestProject([
            "ingot.yml": "name: test\n\(settings)",
            "pipelines/things.yml": """
            pipeline: things
            source: {path: landing, \(source)}
            columns:
              - {name: id, data_type: bigint, not_null: true}
              - {name: name, data_type: varchar}
            \(more)
            silver: {table: silver.things, source_row: true}
            """,
        ])
    }

    /// Takes in what waits, and expects that no row vanishes.
    func ingestThings(sourceLocation: Testing.SourceLocation = #_sourceLocation) async throws -> PipelineReport {
        let reports = try await ingest(sourceLocation: sourceLocation)
        let report = try #require(reports.first, sourceLocation: sourceLocation)
        #expect(report.rows.isBalanced, sourceLocation: sourceLocation)
        try await expectBalancedThings(sourceLocation: sourceLocation)
        return report
    }

    /// Expects the ledger to count, for each live object, the rows that the tables have of it.
    func expectBalancedThings(sourceLocation: Testing.SourceLocation = #_sourceLocation) async throws {
        func counts(_ table: String, where condition: String = "TRUE") async throws -> [String: Int] {
            let rows = try await rows(
                table,
                "SELECT _source_file || '@' || _source_version, count(*) FROM t WHERE \(condition) GROUP BY 1"
            )
            return Dictionary(uniqueKeysWithValues: rows.map { ($0[0], Int($0[1]) ?? -1) })
        }
        let silver = try await counts("silver.things")
        let quarantine = try await counts("quarantine.things", where: "_source_row > 0")
        let live = try await withEngine { engine in
            try await engine.entries(LedgerFilter(states: [.loaded, .quarantined]))
        }
        for entry in live {
            let name = "\(entry.object.key)@\(entry.object.version)"
            #expect(entry.counts.isBalanced, sourceLocation: sourceLocation)
            #expect(entry.counts.silver == silver[name] ?? 0, "\(name)", sourceLocation: sourceLocation)
            #expect(entry.counts.quarantined == quarantine[name] ?? 0, "\(name)", sourceLocation: sourceLocation)
        }
        let names = Set(live.map { "\($0.object.key)@\($0.object.version)" })
        #expect(Set(silver.keys).isSubset(of: names), sourceLocation: sourceLocation)
        #expect(Set(quarantine.keys).isSubset(of: names), sourceLocation: sourceLocation)
    }

    /// What quarantine has of an object, as `row|rule|column|message`, one for each reason.
    func reasons(of key: String) async throws -> [String] {
        try await rows(
            "quarantine.things",
            """
            SELECT _source_row || '|' || r.rule || '|' || coalesce(r."column", '') || '|' || r.message
            FROM (SELECT _source_file, _source_row, unnest(reasons) AS r FROM t) WHERE _source_file = '\(key)'
            ORDER BY _source_row, 1
            """
        ).map { $0[0] }
    }

    /// What silver has of an object, as `row|id|name`.
    func things(of key: String) async throws -> [String] {
        try await rows(
            "silver.things",
            """
            SELECT _source_row || '|' || id || '|' || coalesce(name, '-') FROM t WHERE _source_file = '\(key)'
            ORDER BY _source_row
            """
        ).map { $0[0] }
    }
}
