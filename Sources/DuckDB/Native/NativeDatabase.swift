import CDuckDB
import Synchronization

/// The native side of a database.
@safe
final class NativeDatabase: @unchecked Sendable {  // The handle is used under the lock only.
    private let lock = Mutex(())
    /// Owned; nil once it is closed.
    private var handle: duckdb_database?

    static var libraryVersion: String {
        unsafe NativeText.copy(duckdb_library_version()) ?? ""
    }

    init(_ configuration: Database.Configuration) throws {
        unsafe handle = try Self.open(configuration)
        try applyLateSettings(configuration)
    }

    deinit { close() }

    func close() {
        lock.withLock { _ in unsafe duckdb_close(&handle) }
    }

    private static func open(_ configuration: Database.Configuration) throws -> duckdb_database? {
        var options: duckdb_config?
        // Owned; DuckDB copies what it needs of it.
        defer { unsafe duckdb_destroy_config(&options) }
        guard unsafe duckdb_create_config(&options) == CDUCKDB_SUCCESS else {
            throw DuckDBError(kind: .outOfMemory, message: "DuckDB cannot be configured")
        }
        for (name, value) in configuration.openingOptions {
            try NativeText.check(value, is: "the setting \(name)")
            guard unsafe duckdb_set_config(options, name, value) == CDUCKDB_SUCCESS else {
                throw DuckDBError(kind: .settings, message: "DuckDB has no setting '\(name)', or not this value for it")
            }
        }
        if let path = configuration.path {
            try NativeText.check(path, is: "the path of a database")
        }
        var database: duckdb_database?
        var report: UnsafeMutablePointer<CChar>?
        guard unsafe duckdb_open_ext(configuration.path ?? ":memory:", &database, options, &report) == CDUCKDB_SUCCESS
        else {
            throw unsafe DuckDBError(report: NativeText.take(report) ?? "the database cannot be opened", sql: "")
        }
        return unsafe database
    }

    private func applyLateSettings(_ configuration: Database.Configuration) throws {
        let session = try connect()
        defer { session.close() }
        for (name, value) in configuration.lateSettings {
            let sql = "SET GLOBAL \(SQL.identifier(name)) = \(SQL.literal(value))"
            try session.run(sql, .none, ticket: Session.Ticket())?.close()
        }
    }

    func connect() throws -> Session {
        // The connection shares the database with us; it does not need our handle after this.
        let session = try lock.withLock { _ in
            var connection: duckdb_connection?
            guard let handle = unsafe handle, unsafe duckdb_connect(handle, &connection) == CDUCKDB_SUCCESS,
                let connection = unsafe connection
            else {
                throw DuckDBError(kind: .connection, message: "the database is closed")
            }
            return unsafe Session(handle: connection)
        }
        // Progress is counted only where a progress bar is on; it is never drawn.
        let sql = "SET enable_progress_bar_print = false; SET progress_bar_time = 0; SET enable_progress_bar = true"
        try session.run(sql, .none, ticket: Session.Ticket())?.close()
        return session
    }
}
