import DuckDB
import Iceberg
import IngotCore
import IngotProject

/// Stages a batch: reads its objects, judges their rows, writes what is kept.
struct BatchStager {
    let services: EngineServices
    let lake: Lake
    let pipeline: Pipeline
    let connection: SQLConnection
    let consumers: ChangeConsumers
    let run: Run

    /// Stages everything that the batch changes.
    func stage(_ entries: [LedgerEntry]) async throws -> StagedBatch {
        let folder = try await lake.storage.makeStagingFolder(run.loadID)
        var objects = entries.enumerated().map { BatchObject(entry: $1, index: $0) }
        var tables = try await tables()
        try await describe(objects)
        try await Seeds(services: services).load(pipeline.seeds, connection)
        let inspector = ObjectInspector(bronze: services.bronze, pipeline: pipeline, connection: connection)
        try await inspector.inspect(&objects)
        let repair = RecordRepair(source: pipeline.source, folder: services.scratch + "/" + run.loadID)
        let gate = BatchGate(pipeline: pipeline, connection: connection)
        let writer = BatchWriter(
            lake: lake,
            pipeline: pipeline,
            connection: connection,
            folder: folder,
            loadID: run.loadID,
            ingestedAt: run.started
        )
        let reader = BatchReader(
            pipeline: pipeline,
            connection: connection,
            repair: repair,
            ahead: (services.largeReadSize, writer)
        )
        try await judge(&objects, &tables, reader, gate)
        let displaced = try await displacedVersions(of: objects)
        let own = objects.count
        var moves: [UniqueKeys.Moves] = []
        let keys = UniqueKeys(
            services: services,
            lake: lake,
            pipeline: pipeline,
            connection: connection,
            repair: repair
        )
        for table in tables {
            moves.append(try await keys.resolve(table, &objects, displaced: displaced.map(\.object)))
        }
        let others = try await recounted(Array(objects[own...]), tables)
        objects.removeLast(objects.count - own)
        try await gate.count(&objects, tables: tables)
        var changes = try await writer.write(tables, displaced: displaced.map(\.object), moves: moves)
        let pending = try await ChangeCapture(connection: connection, consumers: consumers, loadID: run.loadID)
            .pending(changes)
        let history = ObjectHistory(lake: lake, connection: connection, folder: folder, run: run, time: run.started)
        changes.append(try await history.stage(events(objects, displaced, others)))
        for table in tables { try await connection.execute("DROP TABLE \(table.rows)") }
        return StagedBatch(
            objects: objects,
            others: others,
            changes: changes,
            superseded: displaced.map(\.id),
            pending: pending
        )
    }

    /// The pipeline's tables, with the columns that those which exist have.
    private func tables() async throws -> [BatchTable] {
        var tables = BatchTable.tables(of: pipeline)
        guard pipeline.schemaEvolution == .addNewColumns else { return tables }
        for number in tables.indices {
            guard let name = tables[number].contract?.table.value, let table = try await lake.table(name) else {
                continue
            }
            tables[number].existingColumns = table.metadata.currentSchema.fields.map(\.name)
        }
        return tables
    }

    /// The objects of earlier batches whose rows moved between silver and quarantine, with their new counts.
    private func recounted(_ others: [BatchObject], _ tables: [BatchTable]) async throws -> [BatchObject] {
        guard !others.isEmpty else { return [] }
        var moved: [Int: (toSilver: Int, toQuarantine: Int)] = [:]
        for table in tables {
            let counts = try await connection.query(
                """
                SELECT \(Internal.index) AS i, count(*) FILTER (NOT \(Internal.rejected)) AS s,
                  count(*) FILTER (\(Internal.rejected)) AS q
                FROM \(table.rows) WHERE \(Internal.index) >= $1 GROUP BY ALL
                """,
                [.integer(Int32(others[0].index))]
            )
            for row in counts {
                moved[try row.int("i"), default: (0, 0)].toSilver += try row.int("s")
                moved[try row.int("i"), default: (0, 0)].toQuarantine += try row.int("q")
            }
        }
        return others.compactMap { object in
            guard let (toSilver, toQuarantine) = moved[object.index] else { return nil }
            var object = object
            object.counts = object.entry.counts
            object.counts.silver += toSilver - toQuarantine
            object.counts.quarantined += toQuarantine - toSilver
            return object
        }
    }

