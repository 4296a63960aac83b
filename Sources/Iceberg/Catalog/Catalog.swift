/// A catalog of tables: a store of pointers and the files that they point to.
public struct Catalog: Sendable {
    /// A table as it is now.
    public struct Table: Sendable {
        /// The location of its current metadata; `nil` for a table that is staged and does not exist yet.
        public var location: String?
        /// Its current metadata.
        public var metadata: TableMetadata
    }

    /// What a client asks for when it creates a table.
    public struct Creation: Sendable {
        /// The name.
        public var table: TableIdentifier
        /// The folder; `nil` puts it into the warehouse.
        public var location: String?
        /// The columns.
        public var schema: Schema
        /// The partition spec.
        public var spec: PartitionSpec
        /// The sort order.
        public var order: SortOrder
        /// The properties.
        public var properties: [String: String]

        /// A request for a table.
        public init(
            _ table: TableIdentifier,
            location: String? = nil,
            schema: Schema,
            spec: PartitionSpec = .unpartitioned,
            order: SortOrder = .unsorted,
            properties: [String: String] = [:]
        ) {
            self.table = table
            self.location = location
            self.schema = schema
            self.spec = spec
            self.order = order
            self.properties = properties
        }
    }

    /// How often a commit is tried when other commits come between that do not concern it: of so many at once, each
    /// comes through.
    static let attemptsMax = 100

    /// Where the namespaces and pointers are.
    public let store: any CatalogStore
    /// Prepares commits.
    public let committer: TableCommitter
    /// The folder for tables whose location the client does not give.
    public let warehouse: String
    /// The folders that tables may be in; a location elsewhere is refused.
    public let allowedLocations: [String]
    /// Which snapshots a commit expires; `nil` keeps all.
    public let retention: SnapshotRetention?

    /// A catalog.
    public init(
        store: any CatalogStore,
        files: TableFiles,
        warehouse: String,
        allowedLocations: [String]? = nil,
        retention: SnapshotRetention? = SnapshotRetention()
    ) {
        self.store = store
        committer = TableCommitter(files)
        self.warehouse = warehouse
        self.allowedLocations = allowedLocations ?? [warehouse]
        self.retention = retention
    }

    var files: TableFiles {
        committer.files
    }

    /// A table as it is now.
    ///
    /// - Throws: ``IcebergError`` with the code `noSuchTable`.
    public func load(_ table: TableIdentifier) async throws -> Table {
        guard let location = try await store.pointer(of: table) else { throw Self.noSuchTable(table) }
        return Table(location: location, metadata: try await files.metadata(at: location))
    }

    static func noSuchTable(_ table: TableIdentifier) -> IcebergError {
        IcebergError(.noSuchTable, "Table does not exist: \(table)")
    }

    static func tableAlreadyExists(_ table: TableIdentifier) -> IcebergError {
        IcebergError(.tableAlreadyExists, "Table already exists: \(table)")
    }

    /// Checks that a location is in a folder where tables may be.
    func checkLocation(_ location: String) throws {
        let normalized = FileLocation.normalized(location)
        let isPlain = !normalized.split(separator: "/").contains { $0 == ".." || $0 == "." }
        let isAllowed = allowedLocations.contains { root in
            let root = FileLocation.normalized(root)
            return normalized.hasPrefix(root.hasSuffix("/") ? root : root + "/")
        }
        guard isPlain, isAllowed else {
            throw IcebergError(
                .invalidArgument,
                "Tables cannot be at \(location.printable); they are beneath "
                    + allowedLocations.joined(separator: " or ")
            )
        }
    }

    /// Checks every folder that a table's metadata makes the catalog write to.
    func checkLocations(of metadata: TableMetadata) throws {
        try checkLocation(metadata.location)
        if let folder = metadata.propertyValues.metadataFolder { try checkLocation(folder) }
    }
}
