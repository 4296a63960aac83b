/// A path as it was received, still percent-encoded, and its query, decoded.
struct RequestTarget: Sendable, Equatable {
    let path: Substring
    let query: [String: String]

    /// Splits what stands in a request's first line; `nil` where it is too long or cannot be decoded.
    ///
    /// Of a name that is given twice, the first value counts.
    init?(_ text: String, sizeMax: Int) {
        guard text.utf8.count <= sizeMax, text.hasPrefix("/") else { return nil }
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = parts[0]
        var query: [String: String] = [:]
        for pair in parts.dropFirst().joined().split(separator: "&") {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decode(sides[0]), let value = Self.decode(sides.dropFirst().first ?? "") else {
                return nil
            }
            query[name] = query[name] ?? value
        }
        self.query = query
    }

    /// The path beneath a folder, with its slash; `nil` where it is not beneath it.
    func path(beneath root: String) -> String? {
        guard path.hasPrefix(root) else { return nil }
        let rest = path.dropFirst(root.count)
        return rest.hasPrefix("/") ? String(rest) : nil
    }

    /// Decodes a part of a query, in which a plus sign is a space.
    private static func decode(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                let digits = rest.prefix(2)
                guard digits.count == 2, digits.allSatisfy(\.isHexadecimalDigit),
                    let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
                else { return nil }
                bytes.append(value)
                rest = rest.dropFirst(2)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

extension UInt8 {
    fileprivate var isHexadecimalDigit: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }
}
