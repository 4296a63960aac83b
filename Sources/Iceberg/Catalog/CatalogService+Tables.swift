import JSONTree

extension CatalogService {
    func listTables(_ namespace: Namespace, _ request: CatalogRequest) async throws -> CatalogResponse {
        try await catalog.checkNamespace(namespace)
        let (names, next) = try await page(
            request,
            { try await catalog.store.tables(in: namespace, after: $0, limit: $1) },
            name: { $0 }
        )
        return CatalogResponse(
            200,
            [
                "next-page-token": next,
                "identifiers": .array(names.map { TableIdentifier(namespace, $0).json }),
            ]
        )
    }

    func createTable(_ namespace: Namespace, _ request: CatalogRequest) async throws -> CatalogResponse {
        var reader = try body(of: request)
        let table = TableIdentifier(namespace, try TableIdentifier.checked(reader.string("name")))
        let schema = try Schema(json: reader.required("schema"), path: reader.path(of: "schema"))
        let spec = try reader.optional("partition-spec").map {
            try PartitionSpec(unassigned: $0, path: reader.path(of: "partition-spec"))
        }
        let order = try reader.optional("write-order").map {
            try SortOrder(json: $0, path: reader.path(of: "write-order"))
        }
        let creation = Catalog.Creation(
            table,
            location: try reader.optionalString("location"),
            schema: schema,
            spec: spec ?? .unpartitioned,
            order: order ?? .unsorted,
            properties: try reader.stringMap("properties")
        )
        let isStaged = try reader.optionalBool("stage-create") ?? false
        return answer(isStaged ? try await catalog.stage(creation) : try await catalog.create(creation))
    }

    func registerTable(_ namespace: Namespace, _ request: CatalogRequest) async throws -> CatalogResponse {
        var reader = try body(of: request)
        let table = TableIdentifier(namespace, try TableIdentifier.checked(reader.string("name")))
        let location = try reader.string("metadata-location")
        let isReplacing = try reader.optionalBool("overwrite") ?? false
        return answer(
            try await catalog.register(table, metadataLocation: location, replacing: isReplacing)
        )
    }

    func loadTable(_ table: TableIdentifier, _ request: CatalogRequest) async throws -> CatalogResponse {
        var loaded = try await catalog.load(table)
        switch request.query["snapshots"] {
        case nil, "all": break
        case "refs": loaded.metadata = loaded.metadata.trimmedToReferences()
        case let value?:
            throw IcebergError(.invalidArgument, "snapshots is \"all\" or \"refs\", not \"\(value.printable)\"")
        }
        return answer(loaded)
    }

    func tableExists(_ table: TableIdentifier) async throws -> CatalogResponse {
        CatalogResponse(try await catalog.store.pointer(of: table) == nil ? 404 : 204)
    }

    func commitTable(_ table: TableIdentifier, _ request: CatalogRequest) async throws -> CatalogResponse {
        var reader = try body(of: request)
        let commit = try TableCommit(table, reader: &reader)
        let tables = try await catalog.commit([commit])
        guard let committed = tables.first, let location = committed.location else { throw Catalog.noSuchTable(table) }
        return CatalogResponse(
            200,
            ["metadata-location": .string(location), "metadata": committed.metadata.json]
        )
    }

    func commitTransaction(_ request: CatalogRequest) async throws -> CatalogResponse {
        var reader = try body(of: request)
        let commits = try reader.array("table-changes") { json, path in
            var change = try ObjectReader(json, path: path)
            return try TableCommit(nil, reader: &change)
        }
        _ = try await catalog.commit(commits)
        return CatalogResponse(204)
    }

    func dropTable(_ table: TableIdentifier, _ request: CatalogRequest) async throws -> CatalogResponse {
        let isPurging = request.query["purgeRequested"]?.lowercased() == "true"
        try await catalog.drop(table, purge: isPurging)
        return CatalogResponse(204)
    }

    func renameTable(_ request: CatalogRequest) async throws -> CatalogResponse {
        var reader = try body(of: request)
        let source = try TableIdentifier(json: reader.required("source"), path: reader.path(of: "source"))
        let destination = try TableIdentifier(
            json: reader.required("destination"),
            path: reader.path(of: "destination")
        )
        try await catalog.rename(source, to: destination)
        return CatalogResponse(204)
    }

    private func answer(_ table: Catalog.Table) -> CatalogResponse {
        var body: JSONObject = [:]
        body["metadata-location"] = table.location.map(JSON.string)
        body["metadata"] = table.metadata.json
        body["config"] = JSON(tableConfig)
        return CatalogResponse(200, .object(body))
    }
}
