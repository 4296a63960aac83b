import IngotCore
import IngotProject

extension ModelRunner {
    /// How often a slice is computed anew because another run was faster.
    private static let attemptsMax = 5

    /// Recomputes intervals of a model, slice after slice, each with a commit of its own.
    ///
    /// It goes on where the same backfill was interrupted. What is remembered of the model, and what it has not taken in
    /// yet, stay as they are.
    /// - Parameters:
    ///   - node: The model.
    ///   - request: Which intervals, and how.
    ///   - isDryRun: Whether nothing is to be computed.
    ///   - tell: Is told of each slice that is committed.
    /// - Returns: The slices, with what became of them.
    /// - Throws: `IngotError` with `notBackfilled` where the model has no intervals; what stops a slice.
    func backfill(
        _ node: ModelGraph.Node,
        _ request: BackfillRequest,
        isDryRun: Bool,
        tell: (BackfillReport) -> Void
    ) async throws -> BackfillReport {
        let name = node.model.name.value
        guard let calendar = node.model.calendar, case .incremental(let settings) = node.model.materialization,
            settings.strategy != .append
        else {
            throw IngotError(
                .notBackfilled,
                "the model \(name) is not computed by intervals",
                at: node.model.sql.location,
                hint: "materialized: incremental with a batch_size, or: ingot run --full-refresh"
            )
        }
        let range = calendar.whole(IntervalRange(start: request.start, end: request.end))
        guard calendar.count(range) <= ModelPlanner.extentsMax else {
            throw IngotError(
                .notBackfilled,
                "\(calendar.count(range)) intervals are more than the \(ModelPlanner.extentsMax) of one backfill",
                hint: "a shorter time"
            )
        }
        var work = Backfill(
            model: name,
            fingerprint: try await ModelFingerprint.compute(node, services.project, session.connection),
            start: range.start,
            end: range.end,
            sliceSize: request.sliceSize,
            isNewestFirst: request.isNewestFirst
        )
        let slices = calendar.slices(range, of: request.sliceSize)
        var report = BackfillReport(request.isNewestFirst ? slices.reversed() : slices)
        if let known = try await state.backfill(model: name), known.isSameWork(as: work), known.done < slices.count {
            work.done = known.done
            report.doneBefore = known.done
        }
        guard !isDryRun else { return report }
        while work.done < report.slices.count {
            try Task.checkCancellation()
            let position = work.done
            work.done += 1
            report.slices[position].rows = try await compute(node, slices: report.slices[position].range, work)
            tell(report)
        }
        return report
    }

    /// Computes one slice, and says how many rows it has.
    private func compute(_ node: ModelGraph.Node, slices range: IntervalRange, _ work: Backfill) async throws -> Int {
        var attempt = 0
        while true {
            attempt += 1
            do {
                return try await computeOnce(node, range, work)
            } catch let error as IngotError where error.code == .tableChanged && attempt < Self.attemptsMax {
                continue
            }
        }
    }

    private func computeOnce(_ node: ModelGraph.Node, _ range: IntervalRange, _ work: Backfill) async throws -> Int {
        var preparation = try await preparation(node, isFullRefresh: false)
        preparation.plan = ModelPlan(work: .intervals([range]), reasons: ["asked for"], taken: [])
        let identifiers = Identifiers(clock: services.clock)
        var run = Run(
            id: identifiers.runID(),
            loadID: identifiers.loadID(of: work.model),
            kind: .model,
            name: work.model,
            started: services.clock.now(),
            owner: services.owner
        )
        let lineage = RunLineage(of: node, preparation.inputs, services)
        try await state.begin(run, lineage: lineage?.start(run))
        do {
            let outcome = try await compute(node, preparation, run)
            run.inputs = outcome.partCount
            try await commit(node, preparation, run, outcome, backfill: work)
            try await lake.storage.removeStagingFolder(run.loadID)
            return outcome.rowCount
        } catch {
            let reason = IngotError(stopping: "the model \(run.name)", error)
            run.status = .failed
            run.ended = services.clock.now()
            run.error = "\(reason)"
            // What fails here too, as the state does on a full disk, must not hide why the model failed.
            try? await lake.storage.removeStagingFolder(run.loadID)
            try? await state.fail(run, lineage: lineage?.failed(run))
            throw reason
        }
    }
}
