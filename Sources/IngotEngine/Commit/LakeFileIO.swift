import Iceberg
import IngotCore

/// Gives the table library the lake's storage.
struct LakeFileIO: FileIO {
    let storage: any LakeStorage

    func read(_ location: String) async throws -> [UInt8] {
        do {
            return try await storage.read(location)
        } catch let error as IngotError where error.code == .objectNotFound {
            throw IcebergError(.fileNotFound, error.message)
        }
    }

    func create(_ location: String, _ bytes: [UInt8]) async throws {
        try await storage.write(bytes, to: location)
    }

    func sync(_ locations: [String]) async throws {
        try await storage.sync(locations)
    }

    func delete(_ location: String) async throws {
        try await storage.delete([location])
    }

    func size(of location: String) async throws -> Int64? {
        try await storage.size(of: location)
    }

    func createFolder(_ location: String) async throws {
        try await storage.makeFolder(location)
    }
}
