import JSONTree

/// The Iceberg REST catalog as a function from requests to answers.
///
/// It knows nothing of HTTP servers, tokens or threads; who may ask what is decided before.
public struct CatalogService: Sendable {
    /// How many names a page of a listing has when the client does not say.
    static let pageSizeDefault = 1_000
    /// How many names a page has at most.
    static let pageSizeMax = 10_000

    /// The catalog.
    public let catalog: Catalog
    /// What stands between `/v1` and the rest of the path; `nil` for nothing.
    public let prefix: String?
    /// What clients are told to use where they are not told otherwise.
    public let configDefaults: [String: String]
    /// What clients get with every table, such as the settings of an object store.
    public let tableConfig: [String: String]

    /// A service over a catalog.
    public init(
        _ catalog: Catalog,
        prefix: String? = nil,
        configDefaults: [String: String] = [:],
        tableConfig: [String: String] = [:]
    ) {
        self.catalog = catalog
        self.prefix = prefix
        self.configDefaults = configDefaults
        self.tableConfig = tableConfig
    }

    /// Whether a request can change anything, so that a read-only token does not do.
    public func isWriting(_ request: CatalogRequest) -> Bool {
        guard request.method != "GET", request.method != "HEAD" else { return false }
        // Reports of scans come from readers. A table may be called `metrics` too, so the route decides.
        if request.method == "POST", case .metrics = try? CatalogRoute.parse(request.path, prefix: prefix) {
            return false
        }
        return true
    }

    /// Answers a request.
    public func answer(_ request: CatalogRequest) async -> CatalogResponse {
        do {
            guard let route = try CatalogRoute.parse(request.path, prefix: prefix) else {
                return .error(404, type: "NotFoundException", "There is no route \(request.path.printable)")
            }
            return try await answer(request, route)
        } catch {
            return CatalogResponse(error)
        }
    }

    private func answer(_ request: CatalogRequest, _ route: CatalogRoute) async throws -> CatalogResponse {
        switch (request.method, route) {
        case ("GET", .config): config()
        case ("GET", .namespaces): try await listNamespaces(request)
        case ("POST", .namespaces): try await createNamespace(request)
        case ("GET", .namespace(let namespace)): try await loadNamespace(namespace)
        case ("HEAD", .namespace(let namespace)): try await namespaceExists(namespace)
        case ("DELETE", .namespace(let namespace)): try await dropNamespace(namespace)
        case ("POST", .namespaceProperties(let namespace)): try await updateProperties(namespace, request)
        case ("GET", .tables(let namespace)): try await listTables(namespace, request)
        case ("POST", .tables(let namespace)): try await createTable(namespace, request)
        case ("POST", .register(let namespace)): try await registerTable(namespace, request)
        case ("GET", .table(let table)): try await loadTable(table, request)
        case ("HEAD", .table(let table)): try await tableExists(table)
        case ("POST", .table(let table)): try await commitTable(table, request)
        case ("DELETE", .table(let table)): try await dropTable(table, request)
        case ("POST", .renameTable): try await renameTable(request)
        case ("POST", .transaction): try await commitTransaction(request)
        case ("POST", .metrics): CatalogResponse(204)
        case ("GET", .views): CatalogResponse(200, ["identifiers": []])
        case ("GET", .view(let view)), ("HEAD", .view(let view)):
            throw IcebergError(.noSuchView, "View does not exist: \(view)")
        case (_, .views), (_, .view), (_, .renameView):
            throw IcebergError(.unsupported, "This catalog has no views")
        default:
            .error(405, type: "MethodNotAllowedException", "\(request.method.printable) is not possible here")
        }
    }

    private static let endpoints = [
        "GET /v1/{prefix}/namespaces", "POST /v1/{prefix}/namespaces", "GET /v1/{prefix}/namespaces/{namespace}",
        "HEAD /v1/{prefix}/namespaces/{namespace}", "DELETE /v1/{prefix}/namespaces/{namespace}",
        "POST /v1/{prefix}/namespaces/{namespace}/properties", "GET /v1/{prefix}/namespaces/{namespace}/tables",
        "POST /v1/{prefix}/namespaces/{namespace}/tables", "GET /v1/{prefix}/namespaces/{namespace}/tables/{table}",
        "HEAD /v1/{prefix}/namespaces/{namespace}/tables/{table}",
        "POST /v1/{prefix}/namespaces/{namespace}/tables/{table}",
        "DELETE /v1/{prefix}/namespaces/{namespace}/tables/{table}",
        "POST /v1/{prefix}/namespaces/{namespace}/register",
        "POST /v1/{prefix}/namespaces/{namespace}/tables/{table}/metrics", "POST /v1/{prefix}/tables/rename",
        "POST /v1/{prefix}/transactions/commit",
    ]

    private func config() -> CatalogResponse {
        var overrides: [String: String] = [:]
        overrides["prefix"] = prefix
        return CatalogResponse(
            200,
            [
                "defaults": JSON(configDefaults), "overrides": JSON(overrides),
                "endpoints": .array(Self.endpoints.map(JSON.string)),
            ]
        )
    }

    /// The body of a request, to be read member by member.
    ///
    /// Members that the specification does not know are passed over, as it asks for.
    func body(of request: CatalogRequest) throws -> ObjectReader {
        let json: JSON
        do {
            json = try JSON(parsing: request.body)
        } catch {
            throw IcebergError(.invalidArgument, "The body is no JSON: \(error)", cause: error)
        }
        return try ObjectReader(json, path: "$")
    }

    /// A page of a listing: the names, and the token of the next page if there is one.
    func page<Item>(
        _ request: CatalogRequest,
        _ list: (_ after: String?, _ limit: Int) async throws -> [Item],
        name: (Item) -> String
    ) async throws -> (items: [Item], next: JSON) {
        guard let token = request.query["pageToken"] else {
            // A client that does not ask for pages gets everything.
            return (try await list(nil, .max), nil)
        }
        let size = request.query["pageSize"].flatMap { Int($0) } ?? Self.pageSizeDefault
        guard size > 0 else { throw IcebergError(.invalidArgument, "pageSize is at least 1") }
        let limit = min(size, Self.pageSizeMax)
        let items = try await list(try Self.name(ofToken: token), limit + 1)
        guard items.count > limit else { return (items, nil) }
        let page = Array(items.prefix(limit))
        return (page, page.last.map { .string(Self.token(of: name($0))) } ?? nil)
    }

    /// A token is the last name of the page in hexadecimal digits, which no client and no URL changes.
    private static func token(of name: String) -> String {
        name.utf8.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    private static func name(ofToken token: String) throws -> String? {
        if token.isEmpty { return nil }
        guard let bytes = DuckDBText.bytes(token), let name = String(validating: bytes, as: UTF8.self) else {
            throw IcebergError(.invalidArgument, "pageToken is none that this catalog gave")
        }
        return name
    }
}
