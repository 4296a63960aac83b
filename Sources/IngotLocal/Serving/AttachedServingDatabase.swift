import DuckDB
import IngotCore
import IngotEngine
import IngotProject

/// A database that is loaded through the query engine, which attaches it.
struct AttachedServingDatabase: ServingDatabase {
    /// How often a database that another process holds is tried again.
    private static let attemptsMax = 60
    private static let attemptPause = Duration.seconds(1)

    /// The connection's name.
    let connection: String
    let database: any AttachedDatabase
    let failure: ServingFailure
    /// How the query engine is opened.
    let configuration: Database.Configuration

    func lastLoad(_ order: LoadOrder) async throws -> LoadRecord? {
        guard database.exists else { return nil }
        let rows = LoadRows(path: "", columns: [], marksDeletions: false)
        let statements = draft(rows, order)
        return try await withDatabase(readOnly: true) { engine in
            guard try await database.find(LoadStatements.recordTable, statements, engine).exists,
                try await database.find(order.table.name, statements, engine).exists
            else { return nil }
            return try await database.record(statements, engine)
        }
    }

    func load(_ rows: LoadRows, _ order: LoadOrder) async throws -> LoadOutcome {
        guard database.exists || order.creates else {
            throw IngotError(
                .servingTableMissing,
                "there is no database of the connection \(connection) yet",
                hint: "create: true in the file of the load \(order.load)"
            )
        }
        return try await withDatabase(readOnly: false) { engine in
            guard database.preparesOutside else {
                return try await engine.withTransaction { engine in
                    try await database.lock(draft(rows, order), engine)
                    let (statements, found, stale) = try await prepare(rows, order, engine)
                    return try await load(statements, found, nil, stale, engine)
                }
            }
            try await database.execute(draft(rows, order).createRecords, engine)
            let (statements, found, stale) = try await prepare(rows, order, engine)
            let stage = try await database.makeStage(statements, found, engine)
            return try await engine.withTransaction { engine in
                try await database.lock(statements, engine)
                return try await load(statements, found, stage, stale, engine)
            }
        }
    }

    private func draft(_ rows: LoadRows, _ order: LoadOrder) -> LoadStatements {
        LoadStatements(dialect: database.dialect, order: order, rows: rows, prefix: database.prefix(of: order))
    }

    /// Makes the table where that is wanted, and looks whether it can take the rows.
    ///
    /// - Returns: The statements, the table, and the record of a load whose rows are gone with their table.
    private func prepare(
        _ rows: LoadRows,
        _ order: LoadOrder,
        _ engine: SQLConnection
    ) async throws -> (LoadStatements, FoundTable, LoadRecord?) {
        let asked = draft(rows, order)
        var stale: LoadRecord?
        if order.creates {
            // In this order: another process may make and load the table at any time where this is not in a transaction.
            let last = try await database.record(asked, engine)
            if try await !database.find(order.table.name, asked, engine).exists { stale = last }
            try await database.execute(asked.createTable, engine)
        }
        let found = try await database.find(order.table.name, asked, engine)
        let spelled = found.spelling(rows, order)
        try found.check(spelled.rows, spelled.order, connection: connection)
        return (draft(spelled.rows, spelled.order), found, stale)
    }

    /// Loads in the transaction, where nobody else loads the same.
    private func load(
        _ statements: LoadStatements,
        _ found: FoundTable,
        _ made: ServingStage?,
        _ stale: LoadRecord?,
        _ engine: SQLConnection
    ) async throws -> LoadOutcome {
        let order = statements.order
        if let last = try await database.record(statements, engine), last != stale, last.satisfies(order) {
            return .upToDate(last)
        }
        let stage: ServingStage
        if let made { stage = made } else { stage = try await database.makeStage(statements, found, engine) }
        let counts = try await fill(stage, statements, engine)
        try await verifyKeys(stage, statements, engine)
        try await verify(stage, found, statements, engine)
        for sql in stage.settling + statements.apply(stage: stage.native) { try await database.execute(sql, engine) }
        let record = LoadRecord(
            loadID: order.loadID,
            version: order.version,
            definition: order.definition,
            rows: counts.rows,
            deletions: counts.deletions
        )
        try await database.execute(statements.note(record), engine)
        try await database.clear(stage, engine)
        return .loaded(record)
    }

    // MARK: Staging

