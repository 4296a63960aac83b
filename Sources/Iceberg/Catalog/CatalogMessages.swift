public import JSONTree

/// A request to the catalog service, as an HTTP server received it.
public struct CatalogRequest: Sendable {
    /// The method, such as `GET`.
    public var method: String
    /// The path from `/v1` on, percent-encoded as it was received.
    public var path: String
    /// The query's values by name, decoded.
    public var query: [String: String]
    /// The body.
    public var body: [UInt8]

    /// A request.
    public init(_ method: String, _ path: String, query: [String: String] = [:], body: [UInt8] = []) {
        self.method = method
        self.path = path
        self.query = query
        self.body = body
    }
}

/// What the catalog service answers.
public struct CatalogResponse: Sendable, Hashable {
    /// The status, such as 200.
    public var status: Int
    /// The body; `nil` for answers without one.
    public var body: JSON?

    /// An answer.
    public init(_ status: Int, _ body: JSON? = nil) {
        self.status = status
        self.body = body
    }

    /// An error in the shape that the REST specification gives it.
    public static func error(_ status: Int, type: String, _ message: String) -> CatalogResponse {
        CatalogResponse(
            status,
            [
                "error": [
                    "message": .string(message), "type": .string(type), "code": .integer(Int64(status)),
                    "stack": [],
                ]
            ]
        )
    }

    /// The answer to a request that met an error.
    public init(_ error: any Error) {
        guard let error = error as? IcebergError else {
            self = .error(500, type: "InternalServerError", "Something unexpected failed")
            return
        }
        let (status, type) = Self.statusAndType(error.code)
        self = .error(status, type: type, error.description)
    }

    private static func statusAndType(_ code: IcebergError.Code) -> (Int, String) {
        switch code {
        case .noSuchNamespace: (404, "NoSuchNamespaceException")
        case .noSuchTable: (404, "NoSuchTableException")
        case .noSuchView: (404, "NoSuchViewException")
        case .namespaceAlreadyExists, .tableAlreadyExists: (409, "AlreadyExistsException")
        case .namespaceNotEmpty: (409, "NamespaceNotEmptyException")
        case .commitConflict: (409, "CommitFailedException")
        case .invalidArgument, .invalidMetadata: (400, "BadRequestException")
        case .unsupported: (406, "UnsupportedOperationException")
        case .unavailable: (503, "ServiceUnavailableException")
        case .commitStateUnknown: (500, "CommitStateUnknownException")
        default: (500, "InternalServerError")
        }
    }
}
