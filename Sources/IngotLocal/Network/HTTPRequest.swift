/// What is asked of a receiver by HTTP.
struct HTTPRequest: Sendable {
    /// The address, with `http` or `https`.
    var url: String
    var method = "POST"
    private(set) var headers: [(name: String, value: String)] = []
    var body: String?

    init(url: String) {
        self.url = url
    }

    /// The value of a header, whatever the case of its name.
    subscript(name: String) -> String? {
        get { headers.first { $0.name.lowercased() == name.lowercased() }?.value }
        set {
            headers.removeAll { $0.name.lowercased() == name.lowercased() }
            if let newValue { headers.append((name, newValue)) }
        }
    }
}

/// What a receiver said.
struct HTTPAnswer: Sendable {
    var status: Int
    /// The status in words.
    var reason: String
    /// The headers in order; a name may come again.
    var headers: [(name: String, value: String)]
    /// The body as far as the limit that it was read to.
    var body: [UInt8]
    /// Whether that is all of it.
    var isWhole: Bool

    /// The body as text; what is no UTF-8 is replaced.
    var text: String { String(decoding: body, as: UTF8.self) }
}

/// There was no answer; the reason is safe to show: addresses and headers may hold secrets, and it names none.
struct HTTPSilence: Error {
    var reason: String
    /// Whether the request itself is wrong, so that no other try gets an answer.
    var isLasting = false
}
