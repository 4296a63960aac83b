import GRDB
import IngotCore

/// The connections to a state database, with errors in words for the user.
struct StateDatabase: Sendable {
    /// The room below which a failed write to the disk is laid to its being full.
    private static let fullDiskFreeSize: Int64 = 1 << 20

    let pool: DatabasePool
    /// A connection that only looks whether others have committed: the mark compares with its own last look.
    let observer: DatabaseQueue
    let path: String

    func read<Value: Sendable>(_ work: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do {
            return try await pool.read(work)
        } catch let error as DatabaseError {
            throw Self.translate(error, path: path, action: "read")
        }
    }

    func write<Value: Sendable>(_ work: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do {
            return try await pool.write(work)
        } catch let error as DatabaseError {
            throw Self.translate(error, path: path, action: "written")
        }
    }

    /// Writes also in a task that was cancelled: what it gives back must not stay taken.
    func writeInAnyCase(_ work: @escaping @Sendable (Database) throws -> Void) async throws {
        do {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                pool.asyncWrite(work) { _, result in continuation.resume(with: result) }
            }
        } catch let error as DatabaseError {
            throw Self.translate(error, path: path, action: "written")
        }
    }

    /// A number that is another one after any other connection, of whatever process, has committed.
    func changeMark() async throws -> Int64 {
        do {
            return try await observer.read { try Int64.fetchOne($0, sql: "PRAGMA data_version") ?? 0 }
        } catch let error as DatabaseError {
            throw Self.translate(error, path: path, action: "read")
        }
    }

    /// The error that a user reads when the database fails.
    ///
    /// - Parameters:
    ///   - error: The database's error.
    ///   - path: Where the database is.
    ///   - action: What could not be done, as a participle.
    /// - Returns: The error; it names no SQL, whose arguments may be anything.
    static func translate(_ error: DatabaseError, path: String, action: String) -> IngotError {
        let isBusy = error.resultCode == .SQLITE_BUSY || error.resultCode == .SQLITE_LOCKED
        if isBusy {
            return IngotError(
                .stateUnusable,
                "the state database \(path) cannot be locked: another process holds it",
                hint: "wait for the other process, or look for one that hangs",
                isRetryable: true,
                cause: error.message
            )
        }
        // The memory that processes share, and the log, fail with other numbers than the database when there is no room.
        let isFull =
            error.resultCode == .SQLITE_FULL
            || [.SQLITE_IOERR, .SQLITE_CANTOPEN].contains(error.resultCode)
                && FileSystem.freeSize(around: path).map { $0 < fullDiskFreeSize } ?? false
        if isFull {
            return IngotError(
                .stateUnusable,
                "the state database \(path) cannot be \(action): the disk is full",
                hint: "make room on that disk, and run again: nothing was committed",
                isRetryable: true,
                cause: error.message
            )
        }
        let isForbidden = [.SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM].contains(error.resultCode)
        return IngotError(
            .stateUnusable,
            "the state database \(path) cannot be \(action)",
            hint: isForbidden ? StateFolder.advice(on: FileSystem.folder(of: path)) : "ingot doctor",
            isRetryable: error.resultCode == .SQLITE_IOERR,
            cause: error.message
        )
    }
}
