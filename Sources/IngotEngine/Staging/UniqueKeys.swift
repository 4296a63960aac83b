import DuckDB
import Iceberg
import IngotCore
import IngotProject

/// Keeps one row of each key in silver and the others in quarantine, whatever the order of arrival.
///
/// The rows of a batch compete with those of earlier batches. A row that loses its place goes to quarantine with its
/// raw text, which is read again from bronze; when the object that held a place is superseded, the best of the losers
/// comes back from quarantine. Rows with NULL in the key do not compete, as in SQL, nor
/// do rows that another engine wrote: they are of no object.
struct UniqueKeys {
    let services: EngineServices
    let lake: Lake
    let pipeline: Pipeline
    let connection: SQLConnection
    let repair: RecordRepair

    /// What else has to change in the tables, besides the batch's rows.
    struct Moves {
        /// Rows to take out of silver.
        var silver: RowSelection?
        /// Rows to take out of quarantine.
        var quarantine: RowSelection?
        /// Objects of earlier batches whose rows moved.
        var moved: Set<Int> = []
    }

    /// Rows of a table: in which files they can be, and which they are.
    struct RowSelection {
        var files: [String]
        var condition: String
    }

    /// Decides the places of one table.
    ///
    /// - Parameters:
    ///   - table: The judged rows.
    ///   - objects: The batch's objects; those of earlier batches that take part are added.
    ///   - displaced: Objects whose rows are removed.
    /// - Returns: What else has to change.
    /// - Throws: `DuckDBError`, `IcebergError`, `IngotError`.
    func resolve(
        _ table: BatchTable,
        _ objects: inout [BatchObject],
        displaced: [ObjectVersion]
    ) async throws -> Moves {
        guard let contract = table.contract, !contract.uniqueKey.isEmpty else { return Moves() }
        let competition = KeyCompetition(contract: contract, rows: table.rows)
        let silver = try await lake.table(contract.table.value)
        try await connection.execute(competition.batchKeys)
        if let silver {
            try await connection.execute(competition.existing(try await relation(of: silver), displaced))
            if !displaced.isEmpty { try await restore(table, competition, silver, displaced, &objects) }
            try await addOwners(of: "__existing", &objects)
        } else {
            try await connection.execute(competition.noExisting)
        }
        try await connection.execute(competition.ranking)
        var moves = Moves()
        moves.quarantine = try await settleRestored(table, &moves)
        moves.silver = try await settleExisting(table, competition, &objects, &moves)
        try await connection.execute(competition.rejectLosers)
        return moves
    }

    /// Reads the losers whose winner is removed back from quarantine, as rows that compete.
    private func restore(
        _ table: BatchTable,
        _ competition: KeyCompetition,
        _ silver: LakeTable,
        _ displaced: [ObjectVersion],
        _ objects: inout [BatchObject]
    ) async throws {
        guard let quarantine = try await lake.table(table.quarantine) else { return }
        try await connection.execute(competition.vacantKeys(try await relation(of: silver), displaced))
        try await connection.execute(
            competition.losers(in: try await relation(of: quarantine), displaced, pipeline.nullValues)
        )
        try await addOwners(of: "__returning", &objects)
        try await connection.execute(competition.enterReturning(columns: table.newColumns))
    }

    /// Makes the objects of earlier batches known whose rows take part.
    private func addOwners(of source: String, _ objects: inout [BatchObject]) async throws {
        let owners = try await connection.query(
            """
            SELECT DISTINCT \(SystemColumns.sourceFile) AS key, \(SystemColumns.sourceVersion) AS version FROM \(source)
            WHERE \(SystemColumns.sourceFile) IS NOT NULL AND \(SystemColumns.sourceVersion) IS NOT NULL
            """
        )
        let names = try owners.map {
            ObjectVersion(
                source: pipeline.name.value,
                key: try $0.string("key"),
                version: try $0.string("version")
            )
        }
        let known = Set(objects.map(\.entry.object))
        let unknown = names.filter { !known.contains($0) }
        guard !unknown.isEmpty else { return }
        let entries = try await services.state.entries(
            matching: LedgerFilter(source: pipeline.name.value, keys: unknown.map(\.key))
        )
        let wanted = Set(unknown)
        for entry in entries where wanted.contains(entry.object) {
            let object = BatchObject(entry: entry, index: objects.count)
            objects.append(object)
            try await connection.execute(
                "INSERT INTO __objects VALUES ($1, $2, $3, $4)",
                [
                    .integer(Int32(object.index)), .varchar(entry.object.key), .varchar(entry.object.version),
                    .bigint(entry.modified),
                ]
            )
        }
    }

