import DuckDB
import Foundation
import IngotCore
import IngotEngine
import IngotProject
import IngotServer
import Testing

/// What Ingot writes others read, and what others write Ingot reads.
@Suite("Tables of Ingot and of others", .peers, .timeLimit(.minutes(30)))
struct IngestedTablesTests {
    @Test("pyiceberg and DuckDB read every table of a run as its Parquet files are")
    func reading() async throws {
        try await ServedProject.with(Self.files) { project in
            let reports = await project.engine.ingest()
            #expect(reports.map(\.error?.description) == [nil])
            #expect(reports.first?.rows == RowCounts(read: 7, silver: 4, quarantined: 3, skipped: 0))
            let tables = ["silver.sales", "quarantine.sales", "ops.objects"]
            let outcome = try await Peer.run("reads_ingot.py", [project.uri, project.lake, Peer.extensions] + tables)
            let counts = outcome.output.split(separator: "\n").map {
                $0.split(separator: " ").prefix(2).joined(separator: " ")
            }
            #expect(counts == ["silver.sales 4", "quarantine.sales 3", "ops.objects 2"])
        }
    }

    @Test("Ingot reads what pyiceberg and DuckDB wrote, and goes on with its own tables after them")
    func writing() async throws {
        try await ServedProject.with(Self.files) { project in
            _ = await project.engine.ingest()
            try await Peer.run("foreign_writes.py", [project.uri, Peer.extensions])
            let name = TableName(namespace: "foreign", name: "duck")
            #expect(
                try await project.rows(name, "SELECT id, name FROM t ORDER BY id") == [["1", "one"], ["2", "two"]]
            )
            let both = TableName(namespace: "foreign", name: "both")
            #expect(try await project.rows(both, "SELECT id FROM t ORDER BY id") == [["1"], ["2"]])
            // The next run builds on the rows that another engine has appended to its table.
            try "id,day,amount\n90,2026-01-03,1.00\n"
                .write(toFile: "\(project.directory)/landing/c.csv", atomically: true, encoding: .utf8)
            let reports = await project.engine.ingest()
            #expect(reports.map(\.error?.description) == [nil])
            let silver = TableName(namespace: "silver", name: "sales")
            let ids = try await project.rows(silver, "SELECT id FROM t ORDER BY id")
            #expect(ids == [["1"], ["2"], ["3"], ["4"], ["80"], ["90"]])
            // Files of both become one, which all of them read.
            let compacted = try await project.engine.compact(isWhole: true)
            #expect(compacted.map(\.table.description) == ["ops.objects", "silver.sales"])
            #expect(try await project.rows(silver, "SELECT id FROM t ORDER BY id") == ids)
            try Self.removeReplaced(in: project.lake)
            let tables = ["silver.sales", "quarantine.sales", "ops.objects"]
            let outcome = try await Peer.run("reads_ingot.py", [project.uri, project.lake, Peer.extensions] + tables)
            #expect(outcome.output.hasPrefix("silver.sales 6 "), "\(outcome.output)")
        }
    }

    @Test("A table that another engine writes expires its snapshots as its properties say")
    func retention() async throws {
        try await ServedProject.with { project in
            try await Peer.run("retention.py", [project.uri])
        }
    }

    /// Removes the data files of partitions that compaction has left one file of; only earlier snapshots need them.
    private static func removeReplaced(in lake: String) throws {
        let files = try FileManager.default.subpathsOfDirectory(atPath: lake).filter { $0.hasSuffix(".parquet") }
        let folders = Dictionary(grouping: files) { ($0 as NSString).deletingLastPathComponent }
        for names in folders.values where names.contains(where: { $0.contains("/compaction.") }) {
            for name in names where !name.contains("/compaction.") {
                try FileManager.default.removeItem(atPath: "\(lake)/\(name)")
            }
        }
    }

    private static let files = [
        "pipelines/sales.yml": """
        pipeline: sales
        source: {path: landing, format: csv}
        columns:
          - {name: id, data_type: bigint, not_null: true, min: 1}
          - {name: day, data_type: date, not_null: true}
          - {name: amount, data_type: "decimal(12,2)"}
        silver: {table: silver.sales, partition_by: [day]}
        """,
        "landing/a.csv": "id,day,amount\n1,2026-01-01,1.50\n2,2026-01-02,\n-3,2026-01-02,2.00\nx,2026-02-30,3.00\n",
        "landing/b.csv": "id,day,amount\n3,2026-01-01,10.25\n4,2026-01-03,0.00\n,2026-01-03,1.999\n",
    ]
}

extension ServedProject {
    /// The rows that a query gives over a table, which it calls `t`; each as its values' text.
    func rows(_ table: TableName, _ select: String) async throws -> [[String]] {
        guard let relation = try await engine.relation(of: table) else { return [] }
        let connection = try await engine.connect()
        let result = try await connection.query("WITH t AS (\(relation)) \(select)")
        let rows = result.map { row in row.values.map(\.description) }
        await connection.close()
        return rows
    }
}
