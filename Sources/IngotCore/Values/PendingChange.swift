/// A part of a model's input that changed and that the model has not taken in yet.
///
/// The commit that changes the input records it; the commit of the model clears it.
public struct PendingChange: Hashable, Sendable {
    /// How much of the input changed.
    public enum Extent: Hashable, Sendable {
        /// The interval that begins at this instant, in microseconds since 1970 UTC, of the model's batch size.
        case interval(Int64)
        /// The rows with this key: a JSON array of the key columns' values as text.
        case key(String)
        /// Rows were added by this load, and none was removed.
        case load(String)
        /// Anything.
        case everything
    }

    /// The model that must look again.
    public var model: String
    /// The input table that changed.
    public var input: String
    /// How much of it changed.
    public var extent: Extent
    /// Grows each time the same change is recorded again, so that clearing what was taken in keeps what came later.
    public var generation: Int64

    /// Records a change; the store gives the generation.
    public init(model: String, input: String, extent: Extent, generation: Int64 = 0) {
        self.model = model
        self.input = input
        self.extent = extent
        self.generation = generation
    }
}
