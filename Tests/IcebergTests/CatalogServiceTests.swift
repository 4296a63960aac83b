import Iceberg
import JSONTree
import Testing

@Suite("REST catalog")
struct CatalogServiceTests {
    let io = MemoryFileIO()
    let store = MemoryCatalogStore()
    let service: CatalogService

    private static let schema: JSON = [
        "type": "struct",
        "fields": [
            ["id": 10, "name": "id", "required": true, "type": "long"],
            [
                "id": 20, "name": "place", "required": false,
                "type": [
                    "type": "struct", "fields": [["id": 30, "name": "city", "required": false, "type": "string"]],
                ],
            ],
            ["id": 25, "name": "at", "required": false, "type": "timestamptz"],
        ],
        "identifier-field-ids": [10],
    ]

    init() {
        let files = TableFiles(io: io, environment: TestEnvironment().environment)
        service = CatalogService(Catalog(store: store, files: files, warehouse: "/wh"))
    }

    private func ask(
        _ method: String,
        _ path: String,
        query: [String: String] = [:],
        _ body: JSON? = nil
    ) async -> CatalogResponse {
        await service.answer(
            CatalogRequest(method, path, query: query, body: body?.bytes() ?? [])
        )
    }

    private func type(_ response: CatalogResponse) -> String? {
        response.body?["error"]?["type"]?.stringValue
    }

    private func makeTable(_ name: String = "t") async throws {
        _ = await ask("POST", "/v1/namespaces", ["namespace": ["a"]])
        let answer = await ask(
            "POST",
            "/v1/namespaces/a/tables",
            ["name": .string(name), "schema": Self.schema]
        )
        #expect(answer.status == 200)
    }

    @Test("The configuration lists what exists")
    func config() async {
        let answer = await ask("GET", "/v1/config")
        #expect(answer.status == 200)
        #expect(answer.body?["overrides"] == [:])
        let endpoints = answer.body?["endpoints"]?.arrayValue ?? []
        #expect(endpoints.contains("POST /v1/{prefix}/transactions/commit"))
        #expect(!endpoints.contains { $0.stringValue?.contains("views") ?? true })
    }

