import DelimitedText
import Foundation
import IngotCore

/// Gives the bytes of a file, piece by piece.
///
/// Unchecked, because the stream is used by one reader in one call.
struct StreamByteSource: ByteSource, @unchecked Sendable {
    private static let pieceSize = 1 << 18

    private let path: String
    private let stream: InputStream

    init(_ path: String) throws {
        guard let stream = InputStream(fileAtPath: path) else { throw Self.failure(path, nil) }
        self.path = path
        self.stream = stream
        stream.open()
    }

    mutating func next() throws -> [UInt8]? {
        // Whoever reads a text stops here when it is cancelled, whatever it does between two pieces.
        try Task.checkCancellation()
        var buffer = [UInt8](repeating: 0, count: Self.pieceSize)
        let count = stream.read(&buffer, maxLength: buffer.count)
        if count < 0 { throw Self.failure(path, stream.streamError) }
        if count == 0 { return nil }
        return count == buffer.count ? buffer : Array(buffer[..<count])
    }

    /// The decompressed text of an object; `nil` where only the query engine decompresses it.
    static func text(of object: BatchObject, _ compression: Compression) throws -> (any ByteSource)? {
        try text(at: object.path, compression)
    }

    /// The decompressed text of a file; `nil` where only the query engine decompresses it.
    static func text(at path: String, _ compression: Compression) throws -> (any ByteSource)? {
        switch compression {
        case .none: try StreamByteSource(path)
        case .gzip: try GzipByteSource(StreamByteSource(path))
        default: nil
        }
    }

    /// Bronze that cannot be read says nothing of the object.
    private static func failure(_ path: String, _ cause: (any Error)?) -> IngotError {
        IngotError(
            .objectStoreUnavailable,
            "cannot read: \(path)",
            hint: "ingot doctor",
            isRetryable: true,
            cause: cause?.localizedDescription
        )
    }
}
