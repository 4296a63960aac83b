/// Names and folders of tables, each of which one table has for itself.
///
/// Engines that do not tell `Users` from `users` would read one table for the other, and tables whose folders lie in
/// each other lose files when one of them is purged or cleaned of files that nothing names.
extension Catalog {
    /// How many names are asked for at once.
    private static let pageSize = 1_000

    /// Checks that no table has a name, in whatever case.
    ///
    /// - Parameters:
    ///   - table: The name.
    ///   - source: The table that is to have it; its own name may differ in case only.
    /// - Throws: ``IcebergError`` with the code `tableAlreadyExists` or `noSuchNamespace`.
    func checkIsFree(_ table: TableIdentifier, renaming source: TableIdentifier? = nil) async throws {
        try await checkNamespace(table.namespace)
        if try await store.pointer(of: table) != nil { throw Self.tableAlreadyExists(table) }
        let folded = table.name.lowercased()
        for other in try await tables(in: table.namespace) where other != source && other.name.lowercased() == folded {
            throw IcebergError(
                .tableAlreadyExists,
                "Table already exists: \(other), whose name differs from \(table) in case only"
            )
        }
    }

    /// Checks that no namespace beside it has a name that differs in case only.
    ///
    /// - Throws: ``IcebergError`` with the code `namespaceAlreadyExists`.
    func checkIsFree(_ namespace: Namespace) async throws {
        let folded = namespace.levels.last?.lowercased()
        for other in try await store.namespaces(in: namespace.parent, after: nil, limit: .max)
        where other != namespace && other.levels.last?.lowercased() == folded {
            throw IcebergError(
                .namespaceAlreadyExists,
                "Namespace already exists: \(other), whose name differs from \(namespace) in case only"
            )
        }
    }

    /// The request for a table with its folder: the one that it asks for, or one in the warehouse that is free.
    ///
    /// - Throws: ``IcebergError`` with the code `invalidArgument` where the folder that it asks for is not free.
    func placed(_ creation: Creation) async throws -> Creation {
        var placed = creation
        if let location = creation.location {
            try await checkFolder(location, of: creation.table)
            return placed
        }
        let folder = defaultFolder(of: creation.table)
        // A table that was renamed keeps its folder.
        let isFree = try await owner(of: folder, except: creation.table) == nil
        placed.location =
            isFree ? folder : FileLocation.join(warehouse, "\(creation.table.name)-\(files.environment.newUUID())")
        return placed
    }

    /// Where a table lies unless the client or another table wants it otherwise.
    func defaultFolder(of table: TableIdentifier) -> String {
        (table.namespace.levels + [table.name]).reduce(warehouse, FileLocation.join)
    }

    /// Checks that no other table lies in a folder, in one within it, or in one around it.
    ///
    /// - Throws: ``IcebergError`` with the code `invalidArgument`.
    func checkFolder(_ folder: String, of table: TableIdentifier) async throws {
        guard let owner = try await owner(of: folder, except: table) else { return }
        throw IcebergError(
            .invalidArgument,
            "The table \(table) cannot be at \(folder.printable): the table \(owner) is there, within, or around it"
        )
    }

    private func owner(of folder: String, except table: TableIdentifier) async throws -> TableIdentifier? {
        let wanted = Self.closed(folder)
        for namespace in try await allNamespaces() {
            let pointers = try await store.pointers(of: tables(in: namespace))
            for (other, location) in pointers.sorted(by: { $0.value < $1.value }) where other != table {
                // A table whose metadata is lost can be read by nobody.
                guard let metadata = try? await files.metadata(at: location) else { continue }
                let taken = Self.closed(metadata.location)
                if taken.hasPrefix(wanted) || wanted.hasPrefix(taken) { return other }
            }
        }
        return nil
    }

    private static func closed(_ folder: String) -> String {
        let normalized = FileLocation.normalized(folder)
        return normalized.hasSuffix("/") ? normalized : normalized + "/"
    }

    private func tables(in namespace: Namespace) async throws -> [TableIdentifier] {
        var names: [String] = []
        while true {
            let page = try await store.tables(in: namespace, after: names.last, limit: Self.pageSize)
            names += page
            if page.count < Self.pageSize { return names.map { TableIdentifier(namespace, $0) } }
        }
    }

    private func allNamespaces() async throws -> [Namespace] {
        var found: [Namespace] = []
        var parents: [Namespace?] = [nil]
        while let parent = parents.popLast() {
            var last: String?
            while true {
                let page = try await store.namespaces(in: parent, after: last, limit: Self.pageSize)
                found += page
                parents += page
                last = page.last?.levels.last
                if page.count < Self.pageSize { break }
            }
        }
        return found
    }
}
