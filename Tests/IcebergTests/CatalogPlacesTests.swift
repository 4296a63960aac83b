import Iceberg
import JSONTree
import Testing

/// Names and folders that one table has for itself.
@Suite("Names and folders of the REST catalog")
struct CatalogPlacesTests {
    private let service = CatalogService(
        Catalog(
            store: MemoryCatalogStore(),
            files: TableFiles(io: MemoryFileIO(), environment: TestEnvironment().environment),
            warehouse: "/wh"
        )
    )

    private func ask(_ method: String, _ path: String, _ body: JSON? = nil) async -> CatalogResponse {
        await service.answer(CatalogRequest(method, path, body: body?.bytes() ?? []))
    }

    private func create(_ name: String, at location: String? = nil, in namespace: String = "a") async -> CatalogResponse
    {
        let schema: JSON = ["type": "struct", "fields": [["id": 1, "name": "id", "required": true, "type": "long"]]]
        var body: JSONObject = ["name": .string(name), "schema": schema]
        body["location"] = location.map(JSON.string)
        return await ask("POST", "/v1/namespaces/\(namespace)/tables", .object(body))
    }

    init() async {
        for levels in [["a"], ["a", "b"]] as [[JSON]] {
            _ = await ask("POST", "/v1/namespaces", ["namespace": .array(levels)])
        }
    }

    @Test("A table whose name differs from another's in case only is refused")
    func names() async {
        #expect(await create("Users").status == 200)
        let second = await create("users")
        #expect(second.status == 409)
        #expect(second.body?["error"]?["type"] == "AlreadyExistsException")
        #expect(await create("orders").status == 200)
        func rename(_ source: String, _ destination: String) async -> Int {
            let pair = [source, destination].map { JSON.object(["namespace": ["a"], "name": .string($0)]) }
            return await ask("POST", "/v1/tables/rename", ["source": pair[0], "destination": pair[1]]).status
        }
        #expect(await rename("orders", "USERS") == 409)
        #expect(await rename("Users", "users") == 204)
        // In another namespace it is another table.
        #expect(await create("users", in: "a%1Fb").status == 200)
    }

    @Test(
        "A table at, within or around the folder of another is refused",
        arguments: [
            "/wh/x", "/wh/x/", "file:///wh/x", "/wh/x/y", "/wh",
        ]
    )
    func folders(location: String) async {
        #expect(await create("first", at: "/wh/x").status == 200)
        let second = await create("second", at: location)
        #expect(second.status == 400)
        #expect(second.body?["error"]?["type"] == "BadRequestException")
        #expect(await create("third", at: "/wh/xy").status == 200)
        let moved = await ask(
            "POST",
            "/v1/namespaces/a/tables/third",
            ["requirements": [], "updates": [["action": "set-location", "location": .string(location)]]]
        )
        #expect(moved.status == 400)
    }

    @Test("A table that is not told where to lie gets a folder that is free")
    func defaultFolders() async {
        // Its folder is the one around those of the namespace a.b.
        let outer = await create("b")
        #expect(outer.body?["metadata"]?["location"] == "/wh/a/b")
        let inner = await create("t", in: "a%1Fb")
        #expect(inner.status == 200)
        #expect(inner.body?["metadata"]?["location"]?.stringValue?.hasPrefix("/wh/t-") == true)
    }
}
