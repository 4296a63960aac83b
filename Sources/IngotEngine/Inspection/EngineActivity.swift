/// What the engine is doing just now, for a progress line.
public struct EngineActivity: Sendable, Hashable {
    /// How many objects were copied to bronze since the engine was opened.
    public var objectsKept: Int
    /// How far the statement is that runs, from 0 to 1; `nil` where none runs or nobody can tell.
    public var fraction: Double?

    /// Says what is being done.
    public init(objectsKept: Int = 0, fraction: Double? = nil) {
        self.objectsKept = objectsKept
        self.fraction = fraction
    }
}

extension Engine {
    /// How far the slowest statement is that runs, from 0 to 1; `nil` where none runs or nobody can tell.
    public var statementProgress: Double? {
        get async { await queries.progress }
    }
}
