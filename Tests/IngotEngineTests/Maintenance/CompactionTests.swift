import Foundation
import IngotCore
import IngotEngine
import IngotProject
import Synchronization
import Testing

/// Small files become few, and nothing else changes.
@Suite("Compaction", .timeLimit(.minutes(30)))
struct CompactionTests {
    private static let silver = TableName(namespace: "silver", name: "orders")

    /// A project that took in some files one by one.
    private static func project(files: Int, pipeline: String = "", settings: String = "") async throws -> GoldProject {
        let project = try GoldProject([
            "ingot.yml": "name: shop\nsettings: {\(settings)}\n",
            "pipelines/orders.yml": GoldProject.orders + "\n" + pipeline,
            "models/gold/daily.sql": IntervalModelTests.daily,
            "models/gold/added.sql": """
            /* @ingot
            materialized: incremental
            incremental_strategy: append
            */
            SELECT id, country FROM silver.orders
            """,
        ])
        for number in 0..<files {
            try arrive(number, project)
            try await project.run()
        }
        return project
    }

    private static func arrive(_ number: Int, _ project: GoldProject) throws {
        let day = "2026-01-0\(1 + number % 2)"
        let rows = "\(number),\(day) 10:00:00,DE,1.50\n\(100 + number),\(day) 11:00:00,Ä\(number),2.50\nx,never,,\n"
        try project.write("landing/orders/\(100 + number).csv", "id,at,country,amount\n\(rows)")
    }

    private static func contents(of project: GoldProject) async throws -> [[[String]]] {
        try await project.query([
            "SELECT * FROM silver.orders ORDER BY ALL", "SELECT * FROM quarantine.orders ORDER BY ALL",
            "SELECT * FROM gold.daily ORDER BY ALL", "SELECT * FROM gold.added ORDER BY ALL",
            "SELECT * FROM ops.objects ORDER BY ALL",
        ])
    }

    private static func compact(
        _ project: GoldProject,
        _ tables: [TableName]? = nil,
        isWhole: Bool = false
    ) async throws -> [String: [Int]] {
        let engine = try project.engine()
        let (compacted, failures) = try await engine.compact(tables, isWhole: isWhole)
        await engine.close()
        #expect(failures.map(\.description) == [])
        return Dictionary(compacted.map { ("\($0.table)", [$0.fileCount, $0.newFileCount]) }) { zip($0, $1).map(+) }
    }

