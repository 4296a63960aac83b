import IngotCore
import IngotProject

/// Decides what has to be computed, by nothing but its arguments.
package enum ModelPlanner {
    /// With more intervals or keys than this, everything is computed.
    package static let extentsMax = 100_000

    /// The plan for a model.
    ///
    /// - Parameters:
    ///   - facts: What is known.
    ///   - isFullRefresh: Whether everything is wanted whatever changed.
    /// - Returns: What has to be done.
    package static func plan(_ facts: ModelFacts, isFullRefresh: Bool = false) -> ModelPlan {
        let isView = facts.model.materialization == .view
        if let reason = restatement(facts, isFullRefresh: isFullRefresh) {
            return ModelPlan(work: isView ? .view : .everything, reasons: [reason], taken: facts.pending)
        }
        // A view is what its inputs are.
        guard !isView else { return ModelPlan(work: .upToDate, reasons: [], taken: facts.pending) }
        let relevant = facts.pending.filter { change in
            facts.inputs.contains { $0.name.description == change.input && $0.grain != nil }
        }
        guard !relevant.isEmpty else {
            return ModelPlan(work: .upToDate, reasons: [], taken: facts.pending)
        }
        let work = self.work(facts.model, relevant.map(\.extent))
        guard work != .upToDate else { return ModelPlan(work: work, reasons: [], taken: facts.pending) }
        let changed = relevant.map(\.input).uniqued().sorted()
        let restated = relevant.filter { $0.extent == .everything }.map(\.input).uniqued().sorted()
        let reasons =
            work == .everything && !restated.isEmpty
            ? restated.map { "\($0) changed as a whole" } : changed.map { "new rows in \($0)" }
        return ModelPlan(work: work, reasons: reasons, taken: facts.pending)
    }

    /// Why everything has to be computed, whatever the pending changes say.
    private static func restatement(_ facts: ModelFacts, isFullRefresh: Bool) -> String? {
        guard !isFullRefresh else { return "asked for" }
        guard let state = facts.state else { return "new model" }
        guard state.fingerprint == facts.fingerprint else { return "the model changed" }
        guard facts.model.materialization != .view else { return nil }
        guard facts.tableExists else { return "the table is gone" }
        for input in facts.inputs where input.grain != nil {
            guard state.inputs[input.name.description] != nil else { return "\(input.name) is a new input" }
            switch input.history {
            case .known: continue
            case .changed: return "\(input.name) changed"
            case .foreign: return "another engine wrote \(input.name)"
            case .anew: return "\(input.name) was made anew or set back"
            }
        }
        return nil
    }

    private static func work(_ model: Model, _ extents: [PendingChange.Extent]) -> ModelPlan.Work {
        guard case .incremental(let settings) = model.materialization, !extents.contains(.everything) else {
            return .everything
        }
        if settings.strategy == .append {
            let loads = extents.compactMap { if case .load(let id) = $0 { id } else { nil } }
            return loads.count == extents.count ? .loads(loads.uniqued().sorted()) : .everything
        }
        if let size = settings.batchSize {
            let starts = extents.compactMap { if case .interval(let start) = $0 { start } else { nil } }
            guard starts.count == extents.count else { return .everything }
            return intervals(starts, settings, IntervalCalendar(size))
        }
        let keys = extents.compactMap { if case .key(let key) = $0 { key } else { nil } }
        guard keys.count == extents.count, keys.count <= extentsMax else { return .everything }
        return .keys(Set(keys).sorted())
    }

    /// The intervals whose rows changes can alter: those from `affects` before a change to `lookback` after it.
    private static func intervals(
        _ changes: [Int64],
        _ settings: Model.Incremental,
        _ calendar: IntervalCalendar
    ) -> ModelPlan.Work {
        let first = settings.begin.flatMap(EventTime.instant).map(calendar.number(of:)) ?? .min
        var runs: [ClosedRange<Int64>] = []
        // What lies before `begin` is not read, so its changes change nothing.
        for number in Set(changes.map(calendar.number(of:))).sorted() where number >= first {
            let low = max(first, number - Int64(settings.affects))
            let high = number + Int64(settings.lookback)
            if let last = runs.last, low <= last.upperBound + 1 {
                runs[runs.count - 1] = last.lowerBound...max(last.upperBound, high)
            } else {
                runs.append(low...high)
            }
        }
        let count = runs.reduce(0) { $0 + $1.count }
        guard count > 0 else { return .upToDate }
        return count > extentsMax ? .everything : .intervals(runs.map(calendar.range))
    }
}
