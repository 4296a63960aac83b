import JSONTree

extension CatalogService {
    func listNamespaces(_ request: CatalogRequest) async throws -> CatalogResponse {
        let parent = try request.query["parent"].flatMap { $0.isEmpty ? nil : try CatalogRoute.namespace($0) }
        if let parent { try await catalog.checkNamespace(parent) }
        let (namespaces, next) = try await page(
            request,
            { try await catalog.store.namespaces(in: parent, after: $0, limit: $1) },
            name: { $0.levels.last ?? "" }
        )
        return CatalogResponse(
            200,
            ["next-page-token": next, "namespaces": .array(namespaces.map(\.json))]
        )
    }

    func createNamespace(_ request: CatalogRequest) async throws -> CatalogResponse {
        var reader = try body(of: request)
        let levels = try reader.optionalStrings("namespace") ?? []
        let namespace = try Namespace(checking: levels)
        let properties = try reader.stringMap("properties")
        try await catalog.checkIsFree(namespace)
        try await catalog.store.create(namespace, properties: properties)
        return CatalogResponse(200, ["namespace": namespace.json, "properties": JSON(properties)])
    }

    func loadNamespace(_ namespace: Namespace) async throws -> CatalogResponse {
        guard let properties = try await catalog.store.properties(of: namespace) else {
            throw IcebergError(.noSuchNamespace, "Namespace does not exist: \(namespace)")
        }
        return CatalogResponse(200, ["namespace": namespace.json, "properties": JSON(properties)])
    }

    func namespaceExists(_ namespace: Namespace) async throws -> CatalogResponse {
        CatalogResponse(try await catalog.store.properties(of: namespace) == nil ? 404 : 204)
    }

    func dropNamespace(_ namespace: Namespace) async throws -> CatalogResponse {
        try await catalog.store.drop(namespace)
        return CatalogResponse(204)
    }

    func updateProperties(_ namespace: Namespace, _ request: CatalogRequest) async throws -> CatalogResponse {
        var reader = try body(of: request)
        let removals = Set(try reader.optionalStrings("removals") ?? [])
        let updates = try reader.stringMap("updates")
        if let both = removals.intersection(updates.keys).min() {
            return .error(
                422,
                type: "UnprocessableEntityException",
                "The property \"\(both)\" is both set and removed"
            )
        }
        guard let before = try await catalog.store.properties(of: namespace) else {
            throw IcebergError(.noSuchNamespace, "Namespace does not exist: \(namespace)")
        }
        try await catalog.store.update(namespace, setting: updates, removing: removals)
        let removed = removals.filter { before[$0] != nil }
        return CatalogResponse(
            200,
            [
                "updated": .array(updates.keys.sorted().map(JSON.string)),
                "removed": .array(removed.sorted().map(JSON.string)),
                "missing": .array(removals.subtracting(removed).sorted().map(JSON.string)),
            ]
        )
    }
}

extension Namespace {
    var json: JSON {
        .array(levels.map(JSON.string))
    }
}
