/// Bounds on what a project file may hold, so that no file can use up memory, time or the stack.
enum YAMLLimits {
    /// The largest file, in bytes.
    static let fileSizeMax = 1_048_576
    /// How deep values may lie inside each other.
    static let depthMax = 64
    /// How many values a file may have, aliases followed.
    static let nodesMax = 100_000
    /// How many keys one file may repeat before the rest is not looked at.
    static let duplicatesMax = 32
}
