import IngotCore
import IngotProject

/// Brings what a load reads into its database.
struct LoadRunner {
    let services: EngineServices
    let lake: Lake
    let fence: SQLFence

    /// Runs a load.
    ///
    /// - Parameters:
    ///   - load: The load.
    ///   - isForced: Whether it is done though nothing changed.
    /// - Returns: What became of it.
    func run(_ load: Load, isForced: Bool) async -> LoadReport {
        let start = services.clock.now()
        var report = LoadReport(load: load.name.value)
        do {
            try Task.checkCancellation()
            let session = try await QuerySession(services, lake: lake, fence: fence)
            do {
                try await run(load, isForced: isForced, session, &report)
                await session.close()
            } catch {
                await session.close()
                throw error
            }
        } catch {
            report.status = .failed
            var reason = IngotError(stopping: "the load \(load.name)", error)
            reason.location = reason.location ?? load.name.location
            report.error = reason
        }
        report.seconds = Double(services.clock.now() - start) / 1e9
        return report
    }

    private func run(
        _ load: Load,
        isForced: Bool,
        _ session: QuerySession,
        _ report: inout LoadReport
    ) async throws {
        let database = try await database(of: load)
        let source = try await LoadSource(load, session)
        let identifiers = Identifiers(clock: services.clock)
        var order = LoadOrder(
            load: load.name.value,
            loadID: identifiers.loadID(of: load.name.value),
            table: load.table.value,
            disposition: load.writeDisposition,
            primaryKey: load.primaryKey.map(\.value),
            creates: load.creates,
            version: source.version,
            definition: source.definition,
            isForced: isForced,
            time: services.clock.now()
        )
        // Asked before anything is computed; whoever loads looks again in its transaction.
        if !isForced, let last = try await database.lastLoad(order), last.satisfies(order) {
            return finish(&report, .upToDate, last)
        }
        var run = Run(
            id: identifiers.runID(),
            loadID: order.loadID,
            kind: .load,
            name: order.load,
            started: services.clock.now(),
            owner: services.owner
        )
        report.runID = run.id
        try await services.state.begin(run)
        do {
            let folder = try await lake.storage.makeStagingFolder(order.loadID)
            let (rows, _) = try await source.write(to: "\(folder)/rows.parquet")
            order.primaryKey = source.primaryKey(rows)
            let outcome = try await database.load(rows, order)
            run.sources = source.tables.map(\.description)
            run.inputs = run.sources.count
            switch outcome {
            case .loaded(let record):
                run.targets = ["\(load.connection).\(load.table)"]
                run.counts.read = record.rows + record.deletions
                finish(&report, .succeeded, record)
            case .upToDate(let record): finish(&report, .upToDate, record)
            }
            run.status = .succeeded
            run.ended = services.clock.now()
            try await services.state.commit(BatchCommit(pointers: [], run: run))
            try await lake.storage.removeStagingFolder(order.loadID)
        } catch {
            run.status = .failed
            run.ended = services.clock.now()
            run.error = "\(IngotError(stopping: "the load \(load.name)", error))"
            // What fails here too, as the state does on a full disk, must not hide why the load failed.
            try? await lake.storage.removeStagingFolder(order.loadID)
            try? await services.state.fail(run)
            throw error
        }
    }

    private func database(of load: Load) async throws -> any ServingDatabase {
        guard let connection = services.project.environment.connections[load.connection.value] else {
            let message = "there is no connection \"\(load.connection)\""
            throw IngotError(.unknownName, message, at: load.connection.location)
        }
        return try await services.serving(connection, services.spillFolder())
    }

    private func finish(_ report: inout LoadReport, _ status: LoadReport.Status, _ record: LoadRecord) {
        report.status = status
        report.loadID = record.loadID
        report.rows = record.rows
        report.deletions = record.deletions
    }
}

extension Engine {
    /// Brings what changed into other databases, one load after the other.
    ///
    /// - Parameters:
    ///   - names: The loads, in this order.
    ///   - isForced: Whether they are done though nothing changed.
    /// - Returns: A report of each; what happens to one is in it.
    /// - Throws: `CancellationError`.
    public func load(_ names: [String], isForced: Bool = false) async throws -> [LoadReport] {
        let runner = LoadRunner(services: services, lake: lake, fence: fence)
        var reports: [LoadReport] = []
        for load in names.compactMap({ services.project.load(named: $0) }) {
            reports.append(await runner.run(load, isForced: isForced))
            try Task.checkCancellation()
        }
        return reports
    }
}
