/// A number of bytes.
public struct ByteSize: Hashable, Sendable, Comparable {
    /// The bytes.
    public let bytes: Int

    /// A size of so many bytes.
    public init(bytes: Int) {
        self.bytes = bytes
    }

    /// Orders by bytes.
    public static func < (lhs: ByteSize, rhs: ByteSize) -> Bool {
        lhs.bytes < rhs.bytes
    }
}
