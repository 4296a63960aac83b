extension Catalog {
    /// The metadata of a new table with new ids, as the reference implementation gives them.
    ///
    /// - Throws: ``IcebergError`` where the request is not one for a possible table.
    public func metadata(for creation: Creation) throws -> TableMetadata {
        var ids = FreshIDs()
        let schema = ids.schema(creation.schema)
        let spec = try ids.spec(creation.spec)
        let order = try ids.order(creation.order)
        var properties = creation.properties
        // The version is part of the metadata itself.
        let version = properties.removeValue(forKey: "format-version") ?? "2"
        guard version == "2" else {
            throw IcebergError(.unsupported, "format version \(version) is not supported; 2 is")
        }
        let location = creation.location ?? defaultFolder(of: creation.table)
        let environment = files.environment
        var updates: [TableUpdate] = [
            .assignUUID(environment.newUUID().description), .addSchema(schema), .setCurrentSchema(-1),
            .addPartitionSpec(spec), .setDefaultPartitionSpec(-1), .addSortOrder(order), .setDefaultSortOrder(-1),
            .setLocation(location),
        ]
        if !properties.isEmpty { updates.append(.setProperties(properties)) }
        let metadata = try TableMetadata.creating(updates, now: environment.now())
        try checkLocations(of: metadata)
        return metadata
    }

    /// Makes ready for a table that a later commit creates: nothing is kept of it but its folders.
    ///
    /// - Throws: ``IcebergError`` with the code `tableAlreadyExists` or `noSuchNamespace`.
    public func stage(_ creation: Creation) async throws -> Table {
        try await checkIsFree(creation.table)
        let metadata = try await metadata(for: placed(creation))
        try await makeFolders(metadata)
        return Table(location: nil, metadata: metadata)
    }

    /// Creates a table.
    ///
    /// - Throws: ``IcebergError`` with the code `tableAlreadyExists` or `noSuchNamespace`.
    public func create(_ creation: Creation) async throws -> Table {
        try await checkIsFree(creation.table)
        let metadata = try await metadata(for: placed(creation))
        let prepared = try await beforeCommit {
            try await makeFolders(metadata)
            let prepared = try await committer.prepareCreation(creation.table, metadata)
            do {
                try await files.io.sync(prepared.writtenFiles)
            } catch {
                await committer.discard(prepared)
                throw error
            }
            return prepared
        }
        switch try await move([prepared]) {
        case .moved: return Table(location: prepared.location, metadata: metadata)
        case .notMoved: throw Self.tableAlreadyExists(creation.table)
        case .unknown: throw Self.unknown(creation.table)
        }
    }

    /// Adds a table whose metadata exists already.
    ///
    /// - Throws: ``IcebergError`` with the code `tableAlreadyExists` or `noSuchNamespace`, or where there is no metadata.
    public func register(
        _ table: TableIdentifier,
        metadataLocation: String,
        replacing: Bool = false
    ) async throws -> Table {
        try await checkNamespace(table.namespace)
        try checkLocation(metadataLocation)
        let metadata: TableMetadata
        do {
            metadata = try await files.metadata(at: metadataLocation)
        } catch let error as IcebergError where error.code == .fileNotFound {
            throw IcebergError(.invalidArgument, "There is no metadata at \(metadataLocation)", cause: error)
        }
        try checkLocations(of: metadata)
        let current = try await store.pointer(of: table)
        guard current == nil || replacing || current == metadataLocation else {
            throw Self.tableAlreadyExists(table)
        }
        if current == nil { try await checkIsFree(table) }
        try await checkFolder(metadata.location, of: table)
        let change = PointerChange(table, expected: current, new: metadataLocation)
        try await moveOnly([change]) { Self.tableAlreadyExists(table) }
        return Table(location: metadataLocation, metadata: metadata)
    }

    /// Gives a table another name.
    ///
    /// - Throws: ``IcebergError`` with the code `noSuchTable`, `noSuchNamespace` or `tableAlreadyExists`.
    public func rename(_ source: TableIdentifier, to destination: TableIdentifier) async throws {
        let pointers = try await store.pointers(of: [source, destination])
        guard let location = pointers[source] else { throw Self.noSuchTable(source) }
        guard source != destination else { return }
        try await checkIsFree(destination, renaming: source)
        let changes = [
            PointerChange(source, expected: location, new: nil),
            PointerChange(destination, expected: nil, new: location),
        ]
        try await moveOnly(changes) {
            IcebergError(.commitConflict, "The table \(source) was changed while it was renamed")
        }
    }

    /// Drops a table; with `purge`, its files too.
    ///
    /// Files outside of the folders that tables may be in are never removed, whatever the metadata says.
    ///
    /// - Throws: ``IcebergError`` with the code `noSuchTable`.
    public func drop(_ table: TableIdentifier, purge: Bool = false) async throws {
        for _ in 0..<Self.attemptsMax {
            guard let location = try await store.pointer(of: table) else { throw Self.noSuchTable(table) }
            let change = PointerChange(table, expected: location, new: nil)
            let released = purge ? try await filesToPurge(location) : []
            do {
                try await store.move([change], releasing: released)
                return
            } catch let error as IcebergError where error.code == .commitConflict {
                continue
            } catch {
                switch await settle([change]) {
                case .moved: return
                case .notMoved:
                    throw IcebergError(.unavailable, "The table \(table) was not dropped: \(error)", cause: error)
                case .unknown: throw Self.unknown(table)
                }
            }
        }
        throw IcebergError(.commitConflict, "The table \(table) was changed at each attempt to drop it")
    }

    private func filesToPurge(_ location: String) async throws -> [String] {
        let metadata = try await files.metadata(at: location)
        return try await Reachability(files).allFiles(of: metadata, at: location)
            .filter { (try? checkLocation($0)) != nil }
    }

    private func moveOnly(_ changes: [PointerChange], _ conflict: () -> IcebergError) async throws {
        do {
            try await store.move(changes, releasing: [])
        } catch let error as IcebergError where error.code == .commitConflict {
            throw conflict()
        } catch let error as IcebergError where !error.isUnexpected {
            throw error
        } catch {
            switch await settle(changes.filter { $0.new != nil }) {
            case .moved: return
            case .notMoved:
                throw IcebergError(.unavailable, "Nothing has changed: \(error)", cause: error)
            case .unknown: throw Self.unknown(changes[0].table)
            }
        }
    }

    private static func unknown(_ table: TableIdentifier) -> IcebergError {
        IcebergError(.commitStateUnknown, "It could not be found out whether \(table) was changed")
    }

    func checkNamespace(_ namespace: Namespace) async throws {
        guard try await store.properties(of: namespace) != nil else {
            throw IcebergError(.noSuchNamespace, "Namespace does not exist: \(namespace)")
        }
    }

    /// Clients write into these folders without making them.
    private func makeFolders(_ metadata: TableMetadata) async throws {
        let io = files.io
        try await io.createFolder(
            metadata.propertyValues.metadataFolder ?? FileLocation.join(metadata.location, "metadata")
        )
        try await io.createFolder(FileLocation.join(metadata.location, "data"))
    }
}
