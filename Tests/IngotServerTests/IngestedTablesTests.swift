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
            let compacted = try await project.engine.compact(isWhole: true).compacted
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

    @Test("Files of other engines that would lose values are not written anew, and those beside them are")
    func foreignFiles() async throws {
        func pipeline(_ name: String, _ extra: String) -> String {
            """
            pipeline: \(name)
            source: {path: landing/\(name), format: jsonl}
            columns: [{name: id, data_type: bigint}, {name: extra, data_type: '\(extra)'}]
            silver: {table: silver.\(name)}
            """
        }
        var files = [
            "pipelines/nested.yml": pipeline("nested", "struct(\"order-id\" integer, ok integer)"),
            "pipelines/plain.yml": pipeline("plain", "varchar"),
        ]
        for number in 1...3 {
            files["landing/nested/\(number).jsonl"] = "{\"id\": \(number), \"extra\": {\"order-id\": 1, \"ok\": 2}}\n"
            files["landing/plain/\(number).jsonl"] = "{\"id\": \(number), \"extra\": \"a\"}\n"
        }
        try await ServedProject.with(files) { project in
            let reports = await project.engine.ingest()
            #expect(reports.map(\.error?.description) == [nil, nil])
            try "{\"id\": 4, \"extra\": \"b\"}\n"
                .write(toFile: "\(project.directory)/landing/plain/4.jsonl", atomically: true, encoding: .utf8)
            _ = await project.engine.ingest()
            func peer(_ work: String) async throws -> String {
                try await Peer.run("foreign_files.py", [project.uri, work, project.lake]).output
            }
            let before = try await peer("change")
            #expect(before.contains("\"order-id\": 10, \"ok\": 10") && before.contains("\"id\": 21"), "\(before)")
            let (compacted, failures) = try await project.engine.compact(isWhole: true)
            #expect(failures.isEmpty)
            let counts = Dictionary(uniqueKeysWithValues: compacted.map { ("\($0.table)", $0.fileCount) })
            #expect(counts == ["ops.objects": 3, "silver.plain": 2])
            #expect(try await peer("rows") == before)
            for number in 5...6 {
                try "{\"id\": \(number), \"extra\": {\"order-id\": 1, \"ok\": 2}}\n"
                    .write(
                        toFile: "\(project.directory)/landing/nested/\(number).jsonl",
                        atomically: true,
                        encoding: .utf8
                    )
                _ = await project.engine.ingest()
            }
            let later = try await peer("rows")
            // Some rows cannot leave such a file, since the others would lose values.
            let object = try #require(try await project.engine.entries(LedgerFilter(keys: ["1.jsonl"])).first)
            #expect(object.object.source == "nested")
            let error = await #expect(throws: IngotError.self) { _ = try await project.engine.undo(object) }
            #expect(error?.code == .foreignFile)
            #expect(try await peer("rows") == later)
            let renamed = try await peer("rename")
            #expect(later.contains("\"id\": 6") && renamed == later.replacing("\"ok\"", with: "\"fine\""))
            let again = try await project.engine.compact(isWhole: true).compacted
            #expect(again.map(\.table.description) == ["ops.objects"])
            #expect(try await peer("rows") == renamed)
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