    private func fill(
        _ stage: ServingStage,
        _ statements: LoadStatements,
        _ engine: SQLConnection
    ) async throws -> (rows: Int, deletions: Int) {
        let rows = statements.rows
        let mark = rows.marksDeletions ? [LoadRows.deletionMark] : []
        let staged = (statements.stageColumns + mark).joined(separator: ", ")
        let names = (rows.columns.map { SQL.identifier($0.name) } + mark).joined(separator: ", ")
        let file = "read_parquet(\(SQL.literal(rows.path)))"
        let count = try await engine.execute("INSERT INTO \(stage.attached) (\(staged)) SELECT \(names) FROM \(file)")
        guard rows.marksDeletions else { return (count, 0) }
        let sql = "SELECT count(*) FROM \(file) WHERE \(LoadRows.deletionMark)"
        let deletions: Int = try await engine.query(sql).scalar()
        return (count - deletions, deletions)
    }

    /// Refuses keys that the table takes for the same though the source does not; servers refuse them themselves.
    private func verifyKeys(
        _ stage: ServingStage,
        _ statements: LoadStatements,
        _ engine: SQLConnection
    ) async throws {
        guard database.dialect == .duckdb, let sql = statements.countSharedKeys(stage: stage.attached) else { return }
        let count: Int = try await engine.query(sql).scalar()
        if count > 0 { throw statements.sharedKeys(connection: connection) }
    }

    /// Reads back what the database keeps: columns round numbers and times without a word.
    private func verify(
        _ stage: ServingStage,
        _ found: FoundTable,
        _ statements: LoadStatements,
        _ engine: SQLConnection
    ) async throws {
        let columns = zip(statements.rows.columns, statements.stageColumns).filter { column, _ in
            column.type.isRounded || column.type == .varchar && found.changesText(of: column.name)
        }
        // Compared in the type of the source: a floating point number is like many whole ones.
        .map { (name: SQL.identifier($0.name), staged: "TRY_CAST(\($1) AS \($0.type.sql))") }
        guard !columns.isEmpty, try await lost(columns, stage, statements.rows, engine).first != nil else { return }
        for column in columns {
            guard let row = try await lost([column], stage, statements.rows, engine).first else { continue }
            throw IngotError(
                .valueLost,
                "the column \(column.name) of the table \(statements.order.table) of \(connection) cannot keep every value as it "
                    + "is, such as \(row[0])",
                hint: "a type with more digits or, for times, fractions of a second"
            )
        }
    }

    private func lost(
        _ columns: [(name: String, staged: String)],
        _ stage: ServingStage,
        _ rows: LoadRows,
        _ engine: SQLConnection
    ) async throws -> QueryResult {
        let names = columns.map(\.name).joined(separator: ", ")
        let staged = columns.map(\.staged).joined(separator: ", ")
        return try await engine.query(
            """
            SELECT * FROM (
                SELECT \(names) FROM read_parquet(\(SQL.literal(rows.path)))
                EXCEPT ALL SELECT \(staged) FROM \(stage.attached)
            ) LIMIT 1
            """
        )
    }

    // MARK: Connections

    /// Does something on a connection on which the database is attached.
    private func withDatabase<R: Sendable>(
        readOnly: Bool,
        _ body: (SQLConnection) async throws -> R
    ) async throws -> R {
        let engine = try await Database(configuration: configuration)
        do {
            let result = try await work(engine, readOnly: readOnly, body)
            await engine.close()
            return result
        } catch {
            await engine.close()
            throw error
        }
    }

    private func work<R: Sendable>(
        _ engine: Database,
        readOnly: Bool,
        _ body: (SQLConnection) async throws -> R
    ) async throws -> R {
        let link = try await engine.connect()
        do {
            try await link.execute("SET TimeZone = 'UTC'")
            try await attach(link, readOnly: readOnly)
            let result: R
            do {
                result = try await body(link)
            } catch {
                throw failure.error(error, .servingRefused, "the database does not take the load")
            }
            await link.close()
            return result
        } catch {
            await link.close()
            throw error
        }
    }

    private func attach(_ link: SQLConnection, readOnly: Bool) async throws {
        for attempt in 1... {
            do {
                return try await database.attach(link, readOnly: readOnly)
            } catch let error as DuckDBError where error.isFileInUse {
                guard attempt < Self.attemptsMax else {
                    throw failure.error(error, .servingBusy, "another process holds the database", isRetryable: true)
                }
                try await Task.sleep(for: Self.attemptPause)
            } catch {
                throw failure.error(error, .servingUnreachable, "the database cannot be reached", isRetryable: true)
            }
        }
    }
}

extension DataType {
    /// Whether a database may keep another value than it is given, without a word.
    fileprivate var isRounded: Bool {
        switch self {
        case .boolean, .integer, .bigint, .float, .double, .decimal, .date, .time, .timestamp, .timestamptz: true
        default: false
        }
    }
}

extension DuckDBError {
    /// Whether another database of this process, or another process, has the file open.
    fileprivate var isFileInUse: Bool {
        kind == .io && isRetryable || kind == .binder && message.contains("file handle conflict")
    }
}
