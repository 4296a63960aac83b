/// Where a catalog is served, to whom, and within which limits.
public struct CatalogServerConfiguration: Sendable {
    /// What is refused or given up, so that no client can take up the server.
    public struct Limits: Sendable {
        /// How many bytes a request's body has at most.
        ///
        /// A commit to a table of a thousand columns has about one million.
        public var bodySizeMax = 32 << 20
        /// How many bytes the headers of a request have at most, together.
        public var headerSizeMax = 32 << 10
        /// How many headers a request has at most.
        public var headerCountMax = 100
        /// How many bytes a path with its query has at most.
        public var pathSizeMax = 16 << 10
        /// How long a request's body may take to arrive.
        public var bodyTimeMax = Duration.seconds(60)
        /// How long a connection may be idle.
        public var idleTimeMax = Duration.seconds(120)
        /// How many connections there are at most at a time.
        public var connectionsMax = 512
        /// How long requests that are under way may take when the server stops.
        public var shutdownTimeMax = Duration.seconds(30)

        /// The limits that serve one team.
        public init() {}
    }

    /// The address to listen on.
    public var host: String
    /// The port to listen on; 0 for any free one.
    public var port: Int
    /// Who may do what.
    public var access: AccessPolicy
    /// What is refused or given up.
    public var limits: Limits

    /// A configuration.
    ///
    /// - Throws: ``CatalogServerError`` with the code `tokenRequired` for an address that other machines can reach
    ///   unless there is a token, and `invalidPort`.
    public init(
        host: String = "127.0.0.1",
        port: Int = 0,
        access: AccessPolicy = AccessPolicy(),
        limits: Limits = Limits()
    ) throws(CatalogServerError) {
        guard (0...65_535).contains(port) else {
            throw CatalogServerError(.invalidPort, "\(port) is no port; ports are 0 to 65535")
        }
        guard LoopbackHost.contains(host) || access.needsToken else {
            throw CatalogServerError(
                .tokenRequired,
                "Other machines can reach \(host), so the catalog is served there only with a token"
            )
        }
        self.host = host
        self.port = port
        self.access = access
        self.limits = limits
    }
}
