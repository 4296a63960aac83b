import Synchronization

/// Files in memory, for tests and for tables that need not last.
public final class MemoryFileIO: FileIO {
    /// What has been asked of the files so far.
    public struct Counts: Sendable, Hashable {
        /// How many files were read.
        public var reads = 0
        /// How many bytes were read.
        public var bytesRead = 0
        /// How many files were written.
        public var writes = 0
        /// How many bytes were written.
        public var bytesWritten = 0
        /// How many files were removed.
        public var deletes = 0
    }

    private struct State {
        var files: [String: [UInt8]] = [:]
        var counts = Counts()
    }

    private let state = Mutex(State())

    /// No files.
    public init() {}

    /// What has been asked so far.
    public var counts: Counts {
        state.withLock(\.counts)
    }

    /// The locations of all files, in order.
    public var locations: [String] {
        state.withLock { $0.files.keys.sorted() }
    }

    /// Reads a file.
    public func read(_ location: String) async throws -> [UInt8] {
        try state.withLock { state in
            guard let bytes = state.files[FileLocation.normalized(location)] else {
                throw IcebergError(.fileNotFound, "there is no file \(location)")
            }
            state.counts.reads += 1
            state.counts.bytesRead += bytes.count
            return bytes
        }
    }

    /// Creates a file.
    public func create(_ location: String, _ bytes: [UInt8]) async throws {
        try state.withLock { state in
            let location = FileLocation.normalized(location)
            guard state.files[location] == nil else {
                throw IcebergError(.fileAlreadyExists, "the file \(location) exists already")
            }
            state.files[location] = bytes
            state.counts.writes += 1
            state.counts.bytesWritten += bytes.count
        }
    }

    /// Does nothing: what is in memory survives no crash.
    public func sync(_ locations: [String]) async throws {}

    /// Removes a file.
    public func delete(_ location: String) async throws {
        state.withLock { state in
            if state.files.removeValue(forKey: FileLocation.normalized(location)) != nil { state.counts.deletes += 1 }
        }
    }

    /// How many bytes a file has.
    public func size(of location: String) async throws -> Int64? {
        state.withLock { $0.files[FileLocation.normalized(location)].map { Int64($0.count) } }
    }

    /// Creates a folder.
    public func createFolder(_ location: String) async throws {}
}
