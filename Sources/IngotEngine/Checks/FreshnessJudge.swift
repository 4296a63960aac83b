import DuckDB
import IngotProject
import JSONTree

/// Judges how old the newest row of a table is.
struct FreshnessJudge {
    let freshness: Check.Freshness
    /// The time for which it is judged, in microseconds since 1970 UTC.
    let instant: Int64

    /// Looks at a table; `nil` is one that does not exist yet.
    func judge(_ table: CheckedTable?, _ connection: SQLConnection) async throws -> CheckFinding {
        var (rows, newest): (Int64, Int64?) = (0, nil)
        if let table {
            // What an event says of the time to come says nothing of whether rows come.
            let counted = "isfinite(\(table.eventTime.name)) AND \(table.isBefore(instant + 1))"
            let row = try await connection.query(
                """
                SELECT count(*) AS rows, max(\(table.microseconds)) FILTER (WHERE \(counted)) AS newest
                FROM \(table.sql)
                """
            )[0]
            rows = try row.int64("rows")
            newest = try row.get("newest")
        }
        let age = newest.map { newest in
            // A time may lie as far back as the engine counts.
            let (age, overflow) = instant.subtractingReportingOverflow(newest)
            return overflow ? Int64.max : age
        }
        return CheckFinding(
            status: status(age: age),
            summary: summary(age: age, rows: rows),
            json: [
                "freshness": [
                    "newest": newest.map { .string(CheckText.iso($0)) } ?? .null,
                    "age_seconds": age.map { .integer($0 / 1_000_000) } ?? .null,
                    "warn_after_seconds": Self.seconds(freshness.warnAfter),
                    "error_after_seconds": Self.seconds(freshness.errorAfter), "rows": .integer(rows),
                ]
            ],
            plainReason: .tooOld,
            // A file that came in time would have made the table fresh.
            since: age.map { instant - (limit(age: $0)?.microseconds ?? $0) },
            isOfTime: false
        )
    }

    private func status(age: Int64?) -> CheckReport.Status {
        // No row at all is older than anything.
        let age = age ?? .max
        if let limit = freshness.errorAfter, age > limit.microseconds { return .fail }
        if let limit = freshness.warnAfter, age > limit.microseconds { return .warn }
        return .pass
    }

    private func summary(age: Int64?, rows: Int64) -> String {
        guard let age else {
            return rows == 0 ? "there are no rows" : "none of \(CheckText.count(rows, "row")) has a time up to now"
        }
        let found = "the newest row is \(CheckText.duration(age)) old"
        guard let limit = limit(age: age) else { return found }
        return "\(found), more than \(CheckText.duration(limit.microseconds))"
    }

    /// What an age is more than; `nil` where it passes.
    private func limit(age: Int64) -> Duration? {
        switch status(age: age) {
        case .fail: freshness.errorAfter
        case .warn: freshness.warnAfter
        case .pass, .error: nil
        }
    }

    private static func seconds(_ duration: Duration?) -> JSON {
        duration.map { .integer($0.components.seconds) } ?? .null
    }
}
