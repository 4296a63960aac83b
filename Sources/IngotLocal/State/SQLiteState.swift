import Foundation
import GRDB
import IngotCore

/// The local state of a project in one SQLite database: ledger, table pointers, runs, models and garbage.
///
/// One database is what makes a commit one transaction. It is in WAL mode with `synchronous=FULL`: what a call has
/// answered survives a power cut. Several processes may share it.
public final class SQLiteState: Sendable {
    let database: StateDatabase

    /// Opens a database, and creates or migrates it.
    ///
    /// - Parameter path: The database file; its folder is created.
    /// - Throws: `IngotError` with `stateNewer` if a newer Ingot wrote it, or `stateUnusable` if it cannot be opened.
    public init(path: String) throws {
        do {
            let folder = (path as NSString).deletingLastPathComponent
            try StateFolder.make(folder)
            // Two processes that make or migrate a database at once would both take the same steps. What makes the
            // folder unusable shows below, with the database's name.
            let lock = try? OpenFile(folder, flags: FileSystem.folderFlags)
            lock?.lockWhenFree()
            defer { withExtendedLifetime(lock) {} }
            var configuration = Configuration()
            configuration.label = "ingot.state"
            configuration.busyMode = .timeout(30)
            configuration.maximumReaderCount = 3
            let pool = try DatabasePool(path: path, configuration: configuration)
            let observer = try DatabaseQueue(path: path, configuration: configuration)
            database = StateDatabase(pool: pool, observer: observer, path: path)
            // The pool itself makes it NORMAL when it turns on WAL mode, after any preparation of ours.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            let migrator = StateMigrations.migrator
            guard try pool.read({ try !migrator.hasBeenSuperseded($0) }) else {
                throw IngotError(
                    .stateNewer,
                    "\(path) was written by a newer version of Ingot",
                    hint: "install the newer version, or use another project folder"
                )
            }
            try migrator.migrate(pool)
        } catch let error as DatabaseError {
            throw StateDatabase.translate(error, path: path, action: "opened")
        } catch let error as IngotError {
            throw error
        } catch {
            throw IngotError(.stateUnusable, "the state \(path) cannot be used", cause: error.localizedDescription)
        }
    }

    /// Whether nothing is remembered yet.
    public var isEmpty: Bool {
        get throws {
            do {
                return try database.pool.read { try StateTables.areEmpty(in: $0) }
            } catch let error as DatabaseError {
                throw StateDatabase.translate(error, path: database.path, action: "read")
            }
        }
    }

    /// Closes the database; no call may follow.
    public func close() throws {
        try database.observer.close()
        try database.pool.close()
    }
}
