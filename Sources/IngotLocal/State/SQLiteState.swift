import Foundation
import GRDB
import IngotCore

/// The local state of a project in one SQLite database: ledger, table pointers, runs, models and garbage.
///
/// One database is what makes a commit one transaction. It is in WAL mode with `synchronous=FULL`: what a call has
/// answered survives a power cut. Several processes may share it.
public final class SQLiteState: Sendable {
    let database: DatabasePool

    /// Opens a database, and creates or migrates it.
    ///
    /// - Parameter path: The database file; its folder is created.
    /// - Throws: `IngotError` with `stateNewer` if a newer Ingot wrote it, or `stateUnusable` if it cannot be opened.
    public init(path: String) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: (path as NSString).deletingLastPathComponent,
                withIntermediateDirectories: true
            )
            var configuration = Configuration()
            configuration.label = "ingot.state"
            configuration.busyMode = .timeout(30)
            configuration.maximumReaderCount = 3
            configuration.prepareDatabase { connection in
                try connection.execute(sql: "PRAGMA synchronous = FULL")
            }
            database = try DatabasePool(path: path, configuration: configuration)
            try database.write { connection in
                try connection.execute(sql: "PRAGMA foreign_keys = ON")
            }
        } catch let error as DatabaseError {
            throw Self.translate(error, path: path)
        } catch {
            throw IngotError(.stateUnusable, "the state folder of \(path) cannot be used", cause: "\(error)")
        }
        let migrator = StateMigrations.migrator
        guard try database.read({ try !migrator.hasBeenSuperseded($0) }) else {
            throw IngotError(
                .stateNewer,
                "\(path) was written by a newer version of Ingot",
                hint: "install the newer version, or use another project folder"
            )
        }
        try migrator.migrate(database)
    }

    /// Closes the database; no call may follow.
    public func close() throws {
        try database.close()
    }

    private static func translate(_ error: DatabaseError, path: String) -> IngotError {
        let isBusy = error.resultCode == .SQLITE_BUSY || error.resultCode == .SQLITE_LOCKED
        return IngotError(
            .stateUnusable,
            "the state database \(path) cannot be \(isBusy ? "locked: another process holds it" : "opened")",
            hint: isBusy ? "wait for the other process, or look for one that hangs" : "ingot doctor",
            isRetryable: isBusy,
            cause: error.message
        )
    }
}
