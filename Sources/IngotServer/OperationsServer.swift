import HTTPTypes
import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore

/// Answers the questions of those who watch over a service: its health, its readiness, its figures.
public struct OperationsServer: Sendable {
    /// An answer in plain text.
    public struct Answer: Sendable {
        /// The HTTP status.
        public var status: Int
        /// The media type.
        public var contentType: String
        /// The text.
        public var body: String

        /// Makes an answer.
        public init(status: Int, contentType: String = "text/plain; charset=utf-8", body: String) {
            self.status = status
            self.contentType = contentType
            self.body = body
        }
    }

    private struct Responder: HTTPResponder {
        typealias Context = BasicRequestContext

        let answer: @Sendable (String) async -> Answer?

        func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
            let isReading = request.method == .get || request.method == .head
            let found = isReading ? await answer(request.uri.path) : Answer(status: 405, body: "only GET\n")
            let answer = found ?? Answer(status: 404, body: "there are /health, /ready and /metrics\n")
            let response = Response(
                status: HTTPResponse.Status(code: answer.status),
                headers: [.contentType: answer.contentType, .cacheControl: "no-store"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: answer.body))
            )
            return request.method == .head ? response.createHeadResponse() : response
        }
    }

    private let host: String
    private let port: Int
    private let logger: Logger
    private let answer: @Sendable (String) async -> Answer?
    private let whenReady: @Sendable (_ uri: String) async -> Void

    /// A server that listens once it runs.
    ///
    /// - Parameters:
    ///   - host: The address to listen on.
    ///   - port: The port; 0 for any that is free.
    ///   - logger: Where it says what it does.
    ///   - answer: Answers a path; `nil` for one that is unknown.
    ///   - whenReady: Is given the URI once clients can connect.
    public init(
        host: String,
        port: Int,
        logger: Logger,
        answer: @escaping @Sendable (String) async -> Answer?,
        whenReady: @escaping @Sendable (_ uri: String) async -> Void
    ) {
        self.host = host
        self.port = port
        self.logger = logger
        self.answer = answer
        self.whenReady = whenReady
    }

    /// Serves until the task is cancelled.
    ///
    /// - Throws: ``CatalogServerError`` with the code `addressUnavailable`.
    public func run() async throws {
        let (host, port, whenReady) = (host, port, whenReady)
        let limits = CatalogServerConfiguration.Limits()
        let application = Application(
            responder: Responder(answer: answer),
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
                address: .hostname(host, port: port),
                serverName: "ingot",
                availableConnectionsDelegate: MaximumAvailableConnections(limits.connectionsMax)
            ),
            onServerRunning: { channel in
                let name = host.contains(":") ? "[\(host)]" : host
                await whenReady("http://\(name):\(channel.localAddress?.port ?? port)")
            },
            logger: logger
        )
        do {
            try await application.run()
        } catch {
            throw CatalogServerError(error, listeningOn: host, port: port, "The service") ?? error
        }
    }
}
