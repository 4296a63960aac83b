import Iceberg
import JSONTree
import Testing

/// A client commits, something fails at any point, the answer may be lost, and the client asks again.
@Suite("Commits under faults")
struct CommitFaultTests {
    private static let names = ["t1", "t2"]

    /// A catalog with two tables and a commit that adds a file to each.
    private struct World {
        let io = MemoryFileIO()
        let store = MemoryCatalogStore()
        let faults = Faults()
        let work = OneTimeWork()
        let service: CatalogService
        /// The same state without faults, as another process sees it.
        let clean: CatalogService
        private(set) var request = CatalogRequest("POST", "/v1/transactions/commit")
        private(set) var pointers: [TableIdentifier: String] = [:]

        init() async throws {
            let environment = TestEnvironment().environment
            // Without a cache every read is a step that can fail.
            let files = TableFiles(
                io: FaultyFileIO(base: io, faults: faults),
                environment: environment,
                cacheByteCountMax: 0
            )
            service = CatalogService(
                Catalog(
                    store: FaultyStore(base: store, faults: faults, beforeMove: work),
                    files: files,
                    warehouse: "/wh"
                )
            )
            clean = CatalogService(
                Catalog(
                    store: store,
                    files: TableFiles(io: io, environment: environment, cacheByteCountMax: 0),
                    warehouse: "/wh"
                )
            )
            try await store.create(Namespace("a"), properties: [:])
            var changes: [JSON] = []
            for name in CommitFaultTests.names {
                let table = TableIdentifier(Namespace("a"), name)
                let created = try await clean.catalog.create(
                    Catalog.Creation(
                        table,
                        schema: Schema(fields: [NestedField(id: 1, name: "x", type: .int)]),
                        properties: [
                            "history.expire.max-snapshots-to-keep": "2", "write.metadata.previous-versions-max": "1",
                            "write.metadata.delete-after-commit.enabled": "true",
                        ]
                    )
                )
                #expect(created.location != nil)
                for number in 0..<3 { try await append("old\(number)", to: table) }
                let prepared = try await prepare("new", for: table)
                changes.append([
                    "identifier": ["namespace": ["a"], "name": .string(name)],
                    "requirements": .array(prepared.requirements.map(\.json)),
                    "updates": .array(prepared.updates.map(\.json)),
                ])
            }
            request.body = (["table-changes": .array(changes)] as JSON).bytes()
            pointers = try await store.pointers(of: tables)
        }

        var tables: [TableIdentifier] {
            CommitFaultTests.names.map { TableIdentifier(Namespace("a"), $0) }
        }

        func prepare(_ file: String, for table: TableIdentifier) async throws -> PreparedSnapshot {
            let metadata = try await clean.catalog.load(table).metadata
            return try await SnapshotWriter(clean.catalog.committer.files).write(
                SnapshotChange(adding: [DataFile(path: "/wh/\(table.name)/\(file)", recordCount: 1, fileSize: 1)]),
                to: metadata
            )
        }

        func append(_ file: String, to table: TableIdentifier) async throws {
            let prepared = try await prepare(file, for: table)
            _ = try await clean.catalog.commit([
                TableCommit(table, requirements: prepared.requirements, updates: prepared.updates)
            ])
        }

        func hasMoved() async throws -> Bool {
            let now = try await store.pointers(of: tables)
            let moved = tables.filter { now[$0] != pointers[$0] }
            // Never one table without the other.
            #expect(moved.isEmpty || moved.count == tables.count)
            return !moved.isEmpty
        }

        func files(of table: TableIdentifier) async throws -> [String] {
            let metadata = try await clean.catalog.load(table).metadata
            return try await TableScan(clean.catalog.committer.files, metadata: metadata).dataFiles()
                .map { FileLocation.name(of: $0.path) }.sorted()
        }
    }

    @Test(
        "At every point, what is answered is true, and asking again leaves the rows once",
        arguments: Faults.Moment.allCases
    )
    func everyPoint(moment: Faults.Moment) async throws {
        var statuses: [Int: Int] = [:]
        for step in 0..<500 {
            let world = try await World()
            world.faults.arm(step, moment)
            let answer = await world.service.answer(world.request)
            let wasHit = world.faults.hasFailed
            world.faults.disarm()
            let hasMoved = try await world.hasMoved()
            statuses[answer.status, default: 0] += 1
            switch answer.status {
            case 204: #expect(hasMoved)
            // The client deletes its files: the tables must not need them.
            case 503: #expect(!hasMoved)
            // The client does not know, and keeps its files.
            case 500: #expect(answer.body?["error"]?["type"] == "CommitStateUnknownException")
            default: Issue.record("step \(step): \(answer)")
            }
            #expect(await world.clean.answer(world.request).status == 204)
            for table in world.tables {
                #expect(try await world.files(of: table) == ["new", "old0", "old1", "old2"])
                let metadata = try await world.clean.catalog.load(table).metadata
                // What cannot be expired now is expired by a later commit.
                #expect((2...3).contains(metadata.snapshots.count))
            }
            // Once more, as if this answer were lost too.
            let before = try await world.store.pointers(of: world.tables)
            #expect(await world.clean.answer(world.request).status == 204)
            #expect(try await world.store.pointers(of: world.tables) == before)
            if !wasHit {
                #expect(answer.status == 204)
                #expect(step > 10)
                #expect(statuses[503, default: 0] + statuses[500, default: 0] > 0)
                return
            }
        }
        Issue.record("the commit has more steps than expected")
    }

