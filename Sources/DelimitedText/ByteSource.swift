/// Gives the bytes of a text, piece by piece.
public protocol ByteSource: Sendable {
    /// The next bytes, or `nil` after the last; empty pieces are allowed.
    mutating func next() throws -> [UInt8]?
}

/// Gives bytes that lie in memory.
public struct ArrayByteSource: ByteSource, Sendable {
    private var rest: ArraySlice<UInt8>
    private let pieceSize: Int

    /// Gives the bytes in pieces of the given size.
    public init(_ bytes: [UInt8], pieceSize: Int = 256 * 1024) {
        rest = bytes[...]
        self.pieceSize = max(1, pieceSize)
    }

    /// The next bytes, or `nil` after the last.
    public mutating func next() -> [UInt8]? {
        guard !rest.isEmpty else { return nil }
        defer { rest = rest.dropFirst(pieceSize) }
        return Array(rest.prefix(pieceSize))
    }
}
