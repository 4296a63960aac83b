/// A node of a statement's profile: the statement itself at the top, below it the operators of its plan.
public struct ProfileNode: Sendable, Hashable {
    /// The operator's name, such as `READ_CSV` or `HASH_JOIN`; empty at the top.
    public let name: String
    /// The operator's type, such as `TABLE_SCAN`; empty at the top.
    public let type: String
    /// How many rows came out of it.
    public let rows: Int64
    /// How many rows a scan read, before filters that it applies itself.
    public let rowsScanned: Int64
    /// How long its threads worked on it, added up; at the top, how long the statement took.
    public let seconds: Double
    /// The other measurements, by DuckDB's names for them.
    public let metrics: [String: String]
    /// The operators that it takes its rows from.
    public let children: [ProfileNode]

    init(metrics: [String: String], children: [ProfileNode]) {
        name = metrics["OPERATOR_NAME"]?.trimmed ?? ""
        type = metrics["OPERATOR_TYPE"] ?? ""
        rows = metrics["OPERATOR_CARDINALITY"].flatMap(Int64.init) ?? 0
        rowsScanned = metrics["OPERATOR_ROWS_SCANNED"].flatMap(Int64.init) ?? 0
        seconds = (metrics["OPERATOR_TIMING"] ?? metrics["LATENCY"]).flatMap(Double.init) ?? 0
        self.metrics = metrics
        self.children = children
    }

    /// This node and all below it, each before its children.
    public var all: [ProfileNode] {
        [self] + children.flatMap(\.all)
    }
}

extension String {
    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
