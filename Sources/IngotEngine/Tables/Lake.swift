import Iceberg
import IngotCore
import IngotProject

/// A table as it stands: its metadata, and the pointer under which that is current.
struct LakeTable: Sendable {
    var name: TableName
    /// The metadata file that the pointer names; `nil` for a table that is about to be created.
    var metadataLocation: String?
    var metadata: TableMetadata
}

/// Which metadata was each table's current one at a moment.
struct LakeMoment: Sendable {
    fileprivate let pointers: [String: [String: String]]
}

/// The project's tables.
final class Lake: Sendable {
    let storage: any LakeStorage
    let pointers: any TablePointerStore
    let files: TableFiles
    private let clock: IngotClock

    init(storage: any LakeStorage, pointers: any TablePointerStore, clock: IngotClock) {
        self.storage = storage
        self.pointers = pointers
        self.clock = clock
        let environment = TableEnvironment(
            now: { clock.now() / 1_000_000 },
            newUUID: { IcebergUUID(high: clock.random(), low: clock.random()) }
        )
        files = TableFiles(io: LakeFileIO(storage: storage), environment: environment)
    }

    /// The table of that name, if there is one.
    func table(_ name: TableName) async throws -> LakeTable? {
        guard let location = try await pointers.pointer(namespace: name.namespace, table: name.name) else { return nil }
        return LakeTable(name: name, metadataLocation: location, metadata: try await files.metadata(at: location))
    }

    /// The pointers as they are now, so that tables which are read one after the other are of one moment.
    func moment() async throws -> LakeMoment {
        LakeMoment(pointers: try await pointers.pointers())
    }

    /// The table of that name as it was at a moment, if there was one.
    func table(_ name: TableName, at moment: LakeMoment) async throws -> LakeTable? {
        guard let location = moment.pointers[name.namespace]?[name.name] else { return nil }
        return LakeTable(name: name, metadataLocation: location, metadata: try await files.metadata(at: location))
    }

    /// The tables of the namespaces, by name.
    func names() async throws -> [TableName] {
        var names: [TableName] = []
        for namespace in try await pointers.namespaces().keys.sorted() {
            names += try await pointers.tables(namespace: namespace).map { TableName(namespace: namespace, name: $0) }
        }
        return names
    }

    /// The location of a table's folder.
    func location(of name: TableName) -> String {
        "\(storage.root)/\(name.namespace)/\(name.name)"
    }

    /// A new identity for a table.
    func newUUID() -> IcebergUUID {
        files.environment.newUUID()
    }

    /// Milliseconds since 1970.
    func now() -> Int64 {
        files.environment.now()
    }
}
