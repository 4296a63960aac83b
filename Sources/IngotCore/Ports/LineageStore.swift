/// Holds the events that tell of runs until they are sent.
///
/// They are written together with what they tell of: a start by ``RunLog/begin(_:lineage:)``, an end by
/// ``CommitStore/commit(_:)`` or ``RunLog/fail(_:lineage:)``. A run has one end: only what began and has not ended yet ends.
public protocol LineageStore: Sendable {
    /// The oldest events, at most `limit` of them.
    func lineageEvents(limit: Int) async throws -> [LineageEvent]
    /// Forgets events.
    func removeLineageEvents(_ ids: [Int64]) async throws
    /// Forgets the oldest events beyond a number of them, and says how many.
    func trimLineageEvents(to count: Int) async throws -> Int
    /// The runs that have begun and not ended.
    func openLineage() async throws -> [LineageStart]
    /// Ends a run with an event; nothing happens if it has ended already.
    func endLineage(of runID: String, with text: String) async throws
}
