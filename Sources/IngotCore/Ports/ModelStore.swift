/// What is remembered of models between runs.
public protocol ModelStore: Sendable {
    /// The state of every model that was computed, by name.
    func modelStates() async throws -> [String: ModelState]
    /// What a model has not taken in yet.
    func pending(model: String) async throws -> [PendingChange]
    /// The models that have not taken in everything yet.
    func changedModels() async throws -> Set<String>
    /// How far the last backfill of a model has come, if there was one.
    func backfill(model: String) async throws -> Backfill?
}
