import Dispatch

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Files of this machine.
///
/// Metadata files are small and just written or just read, so reading and writing them does not wait for the disk.
/// Syncing does; it runs on threads of its own, many files at once.
public struct LocalFileIO: FileIO {
    /// Serial queues, since each of those gets a thread of its own however many wait for the disk.
    private static let syncQueues = (0..<16).map { DispatchQueue(label: "ingot.iceberg.sync.\($0)") }

    /// Files of this machine.
    public init() {}

    /// Reads a file.
    public func read(_ location: String) async throws -> [UInt8] {
        let path = try Self.path(location)
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.problem("open", path) }
        defer { close(descriptor) }
        var information = stat()
        guard fstat(descriptor, &information) == 0 else { throw Self.problem("inspect", path) }
        guard information.st_mode & S_IFMT == S_IFREG else {
            throw IcebergError(.fileNotFound, "\(path) is no file")
        }
        var bytes = [UInt8](repeating: 0, count: Int(information.st_size))
        var offset = 0
        while offset < bytes.count {
            let count = bytes[offset...].withUnsafeMutableBytes { Self.read(descriptor, $0) }
            guard count >= 0 else { throw Self.problem("read", path) }
            guard count > 0 else { throw IcebergError(.io, "\(path) became shorter while it was read") }
            offset += count
        }
        return bytes
    }

    /// Creates a file.
    public func create(_ location: String, _ bytes: [UInt8]) async throws {
        let path = try Self.path(location)
        try Self.makeFolder(Self.folder(of: path))
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Self.problem("create", path) }
        defer { close(descriptor) }
        do {
            var offset = 0
            while offset < bytes.count {
                let count = bytes[offset...].withUnsafeBytes { Self.write(descriptor, $0) }
                guard count >= 0 else { throw Self.problem("write", path) }
                offset += count
            }
        } catch {
            // Half a file would stand in the way of the next attempt.
            unlink(path)
            throw error
        }
    }

    /// Makes sure that files and their names survive a crash.
    public func sync(_ locations: [String]) async throws {
        let paths = Set(try locations.map(Self.path))
        let all = paths.sorted() + Set(paths.map(Self.folder)).sorted()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (position, path) in all.enumerated() {
                let queue = Self.syncQueues[position % Self.syncQueues.count]
                group.addTask {
                    try await withCheckedThrowingContinuation { continuation in
                        queue.async { continuation.resume(with: Result { try Self.sync(path) }) }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// Removes a file.
    public func delete(_ location: String) async throws {
        let path = try Self.path(location)
        guard unlink(path) == 0 || errno == ENOENT else { throw Self.problem("remove", path) }
    }

    /// How many bytes a file has.
    public func size(of location: String) async throws -> Int64? {
        let path = try Self.path(location)
        var information = stat()
        guard stat(path, &information) == 0 else {
            guard errno == ENOENT || errno == ENOTDIR else { throw Self.problem("inspect", path) }
            return nil
        }
        return Int64(information.st_size)
    }

    /// Creates a folder.
    public func createFolder(_ location: String) async throws {
        try Self.makeFolder(try Self.path(location))
    }

    private static func makeFolder(_ path: String) throws {
        var information = stat()
        if stat(path, &information) == 0 || path.isEmpty { return }
        let parent = folder(of: path)
        try makeFolder(parent)
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw problem("create the folder", path) }
        try sync(parent)
    }

    /// Syncs a file or a folder.
    private static func sync(_ path: String) throws {
        let descriptor = open(path.isEmpty ? "/" : path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw problem("open", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw problem("sync", path) }
    }

    private static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    }

    private static func path(_ location: String) throws -> String {
        guard var path = FileLocation.path(of: location) else {
            throw IcebergError(.unsupported, "\(location) is not a file of this machine")
        }
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path
    }

    private static func read(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
        while true {
            #if canImport(Darwin)
            let count = Darwin.read(descriptor, buffer.baseAddress, buffer.count)
            #else
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            #endif
            if count >= 0 || errno != EINTR { return count }
        }
    }

    private static func write(_ descriptor: Int32, _ buffer: UnsafeRawBufferPointer) -> Int {
        while true {
            #if canImport(Darwin)
            let count = Darwin.write(descriptor, buffer.baseAddress, buffer.count)
            #else
            let count = Glibc.write(descriptor, buffer.baseAddress, buffer.count)
            #endif
            if count >= 0 || errno != EINTR { return count }
        }
    }

    private static func problem(_ verb: String, _ path: String) -> IcebergError {
        let number = errno
        let reason = String(cString: strerror(number))
        switch number {
        case ENOENT, ENOTDIR: return IcebergError(.fileNotFound, "there is no file \(path)")
        case EEXIST: return IcebergError(.fileAlreadyExists, "the file \(path) exists already")
        default: return IcebergError(.io, "could not \(verb) \(path): \(reason)")
        }
    }
}
