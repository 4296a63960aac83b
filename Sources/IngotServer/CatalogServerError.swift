import NIOCore

/// Why a catalog cannot be served.
public struct CatalogServerError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure this is.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Kind: String {
            case tokenRequired
            case invalidPort
            case addressUnavailable
        }

        private let kind: Kind

        /// The address can be reached by others, and there is no token.
        public static let tokenRequired = Code(kind: .tokenRequired)
        /// The number is no port.
        public static let invalidPort = Code(kind: .invalidPort)
        /// The address cannot be listened on.
        public static let addressUnavailable = Code(kind: .addressUnavailable)

        /// The name of the code.
        public var description: String { kind.rawValue }
    }

    /// What kind of failure this is.
    public let code: Code
    /// One sentence, safe to show.
    public let message: String
    /// What the system said.
    public let cause: String?

    /// Makes an error.
    public init(_ code: Code, _ message: String, cause: String? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// The message and the cause.
    public var description: String {
        cause.map { "\(message): \($0)" } ?? message
    }

    /// What a server failed of, said as such if it is that an address cannot be listened on.
    init?(_ error: any Error, listeningOn host: String, port: Int, _ server: String) {
        guard error is IOError || error is SocketAddressError || error is SocketAddressError.UnknownHost else {
            return nil
        }
        self.init(.addressUnavailable, "\(server) cannot listen on \(host), port \(port)", cause: "\(error)")
    }
}
