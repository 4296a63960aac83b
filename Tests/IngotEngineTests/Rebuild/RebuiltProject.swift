import Foundation
import IngotCore
import IngotEngine
import IngotLocal
import IngotProject

/// A project whose state is thrown away and made anew.
extension TestProject {
    static let histories = [
        "ingot.yml": "name: test\n",
        "pipelines/sales.yml": """
        pipeline: sales
        source: {path: landing/sales/, format: csv}
        columns:
          - {name: id, data_type: bigint, not_null: true}
          - {name: day, data_type: date, not_null: true}
          - {name: amount, data_type: bigint, not_null: true}
        unique_key: [id]
        max_error_rate: 0.6
        silver: {table: silver.sales, event_time: day, partition_by: [day(day)]}
        """,
        "pipelines/strict.yml": """
        pipeline: strict
        source: {path: landing/strict/, format: jsonl}
        on_row_error: fail
        columns: [{name: id, data_type: bigint, not_null: true}]
        silver: {table: silver.strict}
        """,
        "models/gold/daily.sql": """
        /* @ingot
        materialized: incremental
        incremental_strategy: delete+insert
        event_time: day
        batch_size: day
        */
        SELECT day, count(*) AS sales, sum(amount) AS total FROM silver.sales GROUP BY 1
        """,
    ]

    /// Makes the state anew, in place of the one that is there, if there is one.
    @discardableResult
    func rebuild(isForced: Bool = true) async throws -> (report: RebuildReport, aside: String?) {
        let (project, _) = try Project.load(directory: directory)
        let place = StatePlace(path: "\(directory)/.ingot/state.db", time: "\(UInt64.random(in: 0..<1 << 60))")
        try place.prepare(isForced: isForced)
        let local = try LocalEngine(project, variables: [:], for: .working, draft: place)
        do {
            let report = try await local.engine.rebuildState(into: local.stateBuilder)
            await local.close()
            return (report, try place.take())
        } catch {
            await local.close()
            throw error
        }
    }

    /// Runs everything, and expects that nothing fails; says which objects were taken in.
    @discardableResult
    func runAll() async throws -> [String] {
        try await withEngine { engine in
            let before = try await engine.runs(of: nil, limit: 10_000).filter { $0.kind == .ingest }.map(\.id)
            _ = try await engine.run()
            let runs = try await engine.runs(of: nil, limit: 10_000)
            return runs.filter { $0.kind == .ingest && !before.contains($0.id) }.flatMap(\.sources).sorted()
        }
    }

    /// What the ledger knows, to the microsecond, without the numbers of objects and their attempts.
    func ledger() async throws -> [String] {
        try await withEngine { try await $0.entries(LedgerFilter()) }.map { entry in
            let counts = entry.counts
            return [
                entry.object.source, entry.object.key, entry.object.version, entry.state.rawValue, entry.bronze,
                "\(entry.size)", "\(entry.modified / 1000)", "\(entry.seen / 1000)", entry.loadID ?? "-",
                entry.runID ?? "-", "\(counts.read) \(counts.silver) \(counts.quarantined) \(counts.skipped)",
                entry.error ?? "-", entry.published?.rawValue ?? "-", "\(entry.isUndone)", "\(entry.arrival)",
            ].joined(separator: "|")
        }
    }

    /// The rows of all tables.
    func contents() async throws -> [[String]] {
        var contents: [[String]] = []
        for table in ["silver.sales", "quarantine.sales", "silver.strict", "gold.daily"] {
            let columns = table.hasPrefix("gold") ? "*" : "* EXCLUDE (_load_id, _ingested_at)"
            contents += try await rows(table, "SELECT '\(table)', \(columns) FROM t ORDER BY ALL")
        }
        return contents
    }

    /// The metadata files of a table, the newest last.
    func metadata(of table: String) throws -> [String] {
        let folder = "\(directory)/lake/\(table.replacingOccurrences(of: ".", with: "/"))/metadata"
        return try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".metadata.json") }
            .sorted().map { "\(folder)/\($0)" }
    }
}