    @Test("Rows, models and what may be undone stay as they were, and a table has a file for each partition")
    func rowsStay() async throws {
        let project = try await Self.project(files: 6)
        let before = try await Self.contents(of: project)
        let all = try await Self.compact(project, isWhole: true)
        #expect(
            all == [
                "silver.orders": [6, 2], "quarantine.orders": [6, 1], "gold.added": [6, 1], "ops.objects": [6, 1],
            ]
        )
        #expect(try await Self.contents(of: project) == before)
        #expect(try await Self.compact(project, isWhole: true).isEmpty)
        let engine = try project.engine()
        let history = try await engine.history(ofTable: "silver.orders")
        #expect(history.first?.operation == "replace")
        #expect(history.first?.addedRows == history.first?.removedRows)
        let runs = try await engine.runs(of: nil, limit: 100).filter { $0.kind == .compaction }
        #expect(runs.map(\.name).sorted() == all.keys.sorted())
        #expect(runs.allSatisfy { $0.status == .succeeded })
        // A file of one object is undone out of the middle of the common one.
        let report = try await engine.undo(try await engine.object(named: "103.csv"))
        #expect(report.objects.undone == 1)
        await engine.close()
        #expect(try await project.query("SELECT id FROM silver.orders WHERE id IN (3, 103)").isEmpty)
        #expect(try await project.query("SELECT count(*) FROM silver.orders") == [["10"]])
    }

    @Test("Models have nothing to do after it")
    func modelsStay() async throws {
        let project = try await Self.project(files: 4)
        _ = try await Self.compact(project, isWhole: true)
        let reports = try await project.run()
        #expect(reports.mapValues(\.status) == ["daily": .upToDate, "added": .upToDate])
        // What arrives afterwards is all that they take in.
        try Self.arrive(7, project)
        let later = try await project.run()
        #expect(later["added"]?.rows == 2)
        #expect(later["daily"]?.intervals == 1)
    }

    @Test("Models have no more to do than without it, also where earlier snapshots are gone by then")
    func snapshotsGone() async throws {
        let project = try await Self.project(files: 4, settings: "max_snapshots_to_keep: 1")
        _ = try await Self.compact(project, isWhole: true)
        try Self.arrive(5, project)
        try await project.run()
        _ = try await Self.compact(project, isWhole: true)
        try Self.arrive(7, project)
        let later = try await project.run()
        #expect(later["added"]?.rows == 2)
        #expect(later["daily"]?.intervals == 1)
    }

    @Test("A table that cannot be compacted keeps no other from being")
    func brokenTable() async throws {
        let project = try await Self.project(files: 2)
        let glob = "\(project.folder)/lake/quarantine/orders/data/*.parquet"
        let data = try await project.query("SELECT file FROM glob('\(glob)')")[0][0]
        try FileManager.default.removeItem(atPath: data)
        let engine = try project.engine()
        let (compacted, failures) = try await engine.compact(isWhole: true)
        await engine.close()
        #expect(compacted.map(\.table.description) == ["gold.added", "ops.objects"])
        #expect(failures.map(\.message) == ["the compaction of quarantine.orders stopped"])
        #expect(failures.allSatisfy { $0.cause?.contains(data) == true })
    }

    @Test("Without being asked to, only what has gathered becomes one, and 0 is never")
    func gathered() async throws {
        let project = try await Self.project(files: 6, settings: "auto_compact_min_files: 4")
        // Of the days, neither has four files.
        let first = try await Self.compact(project)
        #expect(first == ["quarantine.orders": [6, 1], "gold.added": [6, 1], "ops.objects": [6, 1]])
        for number in 6..<8 {
            try Self.arrive(number, project)
            try await project.run()
        }
        #expect(try await Self.compact(project) == ["silver.orders": [8, 2]])
        let off = try await Self.project(files: 4, settings: "auto_compact_min_files: 0")
        #expect(try await Self.compact(off).isEmpty)
    }

    @Test("A table in which another engine has deleted rows is left as it is")
    func deletes() async throws {
        let project = try await Self.project(files: 2)
        let glob = "\(project.folder)/lake/silver/orders/data/at_day=2026-01-01/*.parquet"
        let data = try await project.query("SELECT file FROM glob('\(glob)')")[0][0]
        try await ModelBehaviourTests.append(
            "SELECT '\(data)' AS file_path, 0::BIGINT AS pos",
            project,
            deletesRows: true,
            day: 20_454
        )
        for number in 2..<4 {
            try Self.arrive(number, project)
            _ = try await project.engine().ingest()
        }
        let before = try await project.query("SELECT * FROM silver.orders ORDER BY ALL")
        #expect(before.count == 7)
        #expect(try await Self.compact(project, [Self.silver], isWhole: true).isEmpty)
        #expect(try await project.query("SELECT * FROM silver.orders ORDER BY ALL") == before)
    }

    @Test(
        "What takes the place of another engine's files lies in the table's own folder",
        arguments: [
            "file:", "file://", "/lake/elsewhere",
        ]
    )
    func foreignPlaces(prefix: String) async throws {
        let project = try await Self.project(files: 0)
        try Self.arrive(1, project)
        try await project.run()
        let row = "SELECT 1000 AS id, TIMESTAMP '2026-01-09 09:00:00' AS \"at\", 'IT' AS country, 3.00 AS amount"
        for number in 0..<2 {
            try await ModelBehaviourTests.append(row, project) { path in
                let other = prefix.hasPrefix("/") ? "\(project.folder)\(prefix)/\(number)" : "\(path).\(number)"
                let folder = (other as NSString).deletingLastPathComponent
                try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                try? FileManager.default.moveItem(atPath: path, toPath: other)
                return prefix.hasPrefix("/") ? other : prefix + other
            }
        }
        let before = try await project.query("SELECT * FROM silver.orders ORDER BY ALL")
        #expect(before.count == 4)
        #expect(try await Self.compact(project, [Self.silver], isWhole: true) == ["silver.orders": [2, 1]])
        #expect(try await project.query("SELECT * FROM silver.orders ORDER BY ALL") == before)
        let files = try FileManager.default.subpathsOfDirectory(atPath: project.folder)
        let new = files.filter { $0.contains("/compaction.") && $0.hasSuffix(".parquet") }
        #expect(new.count == 1 && new[0].hasPrefix("lake/silver/orders/data/"), "\(new)")
    }

    @Test(
        "Batches that come meanwhile lose nothing, also where they replace the files themselves",
        arguments: [
            "", "unique_key: [country]",
        ]
    )
    func meanwhile(pipeline: String) async throws {
        let project = try await Self.project(files: 1, pipeline: pipeline, settings: "max_files_per_trigger: 1")
        for number in 1..<40 { try Self.arrive(number, project) }
        let isOver = Atomic(false)
        async let compacting = {
            var count = 0
            while !isOver.load(ordering: .relaxed) {
                count += try await Self.compact(project, isWhole: true).count
                // A batch that competes for keys is staged anew after each compaction, and has to have time to.
                try await Task.sleep(for: .milliseconds(100))
            }
            return count
        }()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<2 {
                group.addTask {
                    do {
                        let engine = try project.engine()
                        let reports = await engine.ingest()
                        await engine.close()
                        #expect(reports.allSatisfy { $0.error == nil })
                    } catch {
                        Issue.record(error)
                    }
                }
            }
        }
        isOver.store(true, ordering: .relaxed)
        let compactions = try await compacting
        #expect(compactions > 0)
        try await project.run()
        _ = try await Self.compact(project, isWhole: true)
        let undisturbed = try await Self.project(files: 0, pipeline: pipeline)
        for number in 0..<40 { try Self.arrive(number, undisturbed) }
        try await undisturbed.run()
        let queries = ["silver", "quarantine"].map {
            "SELECT * EXCLUDE (_load_id, _ingested_at) FROM \($0).orders ORDER BY ALL"
        }
        // Which of the rows of a key came last, and is kept, is for the files to say, which were written one by one.
        let own = try await project.query(queries)
        #expect(own[0].count == (pipeline.isEmpty ? 80 : 41))
        if pipeline.isEmpty { #expect(try await undisturbed.query(queries) == own) }
    }
}
