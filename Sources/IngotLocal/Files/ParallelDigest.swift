import Crypto
import Dispatch

/// Hashes a large file's chunks on a thread of its own, while others are read and written.
///
/// Unchecked, since the compiler does not see that only the queue touches the hash.
final class ParallelDigest: @unchecked Sendable {
    /// From how many bytes on a file is worth a thread.
    static let sizeMin: Int64 = 16 << 20
    /// How many chunks are used at once, with the one that is being filled.
    static let chunksMax = 4

    private let queue = DispatchQueue(label: "ingot.hash")
    private let room = DispatchSemaphore(value: chunksMax - 1)
    private var hash = SHA256()

    /// Hashes a chunk soon; waits while there are too many.
    func update(_ chunk: ArraySlice<UInt8>) {
        room.wait()
        queue.async { [self] in
            hash.update(data: chunk)
            room.signal()
        }
    }

    /// The hash of all chunks.
    func finalize() -> SHA256.Digest {
        queue.sync { hash.finalize() }
    }
}
