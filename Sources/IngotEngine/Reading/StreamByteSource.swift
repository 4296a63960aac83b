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
    /// How many bytes are left; `nil` for as many as there are.
    private var rest: Int?

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - stretch: Which part of it is given; `nil` for all.
    /// - Throws: `IngotError` where it cannot be read.
    init(_ path: String, _ stretch: TextStretch? = nil) throws {
        guard let stream = InputStream(fileAtPath: path) else { throw Self.failure(path, nil) }
        self.path = path
        self.stream = stream
        stream.open()
        guard let stretch else { return }
        rest = stretch.end.map { Int($0 - stretch.start) }
        guard stream.setProperty(NSNumber(value: stretch.start), forKey: .fileCurrentOffsetKey) else {
            throw Self.failure(path, stream.streamError)
        }
    }

    mutating func next() throws -> [UInt8]? {
        // Whoever reads a text stops here when it is cancelled, whatever it does between two pieces.
        try Task.checkCancellation()
        var buffer = [UInt8](repeating: 0, count: min(Self.pieceSize, rest ?? .max))
        guard !buffer.isEmpty else { return nil }
        let count = stream.read(&buffer, maxLength: buffer.count)
        if count < 0 { throw Self.failure(path, stream.streamError) }
        if count == 0 { return nil }
        rest = rest.map { $0 - count }
        return count == buffer.count ? buffer : Array(buffer[..<count])
    }

    /// The decompressed text of an object; `nil` where only the query engine decompresses it.
    static func text(
        of object: BatchObject,
        _ compression: Compression,
        _ stretch: TextStretch? = nil
    ) throws -> (any ByteSource)? {
        try text(at: object.path, compression, stretch)
    }

    /// The decompressed text of a file, or a stretch of one that is not compressed; `nil` where only the query engine
    /// decompresses it.
    static func text(
        at path: String,
        _ compression: Compression,
        _ stretch: TextStretch? = nil
    ) throws -> (any ByteSource)? {
        switch compression {
        case .none: try StreamByteSource(path, stretch)
        case .gzip: try GzipByteSource(StreamByteSource(path))
        case .zstd: nil
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
