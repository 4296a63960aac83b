import Iceberg
import IngotCore
import Synchronization

/// Gives the table library the lake's storage, and remembers what was written and is not durable yet.
///
/// The library writes many small files for one commit; they are synced together, before the pointers move.
final class LakeFileIO: FileIO {
    private let storage: any LakeStorage
    private let unsynced = Mutex<[String]>([])

    init(_ storage: any LakeStorage) {
        self.storage = storage
    }

    /// The files written since the last call.
    func takeUnsynced() -> [String] {
        unsynced.withLock { files in
            defer { files = [] }
            return files
        }
    }

    func read(_ location: String) async throws -> [UInt8] {
        try await storage.read(location)
    }

    func create(_ location: String, _ bytes: [UInt8]) async throws {
        try await storage.write(bytes, to: location)
        unsynced.withLock { $0.append(location) }
    }

    func delete(_ location: String) async throws {
        try await storage.delete([location])
        unsynced.withLock { files in files.removeAll { $0 == location } }
    }

    func size(of location: String) async throws -> Int64? {
        try await storage.size(of: location)
    }

    func createFolder(_ location: String) async throws {
        try await storage.makeFolder(location)
    }
}
