import DuckDB
import IngotCore
import IngotProject
import JSONTree

/// What the state tells of the files that a table is made of: why rows are missing.
struct ArrivalEvidence {
    /// How many files of a pipeline are looked at, the newest.
    private static let fileCountMax = 10_000

    /// The files of a pipeline that came.
    private struct Arrivals {
        var pipeline: String
        var files = 0
        /// Those beside these whose rows are all of a time before.
        var earlier = 0
        /// Those that wait or failed, or lie in the source and nobody has taken in.
        var notLoaded = 0
        /// Those that were quarantined whole.
        var quarantined = 0
        var counts = RowCounts()

        var hasRejected: Bool { counts.quarantined > 0 || counts.skipped > 0 || quarantined > 0 }
    }

    private let pipelines: [Arrivals]
    private let failedModels: [String]
    private let since: Int64?

    /// Looks for what led to a table.
    ///
    /// - Parameters:
    ///   - table: The table.
    ///   - since: From when on files matter, in microseconds since 1970; `nil` for all of time.
    ///   - session: Where it is looked what files hold: those that only hold rows of a time before do not matter. `nil` to
    ///     count all that came.
    ///   - engine: The project's engine.
    /// - Throws: `IngotError` if the state or a table cannot be read.
    init(of table: TableName, since: Int64?, lookingIn session: QuerySession?, _ engine: Engine) async throws {
        self.since = since
        let (pipelines, models) = try await engine.makers(of: table)
        var arrivals: [Arrivals] = []
        for pipeline in pipelines {
            var earlier: Set<String> = []
            if let session, let since { earlier = try await Self.files(of: pipeline, endingBefore: since, session) }
            arrivals.append(try await Self.arrivals(of: pipeline, since, without: earlier, engine))
        }
        var failed: [String] = []
        for model in models where try await engine.runs(of: model, limit: 1).first?.status == .failed {
            failed.append(model)
        }
        self.pipelines = arrivals
        failedModels = failed
    }

    /// The files that came from an instant on and hold rows of a time before it only.
    private static func files(
        of pipeline: Pipeline,
        endingBefore instant: Int64,
        _ session: QuerySession
    ) async throws -> Set<String> {
        var newest: [String: Int64] = [:]
        for table in pipeline.tables {
            // Without a time of its own nobody can tell.
            guard let eventTime = table.eventTime else { return [] }
            try await session.show([table.table.value])
            let (name, column) = (table.table.value, SQL.identifier(eventTime.value))
            let result = try await session.connection.query(
                """
                SELECT \(SystemColumns.sourceFile) AS file, max(epoch_us(TRY_CAST(\(column) AS TIMESTAMP))) AS newest
                FROM \(SQL.qualified([name.namespace, name.name]))
                WHERE \(SystemColumns.ingestedAt) >= make_timestamptz(\(instant)) AND isfinite(\(column))
                    AND TRY_CAST(\(column) AS TIMESTAMP) IS NOT NULL
                GROUP BY ALL
                """
            )
            for row in result {
                let (file, time) = (try row.string("file"), try row.int64("newest"))
                newest[file] = max(newest[file] ?? time, time)
            }
        }
        return Set(newest.filter { $0.value < instant }.keys)
    }

    private static func arrivals(
        of pipeline: Pipeline,
        _ since: Int64?,
        without earlier: Set<String>,
        _ engine: Engine
    ) async throws -> Arrivals {
        let name = pipeline.name.value
        var arrivals = Arrivals(pipeline: name)
        let seen = since.map { $0.multipliedReportingOverflow(by: 1_000).partialValue..<Int64.max }
        let filter = LedgerFilter(source: name, seen: seen, limit: fileCountMax)
        for entry in try await engine.entries(filter) where entry.state != .superseded && entry.state != .undone {
            // What was rejected of a file has no time that anybody knows.
            let isWhole = entry.counts.quarantined == 0 && entry.counts.skipped == 0
            if entry.state.isLive, isWhole, earlier.contains(entry.object.key) {
                arrivals.earlier += 1
                continue
            }
            arrivals.files += 1
            arrivals.counts += entry.counts
            if entry.state.isWaiting || entry.state == .leased { arrivals.notLoaded += 1 }
            // All of it is in quarantine, for a reason of its own.
            if entry.state == .quarantined { arrivals.quarantined += 1 }
        }
        let waiting = try await waitingFiles(of: pipeline, engine)
        arrivals.files += waiting
        arrivals.notLoaded += waiting
        return arrivals
    }

