/// Which metadata file is each table's current one.
///
/// An adapter passes `TablePointerStoreCompatTest`.
public protocol TablePointerStore: Sendable {
    /// The namespaces, in order of their names, each with its properties.
    func namespaces() async throws -> [String: [String: String]]
    /// Creates a namespace; `false` if it exists.
    func createNamespace(_ name: String, properties: [String: String]) async throws -> Bool
    /// Replaces a namespace's properties; `false` if it does not exist.
    func setProperties(_ properties: [String: String], ofNamespace name: String) async throws -> Bool
    /// Removes an empty namespace; `false` if it does not exist.
    ///
    /// - Throws: `IngotError` with `namespaceNotEmpty` if it holds tables.
    func dropNamespace(_ name: String) async throws -> Bool
    /// The tables of a namespace, in order of their names.
    func tables(namespace: String) async throws -> [String]
    /// The location of a table's current metadata file; `nil` if there is no such table.
    func pointer(namespace: String, table: String) async throws -> String?
    /// Swaps several pointers, all or none; `false` if one of them is not where it was expected.
    func swap(_ swaps: [PointerSwap]) async throws -> Bool
    /// Renames a table; `false` if it does not exist or the new name is taken.
    func rename(from: (namespace: String, table: String), to: (namespace: String, table: String)) async throws -> Bool
    /// Removes a table's pointer, and says what it was; `nil` if there is no such table.
    func drop(namespace: String, table: String) async throws -> String?
}
