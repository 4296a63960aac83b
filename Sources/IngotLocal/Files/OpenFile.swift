import IngotCore

#if os(Linux)
import CLinuxFiles
#endif
#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// An open file, closed when the last reference to it goes.
///
/// Here and in ``FileSystem`` is all of the adapter's traffic with the system; everything above deals in values.
final class OpenFile: Sendable {
    let descriptor: CInt
    /// What errors name.
    let path: String

    /// Opens a file or folder.
    init(_ path: String, flags: CInt, permissions: mode_t = 0o666) throws(ObjectStoreError) {
        self.path = path
        descriptor = try FileSystem.retrying("cannot open", at: path) { open(path, flags | O_CLOEXEC, permissions) }
    }

    /// Takes a descriptor over.
    init(owning descriptor: CInt, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit {
        close(descriptor)
    }

    /// Opens a regular file for reading; anything else is refused, and never waited for.
    static func reading(_ path: String, followsLink: Bool = true) throws(ObjectStoreError) -> OpenFile {
        let file = try OpenFile(path, flags: O_RDONLY | O_NONBLOCK | (followsLink ? 0 : O_NOFOLLOW))
        let status = try file.status()
        guard status.kind == .file else {
            if status.kind == .folder { throw ObjectStoreError(.notFound, at: path, "a folder is not an object") }
            throw ObjectStoreError(.notAnObject, at: path, "neither a file nor a folder")
        }
        return file
    }

    func status() throws(ObjectStoreError) -> FileStatus {
        var raw = stat()
        try FileSystem.retrying("cannot look at", at: path) { fstat(descriptor, &raw) }
        return FileStatus(raw)
    }

    /// Fills a buffer from an offset as far as the file goes, and says how much that was.
    func read(into buffer: inout [UInt8], at offset: Int64) throws(ObjectStoreError) -> Int {
        var filled = 0
        while filled < buffer.count {
            let count = try FileSystem.retrying("cannot read", at: path) {
                buffer.withUnsafeMutableBytes { bytes in
                    let rest = UnsafeMutableRawBufferPointer(rebasing: bytes[filled...])
                    return pread(descriptor, rest.baseAddress, rest.count, off_t(offset + Int64(filled)))
                }
            }
            if count == 0 { break }
            filled += count
        }
        return filled
    }

    /// Appends bytes.
    func write(_ bytes: ArraySlice<UInt8>) throws(ObjectStoreError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = try FileSystem.retrying("cannot write", at: path) {
                rest.withUnsafeBytes { Self.systemWrite(descriptor, $0.baseAddress, $0.count) }
            }
            rest = rest.dropFirst(count)
        }
    }

    /// Cuts the file off.
    func truncate(to size: Int64) throws(ObjectStoreError) {
        try FileSystem.retrying("cannot shorten", at: path) { ftruncate(descriptor, off_t(size)) }
    }

    /// Sets when the content last changed, in nanoseconds since 1970 UTC.
    func setModified(_ time: Int64) throws(ObjectStoreError) {
        let rest = (time % 1_000_000_000 + 1_000_000_000) % 1_000_000_000
        let stamp = timespec(tv_sec: Int((time - rest) / 1_000_000_000), tv_nsec: Int(rest))
        try FileSystem.retrying("cannot set the time of", at: path) { futimens(descriptor, [stamp, stamp]) }
    }

    /// Returns when the file, or a folder's entries, survive a loss of power.
    func sync() throws(ObjectStoreError) {
        try FileSystem.retrying("cannot sync", at: path) {
            #if canImport(Darwin)
            // Darwin's fsync stops at the drive's cache; file systems without the full one still have the plain one.
            fcntl(descriptor, F_FULLFSYNC) == 0 ? 0 : fsync(descriptor)
            #else
            fsync(descriptor)
            #endif
        }
    }

    /// Begins to write a part of the file to its device, where the system can; a sync later on tells what fails.
    func beginSync(_ range: Range<Int64>) {
        #if os(Linux)
        _ = sync_file_range(descriptor, off_t(range.lowerBound), off_t(range.count), 2)
        #endif
    }

    /// Whether somebody has the file open for writing; `nil` where the system does not tell.
    func hasWriter() -> Bool? {
        #if os(Linux)
        // An opener who comes just now waits for the lease to go; SIGURG, which tells of him, does nothing.
        guard fcntl(descriptor, CInt(INGOT_F_SETSIG), SIGURG) == 0 else { return nil }
        guard fcntl(descriptor, CInt(INGOT_F_SETLEASE), CInt(F_RDLCK)) != 0 else {
            _ = fcntl(descriptor, CInt(INGOT_F_SETLEASE), CInt(F_UNLCK))
            return false
        }
        return errno == EAGAIN ? true : nil
        #else
        return nil
        #endif
    }

    /// Locks the file against others that lock it, in this process or another, until it is closed.
    ///
    /// - Returns: `nil` where the file system has no locks; otherwise whether nobody had it locked.
    func lockIfFree() -> Bool? {
        lock(LOCK_EX | LOCK_NB)
    }

    /// Waits until nobody else has the file locked, and locks it until it is closed; where the file system has locks.
    func lockWhenFree() {
        _ = lock(LOCK_EX)
    }

    private func lock(_ operation: CInt) -> Bool? {
        while true {
            if flock(descriptor, operation) == 0 { return true }
            switch errno {
            case EINTR: continue
            case EWOULDBLOCK: return false
            default: return nil
            }
        }
    }

    private static func systemWrite(_ descriptor: CInt, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
        #if canImport(Darwin)
        Darwin.write(descriptor, bytes, count)
        #elseif canImport(Musl)
        Musl.write(descriptor, bytes, count)
        #else
        Glibc.write(descriptor, bytes, count)
        #endif
    }
}