    /// How many files lie in a source that nobody has taken in; none where it cannot be listed, which is told by whoever
    /// loads from it.
    private static func waitingFiles(of pipeline: Pipeline, _ engine: Engine) async throws -> Int {
        let discovery = ObjectDiscovery(services: engine.services, pipeline: pipeline)
        guard let new = try? await discovery.list().new, !new.isEmpty else { return 0 }
        // What was written just before it was taken in looks new, too: the next run finds out that it is not.
        let entries = try await engine.entries(LedgerFilter(source: pipeline.name.value, keys: new.map(\.key)))
        let known = Dictionary(grouping: entries, by: \.object.key)
        return new.count { file in
            !(known[file.key] ?? []).contains { $0.size == file.size && $0.modified == file.modified }
        }
    }

    /// Why rows are missing; `plain` where files came and nothing was rejected.
    func reason(plain: CheckReport.Reason, hasTable: Bool) -> CheckReport.Reason {
        if !pipelines.isEmpty, pipelines.allSatisfy({ $0.files == 0 }) { return .noFile }
        if pipelines.contains(where: { $0.notLoaded > 0 }) { return .notLoaded }
        if !failedModels.isEmpty { return .modelFailed }
        if !hasTable { return .noTable }
        return pipelines.contains(where: \.hasRejected) ? .rowsRejected : plain
    }

    /// What is known, in lines for people.
    var lines: [String] {
        let time = since.map { " since \(CheckText.time($0)) UTC" } ?? ""
        return pipelines.map { "\($0.pipeline): \(Self.text($0))\(time)" }
            + failedModels.map { "\($0): its last run failed; see ingot runs -s \($0)" }
    }

    private static func text(_ arrivals: Arrivals) -> String {
        let earlier = arrivals.earlier > 0 ? "\(arrivals.earlier) with earlier rows" : nil
        guard arrivals.files > 0 else { return "no file came" + (earlier.map { " but \($0)" } ?? "") }
        var parts = ["\(CheckText.count(Int64(arrivals.files), "file")) came"]
        if arrivals.notLoaded > 0 { parts.append("\(arrivals.notLoaded) not loaded") }
        if arrivals.quarantined > 0 { parts.append("\(arrivals.quarantined) quarantined whole") }
        let rejected = arrivals.counts.quarantined + arrivals.counts.skipped
        parts.append("\(rejected) of \(CheckText.count(Int64(arrivals.counts.read), "row")) rejected")
        return parts.joined(separator: ", ") + (earlier.map { ", and \($0)" } ?? "")
    }

    /// What is known, for programs.
    var json: JSONObject {
        [
            "arrivals": [
                "since": since.map { .string(CheckText.iso($0)) } ?? .null,
                "pipelines": .array(
                    pipelines.map { arrivals in
                        [
                            "pipeline": .string(arrivals.pipeline), "files": .integer(Int64(arrivals.files)),
                            "files_of_earlier_time": .integer(Int64(arrivals.earlier)),
                            "files_not_loaded": .integer(Int64(arrivals.notLoaded)),
                            "files_quarantined": .integer(Int64(arrivals.quarantined)),
                            "rows_read": .integer(Int64(arrivals.counts.read)),
                            "rows_rejected": .integer(Int64(arrivals.counts.quarantined + arrivals.counts.skipped)),
                        ]
                    }
                ),
                "failed_models": .array(failedModels.map { .string($0) }),
            ]
        ]
    }
}

extension Engine {
    /// The pipelines and models that lead to a table, by name; to the history of objects all pipelines.
    fileprivate func makers(of table: TableName) async throws -> (pipelines: [Pipeline], models: [String]) {
        let project = services.project
        if table == TableDefinition.objects.name { return (project.pipelines, []) }
        var (reached, frontier): (Set<TableName>, [TableName]) = ([table], [table])
        var models: [String] = []
        while let next = frontier.popLast() {
            guard let model = project.models.first(where: { $0.table.value == next }) else { continue }
            models.append(model.name.value)
            frontier += try await inputs(of: model).filter { reached.insert($0).inserted }
        }
        let pipelines = project.pipelines.filter { pipeline in
            pipeline.tables.map(\.table.value).contains { reached.contains($0) || reached.contains($0.quarantine) }
        }
        return (pipelines, models.sorted())
    }
}
