/// How long what is no longer in use is kept; `nil` for ever.
public struct Retention: Hashable, Sendable {
    /// The exact bytes of objects, from the day of their ingestion.
    public var bronze: Duration?
    /// Rejected rows, from their ingestion.
    public var quarantine: Duration?
    /// The record of runs, from their end.
    public var logs: Duration?
    /// Dead letters, from their death.
    public var deadLetters: Duration?
    /// Executions of workflows, from their end.
    public var executions: Duration?

    /// Keeps everything.
    public static let forever = Retention()

    /// Whether everything is kept.
    public var isForever: Bool { self == .forever }

    /// This retention where it says something, else the other one.
    func over(_ base: Retention) -> Retention {
        Retention(
            bronze: bronze ?? base.bronze,
            quarantine: quarantine ?? base.quarantine,
            logs: logs ?? base.logs,
            deadLetters: deadLetters ?? base.deadLetters,
            executions: executions ?? base.executions
        )
    }
}
