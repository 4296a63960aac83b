/// When a file that was written survives a loss of power.
public enum Durability: Sendable {
    /// When the call returns: the file and its folder are synced.
    case onReturn
    /// When a later sync of it returns, which is far quicker for many files.
    ///
    /// After a loss of power before that, the file may be missing, empty or partial under its final name, so nothing
    /// durable may point to it until then.
    case onSync
}
