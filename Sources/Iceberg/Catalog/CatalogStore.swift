/// Where a catalog keeps its namespaces and the pointers to the tables' current metadata.
public protocol CatalogStore: Sendable {
    /// The namespaces directly beneath one, or at the top, in order of their names.
    ///
    /// - Parameters:
    ///   - parent: The namespace around them; `nil` for the top.
    ///   - name: Only names after this one.
    ///   - limit: How many at most.
    /// - Returns: The namespaces; none beneath a namespace that does not exist.
    /// - Throws: Whatever the store meets.
    func namespaces(in parent: Namespace?, after name: String?, limit: Int) async throws -> [Namespace]

    /// The properties of a namespace; `nil` where there is none.
    func properties(of namespace: Namespace) async throws -> [String: String]?

    /// Creates a namespace.
    ///
    /// - Throws: ``IcebergError`` with the code `namespaceAlreadyExists`, or `noSuchNamespace` for the one around it.
    func create(_ namespace: Namespace, properties: [String: String]) async throws

    /// Sets and removes properties of a namespace, all or none.
    ///
    /// - Throws: ``IcebergError`` with the code `noSuchNamespace`.
    func update(_ namespace: Namespace, setting: [String: String], removing: Set<String>) async throws

    /// Drops a namespace.
    ///
    /// - Throws: ``IcebergError`` with the code `noSuchNamespace` or `namespaceNotEmpty`.
    func drop(_ namespace: Namespace) async throws

    /// The names of the tables of a namespace, in order.
    ///
    /// - Parameters:
    ///   - namespace: The namespace.
    ///   - name: Only names after this one.
    ///   - limit: How many at most.
    /// - Returns: The names; none for a namespace that does not exist.
    /// - Throws: Whatever the store meets.
    func tables(in namespace: Namespace, after name: String?, limit: Int) async throws -> [String]

    /// The locations of the current metadata of tables; tables that do not exist are left out.
    func pointers(of tables: [TableIdentifier]) async throws -> [TableIdentifier: String]

    /// Moves the pointers of tables, all or none, durably.
    ///
    /// In the same transaction it is noted which files nothing needs any more, to be deleted once readers that have
    /// begun are done.
    ///
    /// - Throws: ``IcebergError`` with the code `commitConflict` where a pointer is not what a change expects, and
    ///   `noSuchNamespace` where a new table's namespace does not exist; then nothing has changed.
    func move(_ changes: [PointerChange], releasing files: [String]) async throws
}

extension CatalogStore {
    /// The location of a table's current metadata; `nil` where there is no such table.
    public func pointer(of table: TableIdentifier) async throws -> String? {
        try await pointers(of: [table])[table]
    }
}
