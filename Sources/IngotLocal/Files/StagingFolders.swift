import IngotCore
import Synchronization

/// The staging folders of this process, each locked for as long as it is used.
///
/// The system gives the lock up when the process ends, however it ends; so a folder without a lock is nobody's. On a
/// file system without locks none can be told from one in use, and they stay.
final class StagingFolders: Sendable {
    private let locks = Mutex<[String: OpenFile]>([:])

    /// Makes a folder anew and empty.
    func make(_ path: String) throws {
        while true {
            try remove(path)
            try FileSystem.createFolders(path)
            // Between its making and its lock another process may take the folder for abandoned, and remove it.
            guard let folder = try Self.open(path) else { continue }
            guard folder.lockIfFree() != false, try Self.isStill(folder, at: path) else { continue }
            locks.withLock { $0[path] = folder }
            return
        }
    }

    /// Removes a folder and what is in it.
    func remove(_ path: String) throws {
        try FileTree.remove(path)
        locks.withLock { $0[path] = nil }
    }

    /// Removes the folders in a folder that no process has locked.
    func removeAbandoned(in parent: String) throws {
        guard try FileSystem.status(parent, followsLink: true) != nil else { return }
        for entry in try FileSystem.entries(of: parent + "/").entries where entry.isFolder {
            let path = "\(parent)/\(entry.sortName.dropLast())"
            guard let folder = try Self.open(path), folder.lockIfFree() == true else { continue }
            try withExtendedLifetime(folder) { try FileTree.remove(path) }
        }
    }

    private static func open(_ path: String) throws(ObjectStoreError) -> OpenFile? {
        do throws(ObjectStoreError) {
            return try OpenFile(path, flags: FileSystem.folderFlags)
        } catch {
            guard error.kind == .notFound else { throw error }
            return nil
        }
    }

    private static func isStill(_ folder: OpenFile, at path: String) throws -> Bool {
        let (held, named) = try (folder.status(), FileSystem.status(path, followsLink: false))
        return held.fingerprint.inode == named?.fingerprint.inode
    }
}
