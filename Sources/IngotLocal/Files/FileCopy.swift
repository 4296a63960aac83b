import Crypto
import IngotCore

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Reads files whole, and notices when they change meanwhile.
enum FileCopy {
    private static let chunkSize: Int64 = 1 << 20
    /// After how many bytes the device is given something to do, so that little is left to be waited for in the end.
    private static let syncSize: Int64 = 8 << 20
    private static let settlingTriesMax = 4

    /// Begins the file that a copy goes to, creating its folder if need be.
    static func begin(_ target: String, durability: Durability, sharing source: OpenFile) throws -> PendingFile {
        if let write = try beginInExistingFolder(target, durability: durability, sharing: source) { return write }
        try FileSync.createFolders(FileSystem.folder(of: target))
        return try PendingFile(at: target, durability: durability, sharing: source)
    }

    private static func beginInExistingFolder(
        _ target: String,
        durability: Durability,
        sharing source: OpenFile
    ) throws(ObjectStoreError) -> PendingFile? {
        do throws(ObjectStoreError) {
            return try PendingFile(at: target, durability: durability, sharing: source)
        } catch {
            if error.kind == .notFound { return nil }
            throw error
        }
    }

    static func hash(
        _ source: OpenFile,
        _ cancellation: BlockingPool.Cancellation
    ) throws -> (FileStatus, ContentHash) {
        var digest = SHA256()
        let state = try settledState(of: source)
        try read(source, state, cancellation) { digest.update(data: $0) }
        return (state, try contentHash(digest.finalize(), of: source))
    }

    static func copyAndHash(
        _ source: OpenFile,
        in state: FileStatus,
        into write: PendingFile,
        _ cancellation: BlockingPool.Cancellation
    ) throws -> ContentHash {
        guard state.fingerprint.size < ParallelDigest.sizeMin else {
            let digest = ParallelDigest()
            try copy(source, in: state, into: write, cancellation) { digest.update($0) }
            return try contentHash(digest.finalize(), of: source)
        }
        var digest = SHA256()
        try copy(source, in: state, into: write, cancellation) { digest.update(data: $0) }
        return try contentHash(digest.finalize(), of: source)
    }

    /// Copies a file, and shows each chunk of the copy.
    ///
    /// - Parameters:
    ///   - source: The file.
    ///   - state: Its state before `write` was begun, so before a clone was made.
    ///   - write: The copy.
    ///   - cancellation: Ends the copying.
    ///   - look: Sees the chunks.
    /// - Throws: `changedWhileRead` unless the source is in that state at the end, too.
    static func copy(
        _ source: OpenFile,
        in state: FileStatus,
        into write: PendingFile,
        _ cancellation: BlockingPool.Cancellation,
        _ look: (ArraySlice<UInt8>) -> Void = { _ in }
    ) throws {
        if write.isClone {
            try read(write.file, write.file.status(), cancellation, look)
            let size = try write.file.status().fingerprint.size
            guard size == state.fingerprint.size, try source.status().hasSameBytes(as: state) else {
                throw changed(source)
            }
        } else {
            var (written, begun): (Int64, Int64) = (0, 0)
            try read(source, state, cancellation) { chunk in
                look(chunk)
                try write.append(chunk)
                written += Int64(chunk.count)
                guard written - begun >= syncSize else { return }
                write.file.beginSync(begun..<written)
                begun = written
            }
        }
    }

    /// Describes a file once a further change of it is sure to show in its times.
    ///
    /// - Throws: `changedWhileRead` if it goes on changing.
    static func settledState(of file: OpenFile) throws -> FileStatus {
        for _ in 0..<settlingTriesMax {
            let status = try file.status()
            let now = FileSystem.now()
            // A time in the future comes from another machine's clock, and waiting for it does not help.
            if status.fingerprint.changed > now || status.fingerprint.isSettled(at: now) { return status }
            let rest = status.fingerprint.changed + Fingerprint.settlingTime - now
            usleep(useconds_t(rest / 1000 + 1))
        }
        throw changed(file)
    }

    private static func contentHash(_ digest: SHA256.Digest, of file: OpenFile) throws -> ContentHash {
        guard let hash = ContentHash(bytes: digest) else {
            throw ObjectStoreError(.unavailable, at: file.path, "SHA-256 did not give 32 bytes")
        }
        return hash
    }

    private static func read(
        _ file: OpenFile,
        _ state: FileStatus,
        _ cancellation: BlockingPool.Cancellation,
        _ take: (ArraySlice<UInt8>) throws -> Void
    ) throws {
        // Whether the file is longer than it was shows in its state at the end.
        let size = state.fingerprint.size
        let chunk = [UInt8](repeating: 0, count: Int(min(chunkSize, size)))
        // Whoever takes a chunk of a large file may still have it when others are read.
        var buffers = Array(repeating: chunk, count: size < ParallelDigest.sizeMin ? 1 : ParallelDigest.chunksMax)
        var turn = 0
        var offset: Int64 = 0
        while offset < size {
            try cancellation.check()
            let surplus = Int64(buffers[turn].count) - (size - offset)
            if surplus > 0 { buffers[turn].removeLast(Int(surplus)) }
            let count = try file.read(into: &buffers[turn], at: offset)
            guard count > 0 else { break }
            offset += Int64(count)
            try take(buffers[turn][..<count])
            turn = (turn + 1) % buffers.count
        }
        guard offset == size, try file.status().hasSameBytes(as: state) else { throw changed(file) }
    }

    private static func changed(_ file: OpenFile) -> ObjectStoreError {
        ObjectStoreError(.changedWhileRead, at: file.path, "the file changed while it was read")
    }
}