    @Test("Namespaces are created, listed in pages, changed and dropped")
    func namespaces() async {
        for name in ["b", "a", "c"] {
            let answer = await ask("POST", "/v1/namespaces", ["namespace": [.string(name)], "properties": ["k": "v"]])
            #expect(answer == CatalogResponse(200, ["namespace": [.string(name)], "properties": ["k": "v"]]))
        }
        #expect(await ask("POST", "/v1/namespaces", ["namespace": ["a"]]).status == 409)
        #expect(await ask("POST", "/v1/namespaces", ["namespace": ["x", "y"]]).status == 404)
        let folded = await ask("POST", "/v1/namespaces", ["namespace": ["A"]])
        #expect(folded.status == 409 && type(folded) == "AlreadyExistsException")
        #expect(await ask("POST", "/v1/namespaces", ["namespace": ["a", "b.c"]]).status == 200)
        #expect(await ask("GET", "/v1/namespaces").body?["namespaces"] == [["a"], ["b"], ["c"]])
        #expect(
            await ask("GET", "/v1/namespaces", query: ["parent": "a"]).body?["namespaces"] == [["a", "b.c"]]
        )
        #expect(await ask("GET", "/v1/namespaces", query: ["parent": "zz"]).status == 404)
        let first = await ask("GET", "/v1/namespaces", query: ["pageToken": "", "pageSize": "2"])
        #expect(first.body?["namespaces"] == [["a"], ["b"]])
        let token = first.body?["next-page-token"]?.stringValue ?? ""
        let second = await ask("GET", "/v1/namespaces", query: ["pageToken": token, "pageSize": "2"])
        #expect(second.body == ["next-page-token": nil, "namespaces": [["c"]]])
        #expect(await ask("GET", "/v1/namespaces", query: ["pageToken": "zz"]).status == 400)
        #expect(await ask("GET", "/v1/namespaces", query: ["pageToken": "", "pageSize": "0"]).status == 400)
        #expect(await ask("GET", "/v1/namespaces/a%1Fb.c").body?["namespace"] == ["a", "b.c"])
        #expect(await ask("HEAD", "/v1/namespaces/a").status == 204)
        #expect(await ask("HEAD", "/v1/namespaces/zz").status == 404)
        let changed = await ask(
            "POST",
            "/v1/namespaces/a/properties",
            ["removals": ["k", "none"], "updates": ["n": "1"]]
        )
        #expect(changed.body == ["updated": ["n"], "removed": ["k"], "missing": ["none"]])
        let both = await ask("POST", "/v1/namespaces/a/properties", ["removals": ["n"], "updates": ["n": "1"]])
        #expect(both.status == 422)
        #expect(type(await ask("DELETE", "/v1/namespaces/a")) == "NamespaceNotEmptyException")
        #expect(await ask("DELETE", "/v1/namespaces/b").status == 204)
        #expect(type(await ask("DELETE", "/v1/namespaces/b")) == "NoSuchNamespaceException")
    }

    @Test("A table gets new ids, level by level")
    func create() async throws {
        _ = await ask("POST", "/v1/namespaces", ["namespace": ["a"]])
        let answer = await ask(
            "POST",
            "/v1/namespaces/a/tables",
            [
                "name": "t", "schema": Self.schema, "properties": ["p": "1"],
                "partition-spec": ["fields": [["source-id": 25, "name": "d", "transform": "day"]]],
                "write-order": [
                    "order-id": 1,
                    "fields": [
                        ["source-id": 10, "transform": "identity", "direction": "asc", "null-order": "nulls-first"]
                    ],
                ],
            ]
        )
        let metadata = try TableMetadata(json: try #require(answer.body?["metadata"]))
        #expect(metadata.currentSchema.namesByID == [1: "id", 2: "place", 3: "at", 4: "place.city"])
        #expect(metadata.currentSchema.identifierFieldIDs == [1])
        #expect(metadata.defaultSpec.fields.map(\.sourceID) == [3])
        #expect(metadata.defaultSpec.fields.map(\.fieldID) == [1000])
        #expect(metadata.sortOrder(id: metadata.defaultSortOrderID)?.fields.map(\.sourceID) == [1])
        #expect(metadata.location == "/wh/a/t")
        #expect(metadata.properties == ["p": "1"])
        let location = try #require(answer.body?["metadata-location"]?.stringValue)
        #expect(try await TableMetadata(bytes: io.read(location)) == metadata)
        let again = await ask("POST", "/v1/namespaces/a/tables", ["name": "t", "schema": Self.schema])
        #expect(type(again) == "AlreadyExistsException")
        let elsewhere = await ask("POST", "/v1/namespaces/zz/tables", ["name": "t", "schema": Self.schema])
        #expect(type(elsewhere) == "NoSuchNamespaceException")
    }

    @Test(
        "What cannot be a table is refused",
        arguments: [
            ["name": "t"], ["schema": ["type": "struct", "fields": []]], ["name": "", "schema": ["fields": []]],
            ["name": "a/b", "schema": ["fields": []]], ["name": "..", "schema": ["fields": []]],
            ["name": "t", "schema": ["fields": []], "location": "/etc/x"],
            ["name": "t", "schema": ["fields": []], "location": "/wh/../etc"],
            ["name": "t", "schema": ["fields": []], "properties": ["write.metadata.path": "/etc"]],
            ["name": "t", "schema": ["fields": [["id": 1, "name": "x", "required": true, "type": "nope"]]]],
            [
                "name": "t", "schema": ["fields": []],
                "partition-spec": ["fields": [["source-id": 1, "name": "d", "transform": "day"]]],
            ],
        ] as [JSON]
    )
    func createRefused(body: JSON) async {
        _ = await ask("POST", "/v1/namespaces", ["namespace": ["a"]])
        let answer = await ask("POST", "/v1/namespaces/a/tables", body)
        #expect(answer.status == 400)
        #expect(type(answer) == "BadRequestException")
        #expect(io.locations.isEmpty)
    }

    @Test("Requests that are none get the right errors")
    func badRequests() async throws {
        try await makeTable()
        #expect(await service.answer(CatalogRequest("POST", "/v1/namespaces", body: [0x7B])).status == 400)
        #expect(await ask("GET", "/v1/nope").status == 404)
        #expect(await ask("GET", "/nope").status == 404)
        #expect(await ask("PUT", "/v1/namespaces").status == 405)
        #expect(await ask("GET", "/v1/namespaces/a/tables/%zz").status == 400)
        #expect(await ask("GET", "/v1/namespaces/%FF").status == 400)
        #expect(type(await ask("GET", "/v1/namespaces/a/tables/zz")) == "NoSuchTableException")
        #expect(type(await ask("GET", "/v1/namespaces/a/views/v")) == "NoSuchViewException")
        #expect(await ask("GET", "/v1/namespaces/a/views").body == ["identifiers": []])
        #expect(type(await ask("POST", "/v1/namespaces/a/views", [:])) == "UnsupportedOperationException")
        #expect(await ask("GET", "/v1/namespaces/a/tables/t", query: ["snapshots": "x"]).status == 400)
        let error = await ask("GET", "/v1/namespaces/a/tables/zz").body?["error"]
        #expect(error?["code"] == 404)
        #expect(error?["message"] == "Table does not exist: a.zz")
        let update = await ask("POST", "/v1/namespaces/a/tables/t", ["updates": [["action": "nope"]]])
        #expect(update.body?["error"]?["message"]?.stringValue?.hasPrefix("$.updates[0].action: ") == true)
    }

    @Test("Tables are listed, renamed, dropped and registered again")
    func tables() async throws {
        try await makeTable("t1")
        try await makeTable("t2")
        #expect(
            await ask("GET", "/v1/namespaces/a/tables").body?["identifiers"]
                == [["namespace": ["a"], "name": "t1"], ["namespace": ["a"], "name": "t2"]]
        )
        #expect(await ask("HEAD", "/v1/namespaces/a/tables/t1").status == 204)
        let location = await ask("GET", "/v1/namespaces/a/tables/t1").body?["metadata-location"]
        func rename(_ from: String, _ to: String, in namespace: String = "a") async -> CatalogResponse {
            await ask(
                "POST",
                "/v1/tables/rename",
                [
                    "source": ["namespace": ["a"], "name": .string(from)],
                    "destination": ["namespace": [.string(namespace)], "name": .string(to)],
                ]
            )
        }
        #expect(type(await rename("t1", "t2")) == "AlreadyExistsException")
        #expect(type(await rename("zz", "t3")) == "NoSuchTableException")
        #expect(type(await rename("t1", "t3", in: "zz")) == "NoSuchNamespaceException")
        #expect(await rename("t1", "t3").status == 204)
        #expect(await ask("HEAD", "/v1/namespaces/a/tables/t1").status == 404)
        #expect(await ask("GET", "/v1/namespaces/a/tables/t3").body?["metadata-location"] == location)
        #expect(await ask("DELETE", "/v1/namespaces/a/tables/t3").status == 204)
        #expect(await ask("DELETE", "/v1/namespaces/a/tables/t3").status == 404)
        #expect(store.releasedFiles.isEmpty)
        let body: JSON = ["name": "back", "metadata-location": location ?? nil]
        #expect(await ask("POST", "/v1/namespaces/a/register", body).status == 200)
        #expect(await ask("HEAD", "/v1/namespaces/a/tables/back").status == 204)
        let outside: JSON = ["name": "evil", "metadata-location": "/etc/passwd"]
        #expect(await ask("POST", "/v1/namespaces/a/register", outside).status == 400)
        let purged = await ask("DELETE", "/v1/namespaces/a/tables/back", query: ["purgeRequested": "true"])
        #expect(purged.status == 204)
        #expect(store.releasedFiles == [location?.stringValue])
    }

    @Test("A staged table exists once it is committed")
    func staged() async throws {
        _ = await ask("POST", "/v1/namespaces", ["namespace": ["a"]])
        let staged = await ask(
            "POST",
            "/v1/namespaces/a/tables",
            ["name": "t", "schema": Self.schema, "stage-create": true]
        )
        #expect(staged.status == 200)
        #expect(staged.body?["metadata-location"] == nil)
        #expect(await ask("HEAD", "/v1/namespaces/a/tables/t").status == 404)
        let metadata = try TableMetadata(json: try #require(staged.body?["metadata"]))
        let updates: [TableUpdate] = [
            .assignUUID(try #require(metadata.uuid)), .upgradeFormatVersion(2), .addSchema(metadata.currentSchema),
            .setCurrentSchema(-1), .addPartitionSpec(metadata.defaultSpec), .setDefaultPartitionSpec(-1),
            .addSortOrder(.unsorted), .setDefaultSortOrder(-1), .setLocation(metadata.location),
        ]
        let commit: JSON = [
            "requirements": [["type": "assert-create"]], "updates": .array(updates.map(\.json)),
        ]
        #expect(await ask("POST", "/v1/namespaces/a/tables/t", commit).status == 200)
        #expect(await ask("HEAD", "/v1/namespaces/a/tables/t").status == 204)
        // The same request again, as after a lost answer.
        #expect(await ask("POST", "/v1/namespaces/a/tables/t", commit).status == 200)
        let other: JSON = [
            "requirements": [["type": "assert-create"]],
            "updates": .array(
                ([.assignUUID(IcebergUUID(high: 5, low: 5).description)] + updates.dropFirst()).map(\.json)
            ),
        ]
        #expect(type(await ask("POST", "/v1/namespaces/a/tables/t", other)) == "CommitFailedException")
    }

    @Test("A commit needs what it requires, and a conflict is told as one")
    func commit() async throws {
        try await makeTable()
        let path = "/v1/namespaces/a/tables/t"
        let set: JSON = [
            "requirements": [["type": "assert-current-schema-id", "current-schema-id": 0]],
            "updates": [["action": "set-properties", "updates": ["x": "1"]]],
        ]
        let answer = await ask("POST", path, set)
        #expect(answer.status == 200)
        #expect(answer.body?["metadata"]?["properties"] == ["x": "1"])
        #expect(
            answer.body?["metadata-location"]?.stringValue?.hasPrefix("/wh/a/t/metadata/00001-") == true
        )
        let stale: JSON = [
            "requirements": [["type": "assert-current-schema-id", "current-schema-id": 7]],
            "updates": [["action": "set-properties", "updates": ["x": "2"]]],
        ]
        let before = io.locations
        let refused = await ask("POST", path, stale)
        #expect(refused.status == 409)
        #expect(type(refused) == "CommitFailedException")
        #expect(io.locations == before)
        #expect(type(await ask("POST", "/v1/namespaces/a/tables/zz", set)) == "NoSuchTableException")
        let outside: JSON = ["updates": [["action": "set-location", "location": "/etc"]]]
        #expect(await ask("POST", path, outside).status == 400)
        #expect(io.locations == before)
    }

    @Test("What a commit requires is asked for also where it changes nothing, and of the table itself")
    func requirementsAlone() async throws {
        try await makeTable()
        let path = "/v1/namespaces/a/tables/t"
        func commit(_ requirement: JSON, _ updates: JSON = []) async -> Int {
            await ask("POST", path, ["requirements": [requirement], "updates": updates]).status
        }
        let snapshot: JSON = ["type": "assert-ref-snapshot-id", "ref": "main", "snapshot-id": 5]
        #expect(await commit(snapshot) == 409)
        #expect(await commit(["type": "assert-current-schema-id", "current-schema-id": 0]) == 200)
        let set: JSON = [["action": "set-properties", "updates": ["x": "1"]]]
        let stranger: JSON = ["type": "assert-table-uuid", "uuid": "00000000-0000-4000-8000-000000000000"]
        #expect(await ask("POST", path, ["updates": set]).status == 200)
        #expect(await commit(stranger, set) == 409)
    }

    @Test(
        "Only what changes nothing may be asked for with a token for reading, whatever tables are called",
        arguments: [
            ("GET", "/v1/namespaces/a/tables/metrics", false), ("HEAD", "/v1/namespaces/metrics", false),
            ("POST", "/v1/namespaces/a/tables/t/metrics", false), ("POST", "/v1/namespaces/a/tables/metrics", true),
            ("DELETE", "/v1/namespaces/a/tables/metrics", true), ("DELETE", "/v1/namespaces/metrics", true),
            ("DELETE", "/v1/namespaces/a/tables/t/metrics", true), ("POST", "/v1/namespaces/a/tables/%6Detrics/", true),
            ("POST", "/v1/namespaces", true), ("POST", "/v1/nothing/metrics", true),
        ]
    )
    func reading(method: String, path: String, isWriting: Bool) {
        #expect(service.isWriting(CatalogRequest(method, path)) == isWriting)
    }

    @Test("A transaction changes all of its tables or none")
    func transaction() async throws {
        try await makeTable("t1")
        try await makeTable("t2")
        func change(_ name: String, schema: Int64) -> JSON {
            [
                "identifier": ["namespace": ["a"], "name": .string(name)],
                "requirements": [["type": "assert-current-schema-id", "current-schema-id": .integer(schema)]],
                "updates": [["action": "set-properties", "updates": ["done": "yes"]]],
            ]
        }
        let before = io.locations
        let refused = await ask(
            "POST",
            "/v1/transactions/commit",
            ["table-changes": [change("t1", schema: 0), change("t2", schema: 9)]]
        )
        #expect(refused.status == 409)
        #expect(io.locations == before)
        let twice = await ask(
            "POST",
            "/v1/transactions/commit",
            ["table-changes": [change("t1", schema: 0), change("t1", schema: 0)]]
        )
        #expect(twice.status == 400)
        let done = await ask(
            "POST",
            "/v1/transactions/commit",
            ["table-changes": [change("t1", schema: 0), change("t2", schema: 0)]]
        )
        #expect(done == CatalogResponse(204))
        for name in ["t1", "t2"] {
            #expect(
                await ask("GET", "/v1/namespaces/a/tables/\(name)").body?["metadata"]?["properties"] == ["done": "yes"]
            )
        }
    }

    @Test("Only the snapshots of branches and tags are sent where that is asked for")
    func trimmed() async throws {
        try await makeTable()
        let catalog = service.catalog
        let table = TableIdentifier(Namespace("a"), "t")
        for number in 0..<3 {
            let metadata = try await catalog.load(table).metadata
            let prepared = try await SnapshotWriter(catalog.committer.files).write(
                SnapshotChange(adding: [DataFile(path: "/wh/a/t/\(number)", recordCount: 1, fileSize: 1)]),
                to: metadata
            )
            _ = try await catalog.commit([
                TableCommit(table, requirements: prepared.requirements, updates: prepared.updates)
            ])
        }
        let all = await ask("GET", "/v1/namespaces/a/tables/t", query: ["snapshots": "all"])
        #expect(all.body?["metadata"]?["snapshots"]?.arrayValue?.count == 3)
        let trimmed = await ask("GET", "/v1/namespaces/a/tables/t", query: ["snapshots": "refs"])
        #expect(trimmed.body?["metadata"]?["snapshots"]?.arrayValue?.count == 1)
    }

    @Test("A prefix is told and asked for")
    func prefix() async {
        let prefixed = CatalogService(service.catalog, prefix: "main")
        #expect(await prefixed.answer(CatalogRequest("GET", "/v1/config")).body?["overrides"] == ["prefix": "main"])
        #expect(await prefixed.answer(CatalogRequest("GET", "/v1/main/namespaces")).status == 200)
        #expect(await prefixed.answer(CatalogRequest("GET", "/v1/namespaces")).status == 404)
    }
}
