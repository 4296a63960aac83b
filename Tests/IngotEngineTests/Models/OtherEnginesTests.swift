import Iceberg
import IngotCore
import IngotEngine
import IngotLocal
import JSONTree
import Testing

/// What other engines may do to Ingot's tables through the catalog, and what the next run makes of it.
@Suite("Tables that other engines change", .timeLimit(.minutes(30)))
struct OtherEnginesTests {
    private static let orders = TableIdentifier(Namespace("silver"), "orders")
    private static let row =
        "SELECT 1 AS id, TIMESTAMP '2026-01-09 09:00:00' AS \"at\", 'IT' AS country, 3.00::DECIMAL(18,2) AS amount"

    private func project(_ pipeline: String = "", settings: String = "") throws -> GoldProject {
        try GoldProject([
            "ingot.yml": "name: shop\n\(settings)",
            "pipelines/orders.yml": GoldProject.orders + "\n" + pipeline,
            "models/gold/daily.sql": IntervalModelTests.daily,
            "models/gold/countries.sql": """
            /* @ingot
            materialized: incremental
            unique_key: country
            */
            SELECT country, count(*) AS n FROM silver.orders GROUP BY ALL
            """,
            "landing/orders/1.csv": "id,at,country,amount\n1,2026-01-01 10:00:00,DE,1.50\n",
        ])
    }

    private func arrive(_ name: String, _ row: String, _ project: GoldProject) throws {
        try project.write("landing/orders/\(name).csv", "id,at,country,amount\n\(row)\n")
    }

    private func catalog(_ project: GoldProject, _ work: (Catalog) async throws -> Void) async throws {
        let engine = try project.engine()
        try await work(engine.catalogService().catalog)
        await engine.close()
    }

    /// Expects that the models say what they would say if they were computed as a whole.
    private func expectWhole(_ project: GoldProject) async throws {
        let texts = ["daily", "countries"].map { "SELECT * FROM gold.\($0) ORDER BY ALL" }
        let before = try await project.query(texts)
        try await project.run(isFullRefresh: true)
        #expect(try await project.query(texts) == before)
    }

    @Test("what is set back to an earlier snapshot is gone from the models too, also where a file comes between")
    func rollback() async throws {
        let project = try project()
        try await project.run()
        try arrive("2", "2,2026-01-02 10:00:00,FR,1.50", project)
        try await project.run()
        try await catalog(project) { catalog in
            let first = try #require(try await catalog.load(Self.orders).metadata.snapshots.first)
            let update = TableUpdate.setSnapshotReference("main", SnapshotReference(snapshotID: first.id))
            _ = try await catalog.commit([TableCommit(Self.orders, updates: [update])])
        }
        try arrive("3", "3,2026-01-03 10:00:00,IT,1.50", project)
        #expect(try await project.run()["daily"]?.reasons == ["silver.orders was made anew or set back"])
        #expect(try await project.query("SELECT country FROM gold.countries ORDER BY 1") == [["DE"], ["IT"]])
        try await expectWhole(project)
        #expect(try await project.run()["daily"]?.status == .upToDate)
    }

