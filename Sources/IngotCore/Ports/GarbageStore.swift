/// Files that wait to be deleted.
public protocol GarbageStore: Sendable {
    /// Files whose time has come, at most `limit` of them.
    func garbage(before now: Int64, limit: Int) async throws -> [Garbage]
    /// Forgets files that are deleted.
    func forget(_ garbage: [Garbage]) async throws
}
