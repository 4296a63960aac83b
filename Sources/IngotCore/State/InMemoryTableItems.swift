import Synchronization

/// Items of tables in memory: for tests.
public final class InMemoryTableItems: TableItemStore {
    private struct Place: Hashable {
        var table: String
        var key: String
    }

    private let items = Mutex<[Place: String]>([:])

    /// A store that holds nothing yet.
    public init() {}

    /// The text of an item.
    public func item(_ key: String, of table: String) async throws -> String? {
        items.withLock { $0[Place(table: table, key: key)] }
    }

    /// Changes one item.
    public func changeItem(
        _ key: String,
        of table: String,
        _ change: @escaping @Sendable (String?) throws -> String?
    ) async throws {
        let place = Place(table: table, key: key)
        try items.withLock { $0[place] = try change($0[place]) }
    }
}
