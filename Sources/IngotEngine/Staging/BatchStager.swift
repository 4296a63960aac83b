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
        let bases = try await competitionBases()
        let versions = BatchVersions(entries, of: pipeline.name.value, in: services.state)
        try await Seeds(services: services).load(pipeline.seeds, connection)
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
            walk: RecordWalk(pipeline.source, services),
            ahead: WritingAhead(
                writer: writer,
                size: services.largeReadSize,
                rejectedSizeMax: services.rejectedSizeMax
            )
        )
        var (objects, tables, restored) = try await judge(versions, reader, gate)
        let displaced = try await versions.displaced(by: objects)
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
        for number in changes.indices { changes[number].base = bases[changes[number].shape.definition.name] }
        let pending = try await ChangeCapture(connection: connection, consumers: consumers, loadID: run.loadID)
            .pending(changes)
        let history = ObjectHistory(lake: lake, connection: connection, folder: folder, run: run, time: run.started)
        let replaced = displaced.filter { entry in !entries.contains { $0.id == entry.id } }
        let staged = objects.filter { !restored.contains($0.entry.id) || $0.failure == nil }
        let events = events(staged, replaced, versions.undone, others, restored: restored)
        changes.append(try await history.stage(events))
        for table in tables { try await connection.execute("DROP TABLE \(table.rows)") }
        return StagedBatch(
            objects: staged,
            restored: restored,
            undone: versions.undone,
            others: others,
            changes: changes,
            superseded: replaced.map(\.id),
            pending: pending
        )
    }

    /// The tables in which rows compete for keys, as they are before anything of them is read.
    ///
    /// Another batch may add the same keys meanwhile, so what is staged fits no other state of them.
    private func competitionBases() async throws -> [TableName: TableChange.Base] {
        var bases: [TableName: TableChange.Base] = [:]
        for table in BatchTable.tables(of: pipeline) {
            guard let contract = table.contract, !contract.uniqueKey.isEmpty else { continue }
            for name in [contract.table.value, table.quarantine] {
                bases[name] = TableChange.Base(metadataLocation: try await lake.table(name)?.metadataLocation)
            }
        }
        return bases
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

    /// Reads and judges the objects of a batch, and the versions that come back for those which it takes out.
    private func judge(
        _ versions: BatchVersions,
        _ reader: BatchReader,
        _ gate: BatchGate
    ) async throws -> (objects: [BatchObject], tables: [BatchTable], restored: Set<Int64>) {
        let empty = try await tables()
        let inspector = ObjectInspector(bronze: services.bronze, pipeline: pipeline, connection: connection)
        var returning: [LedgerEntry] = []
        while true {
            var objects = (versions.loaded + returning).enumerated().map { BatchObject(entry: $1, index: $0) }
            var tables = empty
            try await describe(objects)
            try await checkBytes(of: &objects, returning)
            try await inspector.inspect(&objects)
            try await judge(&objects, &tables, reader, gate)
            let refused = objects.filter { $0.failure != nil }.map(\.entry.id)
            let more = try await versions.returning(beside: objects, refused: Set(refused))
            guard !more.isEmpty else { return (objects, tables, Set(returning.map(\.id))) }
            returning += more
        }
    }

    /// Reads and judges the objects; if rows of one are written that is not to be committed as it is, everything again
    /// with what was decided of it.
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
            let spoiled = objects.filter(\.isSpoiled)
            guard !spoiled.isEmpty else {
                return try await gate.keepColumns(of: objects, in: &tables)
            }
            (objects, tables) = (before, empty)
            for object in spoiled {
                objects[object.index].fault = object.fault
                objects[object.index].failure = object.failure
                objects[object.index].warnings = object.warnings
                if object.failure != nil { objects[object.index].counts.read = object.counts.read }
            }
        }
    }

    /// Finds what was read before and is not in bronze any more as it was: one that is to be loaded fails alone, and
    /// without one that is to come back nothing else is taken out.
    private func checkBytes(of objects: inout [BatchObject], _ returning: [LedgerEntry]) async throws {
        let kept = KeptBytes(bronze: services.bronze)
        for entry in returning { try await kept.check(entry) }
        for index in objects.indices.dropLast(returning.count) where objects[index].entry.attempts > 0 {
            objects[index].failure = try await kept.damage(of: objects[index].entry).map { "\($0)" }
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

    private func events(
        _ objects: [BatchObject],
        _ replaced: [LedgerEntry],
        _ undone: [LedgerEntry],
        _ others: [BatchObject],
        restored: Set<Int64>
    ) -> [ObjectHistory.Event] {
        replaced.map {
            ObjectHistory.Event(
                change: .displaced,
                entry: $0,
                state: $0.isUndone ? .undone : .superseded,
                counts: $0.counts,
                error: nil
            )
        }
            + undone.map {
                ObjectHistory.Event(change: .settled, entry: $0, state: .undone, counts: RowCounts(), error: nil)
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
                    change: restored.contains($0.entry.id) ? .restored : .settled,
                    entry: $0.entry,
                    state: $0.state,
                    counts: $0.counts,
                    error: $0.complaint
                )
            }
    }
}
