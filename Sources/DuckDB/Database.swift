/// An embedded DuckDB database: a file, or memory only.
///
/// A database stays open as long as one of its connections does. `close()` gives up this hold on it; so does letting
/// go of the value.
public final class Database: Sendable {
    private let handle: NativeDatabase

    /// Opens a database.
    ///
    /// - Throws: `DuckDBError`: the file cannot be opened, another process has it, or a setting is wrong.
    public init(configuration: Configuration = Configuration()) async throws {
        handle = try await Self.onThread { try NativeDatabase(configuration) }
    }

    /// The version of the DuckDB library, such as `v1.5.5`.
    public static var libraryVersion: String { NativeDatabase.libraryVersion }

    /// Makes a connection, with a thread of its own.
    ///
    /// - Throws: `DuckDBError` (`connection`) if the database is closed.
    public func connect() async throws -> Connection {
        let worker = try Worker()
        do {
            let session = try await Self.on(worker) { [handle] in try handle.connect() }
            return Connection(session: session, worker: worker)
        } catch {
            worker.stop()
            throw error
        }
    }

    /// Gives up the database.
    ///
    /// It is written out and closed when its last connection is.
    public func close() async {
        // Closing has no error to tell; without a thread, it is done here.
        do {
            try await Self.onThread { [handle] in handle.close() }
        } catch {
            handle.close()
        }
    }

    private static func onThread<R: Sendable>(_ work: @escaping @Sendable () throws -> R) async throws -> R {
        let worker = try Worker()
        defer { worker.stop() }
        return try await on(worker, work)
    }

    private static func on<R: Sendable>(
        _ worker: Worker,
        _ work: @escaping @Sendable () throws -> R
    ) async throws -> R {
        try await withCheckedThrowingContinuation { continuation in
            worker.enqueue { continuation.resume(with: Result { try work() }) }
        }
    }
}
