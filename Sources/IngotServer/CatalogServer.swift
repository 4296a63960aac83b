import Hummingbird
import HummingbirdCore
public import Iceberg
public import Logging
import NIOCore
public import ServiceLifecycle

/// Serves a catalog as an Iceberg REST endpoint over HTTP.
///
/// The server stops gracefully: it takes no new requests and answers those that are under way.
public struct CatalogServer: Service {
    let service: CatalogService
    let configuration: CatalogServerConfiguration
    let logger: Logger
    private let whenReady: @Sendable (_ uri: String) async -> Void

    /// A server that listens once it runs.
    ///
    /// - Parameters:
    ///   - service: The catalog.
    ///   - configuration: Where, to whom, and within which limits.
    ///   - logger: Where it says what it does; never a token or the body of a request.
    ///   - whenReady: Is given the URI for clients once they can connect.
    public init(
        _ service: CatalogService,
        configuration: CatalogServerConfiguration,
        logger: Logger,
        whenReady: @escaping @Sendable (_ uri: String) async -> Void = { _ in }
    ) {
        self.service = service
        self.configuration = configuration
        self.logger = logger
        self.whenReady = whenReady
    }

    /// Serves until it is told to stop.
    ///
    /// - Throws: ``CatalogServerError`` with the code `addressUnavailable`.
    public func run() async throws {
        let limits = configuration.limits
        let (configuration, whenReady, logger) = (configuration, whenReady, logger)
        let application = Application(
            responder: CatalogResponder(service: service, access: configuration.access, limits: limits),
            server: .http1(
                configuration: HTTP1Channel.Configuration(
                    idleTimeout: TimeAmount(limits.idleTimeMax),
                    httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
                        maxHeaderFieldSize: limits.headerSizeMax,
                        maxHeaderListSize: limits.headerSizeMax,
                        maxHeaderFieldCount: limits.headerCountMax
                    )
                )
            ),
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port),
                serverName: "ingot",
                availableConnectionsDelegate: MaximumAvailableConnections(limits.connectionsMax)
            ),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? configuration.port
                logger.info("listening", metadata: [LogKey.host: "\(configuration.host)", LogKey.port: "\(port)"])
                await whenReady(Self.uri(host: configuration.host, port: port))
            },
            logger: logger
        )
        do {
            try await application.run()
        } catch {
            let (host, port) = (configuration.host, configuration.port)
            throw CatalogServerError(error, listeningOn: host, port: port, "The catalog") ?? error
        }
    }

    /// The URI under which clients reach a server that listens on an address.
    static func uri(host: String, port: Int) -> String {
        // Who listens everywhere is reached on this machine at least.
        let name = ["0.0.0.0", "::"].contains(host) ? "127.0.0.1" : host
        let isBare = name.contains(":") && !name.hasPrefix("[")
        return "http://\(isBare ? "[\(name)]" : name):\(port)\(CatalogResponder.root)"
    }
}
