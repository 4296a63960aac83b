import Synchronization

/// Items of tables in memory: for tests.
public final class InMemoryTableItems: TableItemStore {
    private struct Place: Hashable {
        var table: String
        /// Two ways to write one letter are two keys.
        var key: [UInt8]
    }

    private let items = Mutex<[Place: String]>([:])

    /// A store that holds nothing yet.
    public init() {}

    /// The text of an item.
    public func item(_ key: String, of table: String) async throws -> String? {
        items.withLock { $0[Place(table: table, key: Array(key.utf8))] }
    }

    /// Changes one item.
    public func changeItem(
        _ key: String,
        of table: String,
        _ change: @escaping @Sendable (String?) throws -> String?
    ) async throws {
        let place = Place(table: table, key: Array(key.utf8))
        try items.withLock { $0[place] = try change($0[place]) }
    }
}
