public import IngotCore
public import IngotProject
public import JSONTree

/// How a check went.
public struct CheckReport: Sendable {
    /// Whether what is expected holds.
    public enum Status: String, Sendable {
        /// It does.
        case pass
        /// It does not, which is a warning.
        case warn
        /// It does not.
        case fail
        /// Nobody knows: the check could not be judged.
        case error
    }

    /// Why what is expected does not hold, as far as the state tells.
    public enum Reason: String, Sendable {
        /// No file came that the table is made of.
        case noFile = "no_file"
        /// Files came that are not loaded.
        case notLoaded = "not_loaded"
        /// The last run of a model that leads to the table failed.
        case modelFailed = "model_failed"
        /// The table does not exist yet.
        case noTable = "no_table"
        /// Rows of the files that came were rejected.
        case rowsRejected = "rows_rejected"
        /// Files came, nothing was rejected, and slots are missing.
        case slotsMissing = "slots_missing"
        /// Files came, nothing was rejected, and there is no newer row.
        case tooOld = "too_old"
    }

    /// The check.
    public var check: String
    /// Its table.
    public var table: TableName
    /// The time for which it was judged, in nanoseconds since 1970 UTC.
    public var time: Int64
    /// Whether what is expected holds.
    public var status: Status
    /// Why it does not.
    public var reason: Reason?
    /// What was found, in one line.
    public var summary: String
    /// What else is to be said to people.
    public var lines: [String] = []
    /// What was found, for programs: members that stand beside those that every check has.
    public var findings = JSONObject()
    /// Why it could not be judged.
    public var error: IngotError?
    /// Who was told.
    public var receipts: [NotificationReceipt] = []

    /// The check, its table and what was found, in one line.
    public var title: String {
        "\(check): \(table): \(summary)"
    }

    /// All of it in lines.
    public var text: String {
        ([title] + lines).joined(separator: "\n")
    }

    /// The report as programs get it.
    public var json: JSON {
        var json: JSONObject = [
            "check": .string(check), "table": .string(table.description), "time": .string(Timestamps.iso(time)),
            "status": .string(status.rawValue), "reason": reason.map { .string($0.rawValue) } ?? .null,
            "summary": .string(summary),
        ]
        for (name, value) in findings { json[name] = value }
        if let error { json["error"] = .string(error.description) }
        json["notifications"] = .array(
            receipts.map { receipt in
                var told: JSONObject = ["target": .string(receipt.target), "sent": .bool(receipt.error == nil)]
                if let error = receipt.error { told["error"] = .string(error.description) }
                return .object(told)
            }
        )
        return .object(json)
    }
}
