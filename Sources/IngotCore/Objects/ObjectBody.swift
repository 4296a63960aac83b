/// The bytes of an object, chunk by chunk.
///
/// Read it once, in one task. Chunks are never empty and are made only when asked for, so memory stays at one chunk.
public struct ObjectBody: AsyncSequence, Sendable {
    /// A piece of the object.
    public typealias Element = [UInt8]

    /// Gives the next chunk, or `nil` after the last.
    public typealias Next = () async throws -> [UInt8]?

    /// Walks over the chunks.
    public struct AsyncIterator: AsyncIteratorProtocol {
        private let nextChunk: Next

        fileprivate init(_ next: @escaping Next) {
            nextChunk = next
        }

        /// The next chunk, or `nil` after the last.
        public mutating func next() async throws -> [UInt8]? {
            while let chunk = try await nextChunk() {
                if !chunk.isEmpty { return chunk }
            }
            return nil
        }
    }

    private enum Source {
        case whole([UInt8])
        case stream(@Sendable () -> Next)
    }

    private let source: Source
    /// The number of bytes, where it is known before they are read.
    public let size: Int64?

    /// A body that lies in memory.
    public init(_ bytes: [UInt8]) {
        source = .whole(bytes)
        size = Int64(bytes.count)
    }

    /// A body that is made chunk by chunk; the closure starts it.
    public init(size: Int64?, _ makeNext: @escaping @Sendable () -> Next) {
        source = .stream(makeNext)
        self.size = size
    }

    /// All bytes, where they lie in memory already.
    public var wholeBytes: [UInt8]? {
        if case .whole(let bytes) = source { bytes } else { nil }
    }

    /// Starts at the first chunk.
    public func makeAsyncIterator() -> AsyncIterator {
        switch source {
        case .whole(let bytes):
            var rest: [UInt8]? = bytes
            return AsyncIterator {
                defer { rest = nil }
                return rest
            }
        case .stream(let makeNext):
            return AsyncIterator(makeNext())
        }
    }

    /// All bytes, if there are at most `sizeMax` of them.
    ///
    /// - Throws: ``ObjectStoreError/Kind/invalidRange`` where there are more; what the source throws.
    public func collect(sizeMax: Int) async throws -> [UInt8] {
        if let wholeBytes, wholeBytes.count <= sizeMax { return wholeBytes }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(clamping: Swift.min(size ?? 0, Int64(sizeMax))))
        for try await chunk in self {
            guard chunk.count <= sizeMax - bytes.count else {
                throw ObjectStoreError(.invalidRange, at: "object body", "more than \(sizeMax) bytes to hold in memory")
            }
            bytes += chunk
        }
        return bytes
    }
}

@available(*, unavailable)
extension ObjectBody.AsyncIterator: Sendable {}
