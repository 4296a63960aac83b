import IngotCore
import IngotEngine

/// A model's plan in words.
struct PlanWords {
    private static let rangesMax = 3

    let plan: ModelPlanReport

    /// `3 intervals (2026-01-01 to 2026-01-03): new rows in silver.users`; empty if there is nothing to do.
    var text: String {
        if let error = plan.error { return "cannot be planned: \(error.message)" }
        let reasons = plan.reasons.isEmpty ? "" : ": \(plan.reasons.joined(separator: ", "))"
        return switch plan.action {
        case .upToDate: ""
        case .view: "the view is checked\(reasons)"
        case .everything: "computed as a whole\(reasons)"
        case .intervals: "\(HumanText.count(plan.count, "interval")) (\(ranges))\(reasons)"
        case .keys: "\(HumanText.count(plan.count, "key"))\(reasons)"
        case .loads: "\(HumanText.count(plan.count, "load"))\(reasons)"
        }
    }

    private var ranges: String {
        let shown = plan.intervals.prefix(Self.rangesMax).map { interval in
            "\(Self.text(interval.start)) to \(Self.text(interval.end))"
        }
        let rest = plan.intervals.count - shown.count
        return shown.joined(separator: ", ") + (rest > 0 ? ", and \(rest) more" : "")
    }

    /// A day where the instant is one's beginning, else day and time.
    private static func text(_ microseconds: Int64) -> String {
        let text = HumanText.time(microseconds * 1000)
        return text.hasSuffix(" 00:00:00") ? String(text.prefix(10)) : text
    }
}
