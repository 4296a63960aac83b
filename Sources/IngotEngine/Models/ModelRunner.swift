import DuckDB
import IngotCore
import IngotProject

/// Computes models, each after those that it reads.
struct ModelRunner {
    /// How often a model is planned and computed anew because another run was faster.
    private static let attemptsMax = 5

    let services: EngineServices
    let lake: Lake
    let session: QuerySession
    let graph: ModelGraph

    var state: any StateStore { services.state }

    /// Computes models.
    ///
    /// - Parameters:
    ///   - names: The models; `nil` for all.
    ///   - isFullRefresh: Whether everything is computed whatever changed.
    /// - Returns: A report of each.
    func run(_ names: Set<String>?, isFullRefresh: Bool) async -> [ModelReport] {
        var reports = failures(names)
        var broken = graph.descendants(of: Set(graph.problems.keys))
        for node in graph.order where names?.contains(node.model.name.value) ?? true {
            let name = node.model.name.value
            if broken.contains(name) {
                reports.append(skipped(node, because: node.upstream.first(where: broken.contains) ?? name))
                continue
            }
            let report = await run(node, isFullRefresh: isFullRefresh)
            if report.status == .failed { broken = graph.descendants(of: broken.union([name])) }
            reports.append(report)
        }
        return reports
    }

    /// What a run would do.
    func plan(_ names: Set<String>?) async throws -> [ModelPlanReport] {
        var reports = graph.problems.filter { names?.contains($0.key) ?? true }.sorted { $0.key < $1.key }.map {
            ModelPlanReport(model: $0, action: .everything, reasons: [], intervals: [], count: 0, error: $1)
        }
        for node in graph.order where names?.contains(node.model.name.value) ?? true {
            let work = try await preparation(node, isFullRefresh: false).plan
            reports.append(ModelPlanReport(node.model, work))
        }
        return reports
    }

    private func failures(_ names: Set<String>?) -> [ModelReport] {
        graph.problems.filter { names?.contains($0.key) ?? true }.sorted { $0.key < $1.key }.map {
            ModelReport(model: $0, status: .failed, error: $1)
        }
    }

    private func skipped(_ node: ModelGraph.Node, because upstream: String) -> ModelReport {
        ModelReport(
            model: node.model.name.value,
            status: .skipped,
            error: IngotError(.notComputed, "the model \(upstream) that it reads failed", at: node.model.sql.location)
        )
    }

    private func run(_ node: ModelGraph.Node, isFullRefresh: Bool) async -> ModelReport {
        let start = services.clock.now()
        var report = ModelReport(model: node.model.name.value, status: .failed)
        var attempt = 0
        while true {
            attempt += 1
            do {
                try await run(node, isFullRefresh: isFullRefresh, &report)
            } catch let error as IngotError where error.code == .tableChanged && attempt < Self.attemptsMax {
                continue
            } catch {
                report.error = IngotError(stopping: "the model \(node.model.name)", error)
            }
            report.seconds = Double(services.clock.now() - start) / 1e9
            return report
        }
    }

    // MARK: One attempt

    /// What is known before a model is computed.
    struct Preparation {
        var plan: ModelPlan
        var fingerprint: String
        var inputs: [ModelInput]
        var existing: LakeTable?
    }

    /// Changes are read before tables: what is committed in between is taken in twice, never missed.
    func preparation(_ node: ModelGraph.Node, isFullRefresh: Bool) async throws -> Preparation {
        let model = node.model
        let remembered = try await state.modelStates()[model.name.value]
        let pending = try await state.pending(model: model.name.value)
        let reader = ModelInputs(services: services, lake: lake, connection: session.connection)
        let inputs = try await reader.load(node, services.project)
        let existing = try await lake.table(model.table.value)
        let fingerprint = try await ModelFingerprint.compute(node, services.project, session.connection)
        let facts = ModelFacts(
            model: model,
            fingerprint: fingerprint,
            state: remembered,
            tableExists: existing != nil,
            pending: pending,
            inputs: inputs.map { $0.fact(since: remembered) }
        )
        return Preparation(
            plan: ModelPlanner.plan(facts, isFullRefresh: isFullRefresh),
            fingerprint: fingerprint,
            inputs: inputs,
            existing: existing
        )
    }

