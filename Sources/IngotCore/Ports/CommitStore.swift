/// Makes a batch's commit true, all of it at once or none of it.
public protocol CommitStore: Sendable {
    /// Commits.
    ///
    /// - Throws: `IngotError` with `tableChanged` when a pointer has moved, and with `leaseLost` when the lease is not
    ///   the newest of its batch; both leave everything as it was.
    func commit(_ commit: BatchCommit) async throws
}
