import DuckDB
import IngotCore
public import IngotProject
import JSONTree

/// Judges the checks of a project, and tells whom they name.
public struct CheckService: Sendable {
    private let engine: Engine
    private let router: NotificationRouter?

    /// A service.
    ///
    /// - Parameters:
    ///   - engine: The project's engine.
    ///   - router: Sends what is to be told; `nil` to tell nobody.
    public init(_ engine: Engine, router: NotificationRouter?) {
        self.engine = engine
        self.router = router
    }

    /// Judges a check, and tells its targets where it does not hold.
    ///
    /// - Parameters:
    ///   - check: The check.
    ///   - time: The time for which it is judged, in nanoseconds since 1970 UTC; `nil` for now.
    /// - Returns: How it went.
    /// - Throws: `CancellationError`.
    public func run(_ check: Check, at time: Int64? = nil) async throws -> CheckReport {
        let time = time ?? engine.services.clock.now()
        var report: CheckReport
        do {
            report = try await judge(check, at: time)
        } catch {
            try Task.checkCancellation()
            report = Self.unjudged(check, at: time, error)
        }
        guard let router, report.status != .pass, !check.notify.isEmpty else { return report }
        report.receipts = await router.send(notice(of: report), to: check.notify.map(\.value))
        return report
    }

    private func judge(_ check: Check, at time: Int64) async throws -> CheckReport {
        let instant = time.flooredQuotient(1_000)
        let session = try await engine.openQuerySession(only: check.sql)
        do {
            let report = try await judge(check, at: time, instant, session)
            await session.close()
            return report
        } catch {
            await session.close()
            throw error
        }
    }

    private func judge(
        _ check: Check,
        at time: Int64,
        _ instant: Int64,
        _ session: QuerySession
    ) async throws -> CheckReport {
        let table = try await visible(check, session)
        let finding: CheckFinding
        switch check.expectation {
        case .freshness(let freshness):
            finding = try await FreshnessJudge(freshness: freshness, instant: instant).judge(table, session.connection)
        case .completeness(let completeness):
            let window = CheckWindow(completeness, at: instant)
            finding = try await CompletenessJudge(
                check: check,
                completeness: completeness,
                window: window,
                session: session
            ).judge(table)
        }
        var report = CheckReport(
            check: check.name.value,
            table: check.table.value,
            time: time,
            status: finding.status == .fail && check.severity == .warn ? .warn : finding.status,
            summary: finding.summary,
            lines: finding.lines,
            findings: finding.json
        )
        guard report.status != .pass else { return report }
        let evidence = try await ArrivalEvidence(
            of: check.table.value,
            since: finding.since,
            lookingIn: finding.isOfTime ? session : nil,
            engine
        )
        report.reason = evidence.reason(plain: finding.plainReason, hasTable: table != nil)
        report.lines += evidence.lines
        for (name, value) in evidence.json { report.findings[name] = value }
        return report
    }

    /// The table of a check, made visible; `nil` if it does not exist yet.
    private func visible(_ check: Check, _ session: QuerySession) async throws -> CheckedTable? {
        let table = check.table.value
        guard session.names.kinds[table] != nil else { throw CheckedTable.unknown(check, session.names) }
        do {
            try await session.show([table])
        } catch let error as IngotError where error.code == .notComputed {
            return nil
        }
        return try await CheckedTable(check, of: engine.services.project, session.connection)
    }

    private static func unjudged(_ check: Check, at time: Int64, _ error: any Error) -> CheckReport {
        var error = IngotError(stopping: "the check \(check.name)", error)
        error.location = error.location ?? check.name.location
        var report = CheckReport(
            check: check.name.value,
            table: check.table.value,
            time: time,
            status: .error,
            summary: "it could not be judged: \(error.message)"
        )
        report.lines = [error.description]
        report.error = error
        return report
    }

    private func notice(of report: CheckReport) -> Notice {
        let services = engine.services
        let word =
            switch report.status {
            case .pass: "holds"
            case .warn: "warns"
            case .fail: "failed"
            case .error: "could not be judged"
            }
        return Notice(
            id: Identifiers(clock: services.clock).runID(),
            project: services.project.configuration.name.value,
            environment: services.project.environment.name,
            source: Notice.Source(.check, report.check),
            severity: report.status == .warn ? .warning : .error,
            title: "The check \(report.check) \(word)",
            text: (["\(report.table): \(report.summary)"] + report.lines).joined(separator: "\n"),
            details: report.json.text(),
            time: services.clock.now()
        )
    }
}

extension Check {
    /// The SQL of the user that a check runs beside views; the empty text for none.
    fileprivate var sql: String {
        guard case .completeness(let completeness) = expectation, case .query(let sql) = completeness.expected else {
            return ""
        }
        return sql.text
    }
}
