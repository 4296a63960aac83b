import Foundation
import GRDB
import IngotCore
import IngotEngine
import IngotProject

/// A database in a file of SQLite's.
///
/// The query engine's own extension for SQLite is not among those that come with Ingot, and GRDB is there already: rows are
/// streamed from the file of a load into a prepared statement.
struct SQLiteServingDatabase: ServingDatabase {
    /// How long a load waits for others who write.
    private static let lockTime = 60.0

    /// The connection's name.
    let connection: String
    let path: String
    let failure: ServingFailure
    /// Reads the rows of a load, a portion at a time.
    let reader: LoadRowReader

    private var exists: Bool { FileManager.default.fileExists(atPath: path) }

    func lastLoad(_ order: LoadOrder) async throws -> LoadRecord? {
        guard exists else { return nil }
        let statements = draft(LoadRows(path: "", columns: [], marksDeletions: false), order)
        return try await withDatabase { queue in
            try await queue.read { database in
                guard try SQLiteTables.find(LoadStatements.recordTable, statements, database).exists,
                    try SQLiteTables.find(order.table.name, statements, database).exists
                else { return nil }
                return try Self.record(statements, database)
            }
        }
    }

    func load(_ rows: LoadRows, _ order: LoadOrder) async throws -> LoadOutcome {
        guard order.table.schema?.lowercased() != "temp" else {
            throw IngotError(
                .servingTableUnfit,
                "the table \(order.table) of \(connection) would end with the connection",
                hint: "a table of the schema main"
            )
        }
        guard exists || order.creates else {
            throw IngotError(
                .servingTableMissing,
                "there is no database of the connection \(connection) yet",
                hint: "create: true in the file of the load \(order.load)"
            )
        }
        // A transaction that is open when the connection closes is rolled back.
        return try await withDatabase { queue in
            let begun = try await queue.writeWithoutTransaction { database in
                try database.execute(sql: "BEGIN IMMEDIATE")
                return try begin(rows, order, database)
            }
            guard case .stage(let statements, let insertion) = begun else {
                guard case .upToDate(let last) = begun else { preconditionFailure("a load begins in one of two ways") }
                return .upToDate(last)
            }
            try await reader.read(rows) { portion in
                try await queue.writeWithoutTransaction { try insertion.insert(portion, $0) }
            }
            return try await queue.writeWithoutTransaction { database in
                let record = try finish(statements, database)
                try database.execute(sql: "COMMIT")
                return .loaded(record)
            }
        }
    }

    /// How a load begins.
    private enum Beginning: Sendable {
        case upToDate(LoadRecord)
        case stage(LoadStatements, SQLiteInsertion)
    }

    private func draft(_ rows: LoadRows, _ order: LoadOrder) -> LoadStatements {
        LoadStatements(dialect: .sqlite, order: order, rows: rows, prefix: [order.table.schema ?? "main"])
    }

    private func begin(_ rows: LoadRows, _ order: LoadOrder, _ database: Database) throws -> Beginning {
        let asked = draft(rows, order)
        try database.execute(sql: asked.createRecords)
        try database.execute(sql: asked.claim)
        // The record of a load whose rows are gone with their table does not count.
        let wasThere = try SQLiteTables.find(order.table.name, asked, database).exists
        if order.creates { try database.execute(sql: asked.createTable) }
        let found = try SQLiteTables.find(order.table.name, asked, database)
        let spelled = found.spelling(rows, order)
        try found.check(spelled.rows, spelled.order, connection: connection)
        let statements = draft(spelled.rows, spelled.order)
        if wasThere, let last = try Self.record(statements, database), last.satisfies(order) { return .upToDate(last) }
        let insertion = try SQLiteInsertion(statements, found, connection: connection)
        try database.execute(sql: "CREATE TEMP TABLE \(LoadStatements.stageTable) AS \(statements.emptyStage)")
        return .stage(statements, insertion)
    }

    private func finish(_ statements: LoadStatements, _ database: Database) throws -> LoadRecord {
        let stage = "temp.\(LoadStatements.stageTable)"
        let (order, rows) = (statements.order, statements.rows)
        let count = try Int.fetchOne(database, sql: "SELECT count(*) FROM \(stage)") ?? 0
        let marked = "SELECT count(*) FROM \(stage) WHERE \(LoadRows.deletionMark) = 1"
        if let sql = statements.countSharedKeys(stage: stage), try Int.fetchOne(database, sql: sql) ?? 0 > 0 {
            throw statements.sharedKeys(connection: connection)
        }
        let deletions = rows.marksDeletions ? try Int.fetchOne(database, sql: marked) ?? 0 : 0
        for sql in statements.apply(stage: stage) { try database.execute(sql: sql) }
        let record = LoadRecord(
            loadID: order.loadID,
            version: order.version,
            definition: order.definition,
            rows: count - deletions,
            deletions: deletions
        )
        try database.execute(sql: statements.note(record))
        return record
    }

    private static func record(_ statements: LoadStatements, _ database: Database) throws -> LoadRecord? {
        try Row.fetchOne(database, sql: statements.readRecord()).map { row in
            LoadRecord(loadID: row[0], version: row[1], definition: row[2], rows: row[3], deletions: row[4])
        }
    }

    private func withDatabase<R: Sendable>(_ body: (DatabaseQueue) async throws -> R) async throws -> R {
        var configuration = Configuration()
        configuration.label = "ingot.serving"
        configuration.busyMode = .timeout(Self.lockTime)
        configuration.allowsUnsafeTransactions = true
        let queue: DatabaseQueue
        do {
            queue = try DatabaseQueue(path: path, configuration: configuration)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
            throw failure.error(error, .servingBusy, "another process holds the database", isRetryable: true)
        } catch {
            throw failure.error(error, .servingUnreachable, "the file cannot be opened as a database of SQLite's")
        }
        do {
            let result = try await body(queue)
            try queue.close()
            return result
        } catch {
            // Whatever is not committed ends with the connection; why that fails hides nothing.
            try? queue.close()
            if let error = error as? DatabaseError, error.resultCode == .SQLITE_BUSY {
                throw failure.error(error, .servingBusy, "another process writes to the database", isRetryable: true)
            }
            throw failure.error(error, .servingRefused, "the database does not take the load")
        }
    }
}

/// Looks at the tables of a database of SQLite's.
enum SQLiteTables {
    /// A table as it is.
    static func find(_ table: String, _ statements: LoadStatements, _ database: Database) throws -> FoundTable {
        let schema = statements.prefix[0]
        let columns = try Row.fetchAll(
            database,
            sql: "SELECT name, type, pk FROM pragma_table_info(?, ?) ORDER BY cid",
            arguments: [table, schema]
        )
        let indexes = try String.fetchAll(
            database,
            sql: "SELECT name FROM pragma_index_list(?, ?) WHERE \"unique\" = 1 AND partial = 0",
            arguments: [table, schema]
        )
        var keys = try indexes.map { index in
            try String.fetchAll(
                database,
                sql: "SELECT coalesce(name, '') FROM pragma_index_info(?, ?)",
                arguments: [index, schema]
            )
        }
        // An INTEGER PRIMARY KEY is the table itself, not an index.
        keys.append(columns.filter { ($0["pk"] as Int) > 0 }.map { $0["name"] })
        return FoundTable(columns: columns.map { ServingColumn(name: $0["name"], type: $0["type"]) }, keys: keys)
    }
}
