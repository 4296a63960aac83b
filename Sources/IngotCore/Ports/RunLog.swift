/// What was attempted, and how it ended.
public protocol RunLog: Sendable {
    /// Records that a run begins, with what others are told of that.
    func begin(_ run: Run, lineage: LineageStart?) async throws
    /// Records that a run ended without a commit, with what others are told of that.
    func fail(_ run: Run, lineage: String?) async throws
    /// The newest runs first, at most `limit` of them.
    func runs(name: String?, limit: Int) async throws -> [Run]
    /// All attempts of one batch, the newest first.
    func runs(loadID: String) async throws -> [Run]
    /// One run, by its id or by a beginning of it that names only one.
    func run(id: String) async throws -> Run?
    /// Forgets runs that ended before a time, the oldest first, at most `limit` of them. Returns how many.
    func removeRuns(before time: Int64, limit: Int) async throws -> Int
}

extension RunLog {
    /// Records that a run begins of which nobody is told.
    public func begin(_ run: Run) async throws {
        try await begin(run, lineage: nil)
    }

    /// Records that a run of which nobody is told ended without a commit.
    public func fail(_ run: Run) async throws {
        try await fail(run, lineage: nil)
    }
}
