/// Fills a state that remembers nothing yet with what is known from elsewhere.
public protocol StateBuilder: Sendable {
    /// Adds records, in one transaction.
    ///
    /// - Throws: `IngotError` if the store fails.
    func add(_ records: [StateRecord]) async throws
}

/// Something that a state remembers.
public enum StateRecord: Sendable, Hashable {
    /// A namespace, after those around it.
    case namespace(name: String, properties: [String: String])
    /// A table's current metadata file, after its namespace.
    case table(namespace: String, name: String, metadata: String)
    /// An object that no run holds, in the order in which objects were seen; its number is given anew.
    case object(LedgerEntry)
    /// What a file looked like when its version was last determined.
    case look(source: String, key: String, LastLook)
    /// An attempt that has ended.
    case run(Run)
}
