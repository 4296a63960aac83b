import IngotCore
import Synchronization

/// A file that is being written under a temporary name; it is removed unless it is renamed.
final class PendingFile: Sendable {
    /// What the file will be called.
    let path: String
    let file: OpenFile
    /// Whether the file holds its content already, sharing the blocks of a source.
    let isClone: Bool
    private let durability: Durability
    private let isNamed = Atomic(false)

    /// Begins a file; its folder must exist.
    init(at path: String, durability: Durability, sharing source: OpenFile? = nil) throws(ObjectStoreError) {
        self.path = path
        self.durability = durability
        (file, isClone) = try FileSystem.createTemporary(in: FileSystem.folder(of: path), sharing: source)
    }

    deinit {
        // A failure leaves a file that is cleared away later.
        if !isNamed.load(ordering: .relaxed) { try? FileSystem.remove(file.path) }
    }

    func append(_ bytes: ArraySlice<UInt8>) throws(ObjectStoreError) {
        do throws(ObjectStoreError) {
            try file.write(bytes)
        } catch {
            var named = error
            named.place = path
            throw named
        }
    }

    /// Makes the content durable, if that is asked for, before the name appears.
    func prepare() throws(ObjectStoreError) {
        if durability == .onReturn { try file.sync() }
    }

    /// Gives the file its name, in place of what has it.
    func rename() throws(ObjectStoreError) {
        try rename(to: path)
    }

    /// Gives the file another name than it was begun for, in the same folder and in place of what has it.
    func rename(to path: String) throws(ObjectStoreError) {
        try FileSystem.rename(file.path, to: path)
        isNamed.store(true, ordering: .relaxed)
    }

    /// Gives the file its name, which nothing must have.
    func renameExclusively() throws(ObjectStoreError) {
        try FileSystem.renameExclusively(file.path, to: path)
        isNamed.store(true, ordering: .relaxed)
    }

    /// Makes the name durable, if that is asked for, and describes the file.
    func finish() throws(ObjectStoreError) -> FileStatus {
        if durability == .onReturn { try FileSync.syncFolder(FileSystem.folder(of: path)) }
        return try file.status()
    }
}