    @Test("Asking again is answered truly even when the snapshot has been expired since", arguments: [true, false])
    func expiredMeanwhile(wasApplied: Bool) async throws {
        let world = try await World()
        if wasApplied { #expect(await world.service.answer(world.request).status == 204) }
        for table in world.tables {
            for number in 0..<4 { try await world.append("later\(number)", to: table) }
            #expect(try await world.clean.catalog.load(table).metadata.snapshots.count == 2)
        }
        #expect(await world.service.answer(world.request).status == (wasApplied ? 204 : 409))
        for table in world.tables {
            #expect(try await world.files(of: table).filter { $0 == "new" }.count == (wasApplied ? 1 : 0))
        }
    }

    @Test("Another change of the table is no obstacle; another snapshot is a conflict that leaves nothing behind")
    func races() async throws {
        let harmless = try await World()
        harmless.work.set {
            _ = try? await harmless.clean.catalog.commit([
                TableCommit(harmless.tables[0], updates: [.setProperties(["x": "1"])])
            ])
        }
        #expect(await harmless.service.answer(harmless.request).status == 204)
        #expect(try await harmless.files(of: harmless.tables[0]).contains("new"))
        #expect(try await harmless.clean.catalog.load(harmless.tables[0]).metadata.properties["x"] == "1")

        let conflicting = try await World()
        conflicting.work.set { try? await conflicting.append("other", to: conflicting.tables[1]) }
        let answer = await conflicting.service.answer(conflicting.request)
        #expect(answer.status == 409)
        #expect(answer.body?["error"]?["type"] == "CommitFailedException")
        #expect(try await conflicting.files(of: conflicting.tables[0]) == ["old0", "old1", "old2"])
        #expect(try await conflicting.files(of: conflicting.tables[1]) == ["old0", "old1", "old2", "other"])
        // The metadata files of both attempts are gone again.
        let pointers = try await conflicting.store.pointers(of: conflicting.tables)
        for table in conflicting.tables {
            let metadata = try await conflicting.clean.catalog.load(table).metadata
            let location = try #require(pointers[table])
            let unneeded = try await Reachability(conflicting.clean.catalog.committer.files).unneeded(
                among: conflicting.io.locations.filter { $0.contains("/\(table.name)/") && $0.hasSuffix(".json") },
                by: metadata,
                at: location
            )
            #expect(Set(unneeded).isSubset(of: conflicting.store.releasedFiles))
        }
    }

    @Test("Creating, renaming and dropping tell the truth at every point", arguments: Faults.Moment.allCases)
    func otherChanges(moment: Faults.Moment) async throws {
        let schema: JSON = ["type": "struct", "fields": []]
        let requests = [
            CatalogRequest(
                "POST",
                "/v1/namespaces/a/tables",
                body: (["name": "n", "schema": schema] as JSON).bytes()
            ),
            CatalogRequest(
                "POST",
                "/v1/tables/rename",
                body: ([
                    "source": ["namespace": ["a"], "name": "t1"],
                    "destination": ["namespace": ["a"], "name": "n"],
                ] as JSON).bytes()
            ),
            CatalogRequest("DELETE", "/v1/namespaces/a/tables/t1", query: ["purgeRequested": "true"]),
        ]
        let new = TableIdentifier(Namespace("a"), "n")
        for request in requests {
            for step in 0..<100 {
                let world = try await World()
                world.faults.arm(step, moment)
                let answer = await world.service.answer(request)
                let wasHit = world.faults.hasFailed
                world.faults.disarm()
                let created = try await world.store.pointer(of: new) != nil
                let kept = try await world.store.pointer(of: world.tables[0]) != nil
                let isDone = request.method == "DELETE" ? !kept : created
                if answer.status < 300 { #expect(isDone) }
                if answer.status == 503 { #expect(!isDone) }
                if created { #expect(try await world.clean.catalog.load(new).location != nil) }
                if !wasHit {
                    #expect(answer.status < 300)
                    break
                }
            }
        }
    }
}
