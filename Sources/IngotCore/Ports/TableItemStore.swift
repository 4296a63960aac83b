/// The items of the tables that tasks of workflows keep, by table and key.
///
/// An adapter passes `TableItemStoreCompatTest`.
public protocol TableItemStore: Sendable {
    /// The text of an item; `nil` where there is none.
    func item(_ key: String, of table: String) async throws -> String?

    /// Changes one item; nobody else reads or changes it meanwhile.
    ///
    /// - Parameters:
    ///   - key: The key, whatever it looks like.
    ///   - table: The table.
    ///   - change: Gets the item and answers what it is to be, `nil` where there is none; may be called once more when
    ///     the store was busy. What it throws is thrown on, and nothing has changed.
    /// - Throws: What `change` throws, or an `IngotError` of the store.
    func changeItem(
        _ key: String,
        of table: String,
        _ change: @escaping @Sendable (String?) throws -> String?
    ) async throws
}
