import GRDB
import IngotCore

/// Looks whether a state database is sound.
public enum StateExamination: Sendable {
    /// What is wrong with a database; empty if it is sound.
    ///
    /// - Throws: `IngotError` if it cannot be opened.
    public static func problems(of path: String) throws -> [String] {
        let state = try SQLiteState(path: path)
        defer { try? state.close() }
        do {
            return try state.database.pool.read { connection in
                try String.fetchAll(connection, sql: "PRAGMA integrity_check(5)").filter { $0 != "ok" }
            }
        } catch {
            throw IngotError(.stateUnusable, "the state database \(path) cannot be read", cause: "\(error)")
        }
    }
}