    private func run(_ node: ModelGraph.Node, isFullRefresh: Bool, _ report: inout ModelReport) async throws {
        let preparation = try await preparation(node, isFullRefresh: isFullRefresh)
        report.reasons = preparation.plan.reasons
        guard preparation.plan.work != .upToDate || !preparation.plan.taken.isEmpty else {
            report.status = .upToDate
            return
        }
        let identifiers = Identifiers(clock: services.clock)
        var run = Run(
            id: identifiers.runID(),
            loadID: identifiers.loadID(of: node.model.name.value),
            kind: .model,
            name: node.model.name.value,
            started: services.clock.now(),
            owner: services.owner
        )
        report.runID = run.id
        let lineage = RunLineage(of: node, preparation.inputs, services)
        try await state.begin(run, lineage: lineage?.start(run))
        do {
            switch preparation.plan.work {
            case .upToDate: try await commit(node, preparation, run, nil)
            case .view:
                try await check(node)
                try await commit(node, preparation, run, nil)
            default:
                let outcome = try await compute(node, preparation, run)
                run.inputs = outcome.partCount
                try await commit(node, preparation, run, outcome)
                try await lake.storage.removeStagingFolder(run.loadID)
                if case .intervals = preparation.plan.work { report.intervals = outcome.partCount }
                report.rows = outcome.rowCount
                report.files = outcome.fileCount
                report.isChanged = !outcome.change.isEmpty
            }
            report.status = preparation.plan.work == .upToDate ? .upToDate : .succeeded
        } catch {
            run.status = .failed
            run.ended = services.clock.now()
            run.error = "\(IngotError(stopping: "the model \(run.name)", error))"
            // What fails here too, as the state does on a full disk, must not hide why the model failed.
            try? await lake.storage.removeStagingFolder(run.loadID)
            try? await state.fail(run, lineage: lineage?.failed(run))
            throw error
        }
    }

    func compute(
        _ node: ModelGraph.Node,
        _ preparation: Preparation,
        _ run: Run
    ) async throws -> ModelComputation.Outcome {
        try await ModelComputation(
            session: session,
            node: node,
            inputs: preparation.inputs,
            existing: preparation.existing,
            plan: preparation.plan,
            loadID: run.loadID,
            folder: try await lake.storage.makeStagingFolder(run.loadID),
            consumers: graph.consumers(services.project)[node.model.table.value] ?? []
        ).run()
    }

    /// A view's SELECT has to compile, although nothing is computed yet.
    private func check(_ node: ModelGraph.Node) async throws {
        try await session.show([node.model.table.value])
    }

    func commit(
        _ node: ModelGraph.Node,
        _ preparation: Preparation,
        _ run: Run,
        _ outcome: ModelComputation.Outcome?,
        backfill: Backfill? = nil
    ) async throws {
        var run = run
        run.status = .succeeded
        run.sources = node.inputs.map(\.description)
        let changes = [outcome?.change].compactMap { $0 }.filter { !$0.isEmpty }
        run.targets = changes.map { $0.shape.definition.name.description }
        let versions = preparation.inputs.map { ($0.name.description, $0.version) }
        let commit = BatchCommit(
            pointers: [],
            run: run,
            pending: outcome?.pending ?? [],
            // What a backfill computes may be a part only of what has to be computed.
            model: backfill != nil
                ? nil
                : ModelCommit(
                    state: ModelState(
                        model: run.name,
                        fingerprint: preparation.fingerprint,
                        inputs: Dictionary(versions, uniquingKeysWith: max),
                        computed: run.started
                    ),
                    cleared: preparation.plan.taken
                ),
            backfill: backfill
        )
        let settings = services.project.environment.settings
        let committer = BatchCommitter(
            lake: lake,
            state: state,
            settings: settings,
            clock: services.clock,
            lineage: RunLineage(of: node, preparation.inputs, services)
        )
        try await committer.commit(changes, commit)
    }
}

extension ModelPlanReport {
    init(_ model: Model, _ plan: ModelPlan) {
        self.model = model.name.value
        reasons = plan.reasons
        intervals = []
        count = plan.work.partCount(model)
        switch plan.work {
        case .upToDate: action = .upToDate
        case .view: action = .view
        case .everything: action = .everything
        case .keys: action = .keys
        case .loads: action = .loads
        case .intervals(let ranges):
            action = .intervals
            intervals = ranges.map { Interval(start: $0.start, end: $0.end) }
        }
    }
}
