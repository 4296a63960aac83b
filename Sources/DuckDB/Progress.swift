/// How far the running statement of a connection is.
public struct Progress: Sendable, Hashable {
    /// From 0 to 100.
    public let percentage: Double
    /// Rows read so far, where DuckDB counts them.
    public let rowsProcessed: UInt64
    /// Rows to be read in all, as far as they are known.
    public let rowsTotal: UInt64
}
