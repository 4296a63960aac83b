import Foundation
import GRDB
import IngotCore

/// Puts a state that was made anew into the place of one that remembers nothing, or that is put aside.
///
/// The new state is made beside the place, so that whatever ends the work leaves the place as it was.
public struct StatePlace: Sendable {
    /// Where the state is, or is to be.
    public let path: String
    private let time: String

    /// Names a place.
    ///
    /// - Parameters:
    ///   - path: The database file.
    ///   - time: What the name of a state that is put aside ends with.
    public init(path: String, time: String) {
        self.path = path
        self.time = time
    }

    /// Where the new state is made.
    public var draft: String { "\(path).new" }

    /// Makes sure that the place may be taken, that its folder is there, and that nothing is left of an earlier try.
    ///
    /// - Parameter isForced: Whether a state that remembers something may be put aside.
    /// - Throws: `IngotError` with `stateExists` or `stateUnusable`.
    public func prepare(isForced: Bool) throws {
        if FileManager.default.fileExists(atPath: path) {
            let state = try SQLiteState(path: path)
            let isEmpty = try state.isEmpty
            try state.close()
            guard isEmpty || isForced else {
                throw IngotError(
                    .stateExists,
                    "there is a state at \(path), and it remembers objects, tables or runs",
                    hint: "--force puts it aside, and keeps it"
                )
            }
            try Self.fold(path)
        }
        try discard()
        try StateFolder.make(FileSystem.folder(of: path))
    }

    /// Puts the draft, which is closed, into its place; the state that was there is kept beside it.
    ///
    /// - Returns: Where that is; `nil` if there was none.
    /// - Throws: `IngotError` with `stateUnusable`.
    @discardableResult
    public func take() throws -> String? {
        try Self.fold(draft)
        do {
            var aside: String?
            if try FileSystem.status(path, followsLink: false) != nil {
                // A second name first: at no moment is there no state, which would be made anew and empty.
                aside = try linkAside()
            }
            try FileSync.sync([draft])
            try FileSystem.rename(draft, to: path)
            try FileSync.syncFolder(FileSystem.folder(of: path))
            return aside
        } catch let error as ObjectStoreError {
            throw IngotError(.stateUnusable, "the new state cannot take the place of \(path)", cause: "\(error)")
        }
    }

    /// Gives the state that is in the place a second name, which is free: another try may have had the same time.
    private func linkAside() throws(ObjectStoreError) -> String {
        let stem = "\(path.hasSuffix(".db") ? String(path.dropLast(3)) : path)-\(time)"
        var number = 1
        while true {
            let name = number == 1 ? "\(stem).db" : "\(stem)-\(number).db"
            do {
                try FileSystem.link(path, to: name)
                return name
            } catch {
                guard error.kind == .preconditionFailed, number < 1_000 else { throw error }
                number += 1
            }
        }
    }

    /// Makes one file of a database and its log, which only who has it alone can do.
    ///
    /// - Throws: `IngotError` with `stateUnusable` where somebody else has it open.
    private static func fold(_ path: String) throws {
        do {
            let queue = try DatabaseQueue(path: path)
            let mode = try queue.writeWithoutTransaction {
                try String.fetchOne($0, sql: "PRAGMA journal_mode = DELETE")
            }
            try queue.close()
            if mode == "delete" { return }
        } catch let error as DatabaseError {
            guard error.resultCode == .SQLITE_BUSY else {
                throw StateDatabase.translate(error, path: path, action: "read")
            }
        }
        throw IngotError(
            .stateUnusable,
            "another process uses the state \(path)",
            hint: "stop ingot serve and other commands of this project first"
        )
    }

    /// Removes what is left of a draft.
    public func discard() throws {
        for suffix in ["", "-wal", "-shm", "-journal"] {
            do {
                try FileSystem.remove(draft + suffix)
            } catch {
                throw IngotError(.stateUnusable, "\(draft)\(suffix) cannot be removed", cause: "\(error)")
            }
        }
    }
}