    /// Reads and judges the objects; if a large one is not to be committed as it is, everything again with that held
    /// whole.
    private func judge(
        _ objects: inout [BatchObject],
        _ tables: inout [BatchTable],
        _ reader: BatchReader,
        _ gate: BatchGate
    ) async throws {
        while true {
            let (before, empty) = (objects, tables)
            try await reader.prepare(tables)
            try await reader.read(&objects, into: &tables)
            try await gate.judge(&objects, tables: tables)
            let spoiled = objects.filter { $0.acceptedApart > 0 && ($0.fault != nil || $0.failure != nil) }
            guard !spoiled.isEmpty else {
                return try await gate.keepColumns(of: objects, in: &tables)
            }
            (objects, tables) = (before, empty)
            for object in spoiled { objects[object.index].isHeldWhole = true }
        }
    }

    /// Tells the query engine about the batch's objects.
    private func describe(_ objects: [BatchObject]) async throws {
        try await connection.makeTable(
            "__objects",
            ["\(Internal.index) INTEGER", "__key VARCHAR", "__version VARCHAR", "__modified BIGINT"],
            rows: objects.lazy.map { object in
                let version = object.entry.object
                return [
                    .integer(Int32(object.index)), .varchar(version.key), .varchar(version.version),
                    .bigint(object.entry.modified),
                ]
            }
        )
    }

    /// The live versions whose rows this batch replaces: older ones of its keys, and the same ones loaded again.
    private func displacedVersions(of objects: [BatchObject]) async throws -> [LedgerEntry] {
        let taken = objects.filter { $0.failure == nil }
        let keys = taken.map(\.entry.object.key)
        let own = Set(taken.map(\.entry.id))
        let live = try await services.state.entries(
            matching: LedgerFilter(source: pipeline.name.value, keys: keys, states: [.loaded, .quarantined])
        )
        return live.filter { !own.contains($0.id) }
    }

    private func events(
        _ objects: [BatchObject],
        _ displaced: [LedgerEntry],
        _ others: [BatchObject]
    ) -> [ObjectHistory.Event] {
        displaced.map {
            ObjectHistory.Event(change: .displaced, entry: $0, state: .superseded, counts: $0.counts, error: nil)
        }
            + others.map {
                ObjectHistory.Event(
                    change: .recounted,
                    entry: $0.entry,
                    state: $0.entry.state,
                    counts: $0.counts,
                    error: $0.entry.error
                )
            }
            + objects.map {
                ObjectHistory.Event(
                    change: .settled,
                    entry: $0.entry,
                    state: $0.state,
                    counts: $0.counts,
                    error: $0.complaint
                )
            }
    }
}

extension BatchObject {
    /// Where the object will stand in the ledger.
    var state: ObjectState {
        if failure != nil { return .failed }
        return fault == nil ? .loaded : .quarantined
    }

    /// What the ledger keeps as the reason of that state.
    var complaint: String? {
        failure ?? fault.map { "\($0.rule.rawValue): \($0.message)" }
    }
}

extension StagedBatch {
    /// How many sources a run's lineage names.
    private static let sourcesMax = 1_000

    /// The commit of the batch, without pointers.
    func commit(lease: Lease, run: Run) -> BatchCommit {
        var run = run
        run.status = .succeeded
        for object in objects where object.failure == nil { run.counts += object.counts }
        run.sources = objects.prefix(Self.sourcesMax).map { "\($0.entry.object.key)@\($0.entry.object.version)" }
        run.targets = changes.filter { !$0.isEmpty }.map { $0.shape.definition.name.description }
        return BatchCommit(
            pointers: [],
            lease: lease,
            outcomes: objects.map { object in
                BatchCommit.Outcome(
                    id: object.entry.id,
                    state: object.state,
                    counts: object.failure == nil ? object.counts : RowCounts(),
                    error: object.complaint
                )
            },
            superseded: superseded,
            recounted: others.map {
                BatchCommit.Outcome(id: $0.entry.id, state: $0.entry.state, counts: $0.counts, error: $0.entry.error)
            },
            run: run,
            pending: pending
        )
    }
}