    /// Those that came back and won leave quarantine; those that lost again stay where they are.
    private func settleRestored(_ table: BatchTable, _ moves: inout Moves) async throws -> RowSelection? {
        try await connection.execute(
            """
            DELETE FROM \(table.rows) AS r WHERE r.__returns AND EXISTS (
              SELECT 1 FROM __losers AS l WHERE l.__rid = r.rowid)
            """
        )
        let winners = try await connection.query(
            """
            SELECT o.__key AS key, o.__index AS i FROM \(table.rows) AS r JOIN __objects AS o USING (\(Internal.index))
            WHERE r.__returns
            """
        )
        guard !winners.isEmpty else { return nil }
        moves.moved.formUnion(try winners.map { try $0.int("i") })
        try await connection.execute(
            """
            CREATE OR REPLACE TEMP TABLE __returned AS
            SELECT o.__key AS k, o.__version AS v, r.\(Internal.row) AS n
            FROM \(table.rows) AS r JOIN __objects AS o USING (\(Internal.index)) WHERE r.__returns
            """
        )
        return RowSelection(
            files: try winners.map { try $0.string("key") }.uniqued(),
            condition: """
                (\(SystemColumns.sourceFile), \(SystemColumns.sourceVersion), \(SystemColumns.sourceRow))
                  IN (SELECT (k, v, n) FROM __returned)
                """
        )
    }

    /// Rows of silver that lost their place are read again from bronze, for quarantine.
    private func settleExisting(
        _ table: BatchTable,
        _ competition: KeyCompetition,
        _ objects: inout [BatchObject],
        _ moves: inout Moves
    ) async throws -> RowSelection? {
        let owners = try await connection.query(
            """
            SELECT DISTINCT o.__index AS i FROM __losers AS l JOIN __existing AS e ON l.__eid = e.rowid
            JOIN __objects AS o ON o.__key = e.\(SystemColumns.sourceFile)
              AND o.__version = e.\(SystemColumns.sourceVersion)
            """
        )
        guard !owners.isEmpty else { return nil }
        let indices = try owners.map { try $0.int("i") }.sorted()
        moves.moved.formUnion(indices)
        try await readAgain(indices, table, competition, &objects)
        return RowSelection(
            files: indices.map { objects[$0].entry.object.key },
            condition: competition.lostPlace
        )
    }

    private func readAgain(
        _ indices: [Int],
        _ table: BatchTable,
        _ competition: KeyCompetition,
        _ objects: inout [BatchObject]
    ) async throws {
        var again = indices.map { index in
            var object = objects[index]
            object.fault = nil
            return object
        }
        let kept = KeptBytes(bronze: services.bronze)
        for object in again { try await kept.check(object.entry) }
        let inspector = ObjectInspector(bronze: services.bronze, pipeline: pipeline, connection: connection)
        try await inspector.inspect(&again)
        var tables = BatchTable.tables(of: pipeline).map { table in
            var copy = table
            copy.rows += "_again"
            return copy
        }
        let reader = BatchReader(
            pipeline: pipeline,
            connection: connection,
            repair: repair,
            walk: RecordWalk(pipeline.source, services),
            ahead: nil
        )
        try await reader.prepare(tables)
        try await reader.read(&again, into: &tables)
        try await connection.execute(competition.enterDisplaced(from: table.rows + "_again"))
        for table in tables { try await connection.execute("DROP TABLE \(table.rows)") }
    }

    private func relation(of table: LakeTable) async throws -> String {
        try VisibleTables.relation(of: table, await TableScan(lake.files, metadata: table.metadata).tasks())
    }
}
