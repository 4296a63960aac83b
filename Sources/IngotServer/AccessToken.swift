/// A bearer token: whoever has it may use the catalog.
///
/// It shows nowhere: neither in descriptions nor in logs.
public struct AccessToken: Sendable {
    /// How many characters a token has at least.
    public static let lengthMin = 8
    /// How many characters a token has at most.
    public static let lengthMax = 4_096

    private let bytes: [UInt8]

    /// A token.
    ///
    /// - Returns: `nil` unless it has ``lengthMin`` to ``lengthMax`` characters that a header can hold: visible ASCII
    ///   without spaces.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard (Self.lengthMin...Self.lengthMax).contains(bytes.count), bytes.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        self.bytes = bytes
    }

    /// Whether a text is this token, in a time that tells nothing of the token but its length.
    func matches(_ text: some StringProtocol) -> Bool {
        var difference: UInt8 = 0
        var count = 0
        for byte in text.utf8 {
            difference |= byte ^ bytes[count % bytes.count]
            count += 1
        }
        return difference == 0 && count == bytes.count
    }
}

extension AccessToken: CustomStringConvertible, CustomReflectable {
    /// Says only that there is a token.
    public var description: String { "<REDACTED>" }

    /// Shows nothing of the token.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
