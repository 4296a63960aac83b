/// Which metadata file is each table's current one.
///
/// The name of a namespace within another holds the names of those around it, each followed by the character U+001F.
/// An adapter passes `TablePointerStoreCompatTest`. Every call is one transaction.
public protocol TablePointerStore: Sendable {
    /// The namespaces, each with its properties.
    func namespaces() async throws -> [String: [String: String]]
    /// The properties of a namespace; `nil` if it does not exist.
    func properties(ofNamespace name: String) async throws -> [String: String]?
    /// Creates a namespace; `false` if it exists.
    ///
    /// - Throws: `IngotError` with `namespaceMissing` if the namespace around it does not exist.
    func createNamespace(_ name: String, properties: [String: String]) async throws -> Bool
    /// Removes and sets properties of a namespace, and leaves its others; `false` if it does not exist.
    func updateNamespace(_ name: String, setting: [String: String], removing: Set<String>) async throws -> Bool
    /// Removes an empty namespace; `false` if it does not exist.
    ///
    /// - Throws: `IngotError` with `namespaceNotEmpty` if it holds tables or namespaces.
    func dropNamespace(_ name: String) async throws -> Bool
    /// Names of tables of a namespace, in the order of their UTF-8 bytes.
    ///
    /// - Parameters:
    ///   - namespace: The namespace; one that does not exist has no tables.
    ///   - name: Only names after this one.
    ///   - limit: How many at most.
    /// - Returns: The names.
    /// - Throws: `IngotError` if the store fails.
    func tables(namespace: String, after name: String?, limit: Int) async throws -> [String]
    /// The location of a table's current metadata file; `nil` if there is no such table.
    func pointer(namespace: String, table: String) async throws -> String?
    /// The locations of all tables' current metadata files as they are at one moment, by namespace and table.
    func pointers() async throws -> [String: [String: String]]
    /// Swaps several pointers in their order, all or none; `false` if one of them is not where it was expected, or the
    /// namespace of a new table does not exist.
    ///
    /// - Parameters:
    ///   - swaps: Tables that change, appear or go.
    ///   - garbage: Files that nothing needs any more once the pointers are swapped.
    /// - Returns: Whether they were swapped.
    /// - Throws: `IngotError` if the store fails.
    func swap(_ swaps: [PointerSwap], garbage: [Garbage]) async throws -> Bool
}

extension TablePointerStore {
    /// The separator after the name of each namespace around another.
    public static var namespaceSeparator: Character { "\u{1F}" }

    /// The tables of a namespace, in order of their names.
    public func tables(namespace: String) async throws -> [String] {
        try await tables(namespace: namespace, after: nil, limit: .max)
    }

    /// Swaps several pointers, all or none; `false` if one of them is not where it was expected.
    public func swap(_ swaps: [PointerSwap]) async throws -> Bool {
        try await swap(swaps, garbage: [])
    }

    /// Renames a table; `false` if it does not exist, the new name is taken, or its namespace does not exist.
    public func rename(
        from: (namespace: String, table: String),
        to: (namespace: String, table: String)
    ) async throws -> Bool {
        guard let location = try await pointer(namespace: from.namespace, table: from.table) else { return false }
        return try await swap([
            PointerSwap(namespace: from.namespace, table: from.table, expected: location, replacement: nil),
            PointerSwap(namespace: to.namespace, table: to.table, expected: nil, replacement: location),
        ])
    }

    /// Removes a table's pointer, and says what it was; `nil` if there is no such table.
    public func drop(namespace: String, table: String) async throws -> String? {
        while let location = try await pointer(namespace: namespace, table: table) {
            let gone = PointerSwap(namespace: namespace, table: table, expected: location, replacement: nil)
            if try await swap([gone]) { return location }
        }
        return nil
    }
}
