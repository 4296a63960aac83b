import HTTPTypes

/// Who may do what.
public struct AccessPolicy: Sendable {
    /// What a request may do.
    enum Access: String, Sendable {
        /// Look at everything and change nothing.
        case reading
        /// Everything.
        case writing
    }

    /// The token for reading and writing.
    public var token: AccessToken?
    /// The token for reading only.
    public var readOnlyToken: AccessToken?

    /// A policy; without tokens everyone who reaches the server may do everything.
    public init(token: AccessToken? = nil, readOnlyToken: AccessToken? = nil) {
        self.token = token
        self.readOnlyToken = readOnlyToken
    }

    /// Whether requests need a token.
    public var needsToken: Bool {
        token != nil || readOnlyToken != nil
    }

    /// What a request with these headers may do; `nil` for nothing.
    func access(_ headers: HTTPFields) -> Access? {
        guard needsToken else { return .writing }
        guard let header = headers[.authorization] else { return nil }
        let parts = header.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        // Both are compared, so that the time does not tell which one was nearer.
        let isWriting = token?.matches(parts[1]) ?? false
        let isReading = readOnlyToken?.matches(parts[1]) ?? false
        return isWriting ? .writing : isReading ? .reading : nil
    }

    /// Why a request looks like one that a web page made a browser send; `nil` for any other.
    ///
    /// A browser reaches loopback, whatever page it shows. Where nothing is asked for but to reach the server, requests
    /// of web pages are refused: those with an origin, and those to a host name that is not this machine's own, which
    /// is what a page sees that pretends its own name leads here.
    func browserRefusal(_ headers: HTTPFields, authority: String?) -> String? {
        guard !needsToken else { return nil }
        if headers[.origin] != nil { return "Requests of web pages are answered only with a token" }
        guard let authority, !Self.isLoopback(authority) else { return nil }
        return "Without a token the catalog answers only to 127.0.0.1, [::1] and localhost"
    }

    private static func isLoopback(_ authority: String) -> Bool {
        var name = authority.lowercased()
        if let colon = name.lastIndex(of: ":"), !name.hasSuffix("]"),
            name[name.index(after: colon)...].allSatisfy(\.isNumber)
        {
            name = String(name[..<colon])
        }
        return LoopbackHost.contains(name)
    }
}

/// The names under which a machine reaches only itself.
enum LoopbackHost {
    static func contains(_ host: String) -> Bool {
        if ["localhost", "::1", "[::1]"].contains(host.lowercased()) { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
