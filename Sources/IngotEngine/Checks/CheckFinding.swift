import JSONTree

/// What a look at the table alone tells.
struct CheckFinding {
    /// Whether what is expected holds.
    var status: CheckReport.Status
    /// What was found, in one line.
    var summary: String
    /// What else is to be said to people.
    var lines: [String] = []
    /// What was found, for programs.
    var json: JSONObject
    /// The reason where files came and nothing was rejected.
    var plainReason: CheckReport.Reason
    /// From when on files matter, in microseconds since 1970; `nil` for all of time.
    var since: Int64?
    /// Whether files matter only if they hold something of that time.
    var isOfTime: Bool
}
