/// What the engine is doing just now, for a progress line.
public struct EngineActivity: Sendable, Hashable {
    /// How many objects were copied to bronze since the engine was opened.
    public var objectsKept = 0
    /// How far the statement is that runs, from 0 to 1; `nil` where none runs or nobody can tell.
    public var fraction: Double?
}

extension Engine {
    /// What the engine is doing just now.
    public var activity: EngineActivity {
        get async {
            EngineActivity(fraction: await queries.progress)
        }
    }
}