    @Test("a table that was dropped is another one when it comes back", arguments: [false, true])
    func dropped(isRenamed: Bool) async throws {
        let project = try project()
        try await project.run()
        try await catalog(project) { catalog in
            if isRenamed {
                try await catalog.rename(Self.orders, to: TableIdentifier(Namespace("silver"), "Old"))
            } else {
                try await catalog.drop(Self.orders)
            }
        }
        try arrive("2", "2,2026-01-02 10:00:00,FR,1.50", project)
        try await project.run()
        #expect(try await project.query("SELECT id FROM silver.orders") == [["2"]])
        if isRenamed { #expect(try await project.query("SELECT id FROM silver.old") == [["1"]]) }
        try await expectWhole(project)
    }

    @Test("a required column that only another engine fills is no longer required")
    func required() async throws {
        let project = try project()
        try await makeOrders(project) { fields in
            fields.append(NestedField(id: 9, name: "x", type: .long, required: true))
        }
        #expect(try await project.run()["daily"]?.error == nil)
        try await catalog(project) { catalog in
            let schema = try await catalog.load(Self.orders).metadata.currentSchema
            #expect(schema.fields.first { $0.name == "x" }?.required == false)
        }
    }

    @Test("a column that differs from a pipeline's in case only is told as that")
    func foldedColumn() async throws {
        let project = try project()
        try await makeOrders(project) { $0[0].name = "ID" }
        let error = await #expect(throws: IngotError.self) { try await project.run() }
        #expect(error?.message == "silver.orders has a column ID, whose name differs from id in case only")
    }

    /// Makes the table of the pipeline before its first run, as another engine may.
    private func makeOrders(_ project: GoldProject, _ change: (inout [NestedField]) -> Void) async throws {
        var fields = [
            NestedField(id: 1, name: "id", type: .long),
            NestedField(id: 2, name: "at", type: .timestamp),
        ]
        change(&fields)
        let schema = Schema(fields: fields)
        try await catalog(project) { catalog in
            try await catalog.store.create(Namespace("silver"), properties: [:])
            _ = try await catalog.create(Catalog.Creation(Self.orders, schema: schema))
        }
    }

    @Test("a table that is purged and registered again, under another name, keeps its files")
    func registeredAgain() async throws {
        let project = try project(settings: "settings: {gc_min_age: 0s}\n")
        try await project.run()
        let other = TableIdentifier(Namespace("silver"), "other")
        try await catalog(project) { catalog in
            let location = try #require(try await catalog.load(Self.orders).location)
            try await catalog.drop(Self.orders, purge: true)
            _ = try await catalog.register(other, metadataLocation: location)
        }
        let engine = try project.engine()
        try await engine.collectGarbage()
        await engine.close()
        #expect(try await project.query("SELECT id FROM silver.other") == [["1"]])
    }

    @Test("rows of other engines take no part in unique keys, and stay")
    func uniqueKeys() async throws {
        let project = try project("unique_key: [id]")
        try await project.run()
        try await ModelBehaviourTests.append(Self.row, project)
        try arrive("2", "1,2026-01-02 10:00:00,FR,1.50", project)
        try await project.run()
        let rows = "SELECT country FROM silver.orders ORDER BY 1"
        #expect(try await project.query(rows) == [["FR"], ["IT"]])
        #expect(try await project.query("SELECT count(*) FROM quarantine.orders") == [["1"]])
        try await expectWhole(project)
    }

    @Test("a row that another engine has deleted takes no place of a unique key")
    func deletedPlace() async throws {
        let project = try project("unique_key: [id]\ndedup_sort: [amount desc]")
        try await project.run()
        let data = try await project.query(
            "SELECT file FROM glob('\(project.folder)/lake/silver/orders/data/*/*.parquet')"
        )[0][0]
        try await ModelBehaviourTests.append(
            "SELECT '\(data)' AS file_path, 0::BIGINT AS pos",
            project,
            deletesRows: true,
            day: 20_454
        )
        #expect(try await project.query("SELECT id FROM silver.orders") == [])
        try arrive("2", "1,2026-01-02 10:00:00,FR,0.50", project)
        try await project.run()
        #expect(try await project.query("SELECT country FROM silver.orders") == [["FR"]])
    }
}

@Suite("History of an input")
struct InputHistoryTests {
    /// A table whose snapshots, by id, have these parents; those in `foreign` are of another engine.
    private func table(_ parents: [(id: Int64, parent: Int64?)], foreign: Set<Int64> = []) -> TableMetadata {
        var metadata = TableMetadata(
            uuid: IcebergUUID(high: 1, low: 1),
            location: "/t",
            schema: Schema(fields: []),
            timestamp: 0
        )
        for (id, parent) in parents {
            metadata.snapshots.append(
                Snapshot(
                    id: id,
                    parentID: parent,
                    sequenceNumber: Int64(metadata.snapshots.count) + 1,
                    timestamp: 0,
                    manifestList: "/t/\(id)",
                    summary: foreign.contains(id)
                        ? ["operation": "append"] : ["operation": "append", "ingot.load-id": "l"],
                    schemaID: 0
                )
            )
        }
        metadata.currentSnapshotID = parents.last?.id
        return metadata
    }

    @Test("is known where the line of snapshots leads back to what was seen")
    func known() {
        let line = table([(100, nil), (200, 100), (300, 200)])
        for seen: Int64 in [0, 100, 200, 300] { #expect(line.history(since: seen) == .known) }
        // Sequence numbers, as earlier versions noted them.
        for seen: Int64 in [1, 2, 3] { #expect(line.history(since: seen) == .known) }
        #expect(table([]).history(since: 0) == .known)
        // The snapshot that was seen has expired, all later ones are there.
        #expect(table([(200, 100), (300, 200)]).history(since: 100) == .known)
    }

    @Test("is foreign where another engine's snapshot is on the line, or one is gone")
    func foreign() {
        let line = table([(100, nil), (200, 100), (300, 200)], foreign: [200])
        #expect(line.history(since: 100) == .foreign)
        #expect(line.history(since: 0) == .foreign)
        #expect(line.history(since: 200) == .known)
        #expect(table([(200, 150), (300, 200)]).history(since: 100) == .foreign)
        // A branch of another engine's is on no line to the current snapshot.
        #expect(table([(100, nil), (150, 100), (200, 100)], foreign: [150]).history(since: 100) == .known)
    }

    @Test("is another one where what was seen is not on the line")
    func anew() {
        #expect(table([(100, nil), (200, 100), (300, 100)]).history(since: 200) == .anew)
        #expect(table([(500, nil)]).history(since: 100) == .anew)
        #expect(table([]).history(since: 100) == .anew)
    }
}
