import Foundation
import IngotCore
import Synchronization

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// A folder for what does not outlive a process, under the state folder where that can be written.
///
/// Each process that works has its own, with a file that says who owns it, locked as long as that process lives;
/// whoever opens one removes those of dead processes.
final class ScratchFolder: Sendable {
    private static let ownerFile = "owner"

    /// The folder; it exists only once ``prepare(_:)`` was called.
    let path: String
    /// Where the folders of other processes are too; `nil` among the system's temporary ones.
    private let parent: String?
    private let mark = Mutex<OpenFile?>(nil)

    init(stateFolder: String, owner: LeaseOwner) {
        let parent = Self.parent(stateFolder)
        self.parent = parent
        path = Self.path(of: owner, in: parent)
    }

    private init(path: String) {
        parent = nil
        self.path = path
    }

    /// A folder among the system's temporary ones, for a project that is read only.
    static func temporary() -> ScratchFolder {
        ScratchFolder(path: FileManager.default.temporaryDirectory.path + "/ingot-\(UUID().uuidString)")
    }

    private static func parent(_ stateFolder: String) -> String { "\(stateFolder)/tmp" }

    private static func path(of owner: LeaseOwner, in parent: String) -> String {
        "\(parent)/\(owner.process)-\(owner.start)"
    }

    /// Whether a process, perhaps in another container, holds its folder.
    ///
    /// Where the file system has no locks, that its folder is there counts as holding it.
    static func isHeld(by owner: LeaseOwner, stateFolder: String) -> Bool {
        let folder = path(of: owner, in: parent(stateFolder))
        guard self.owner(of: folder) == owner else { return false }
        guard let file = try? OpenFile("\(folder)/\(ownerFile)", flags: O_RDONLY) else { return true }
        return file.lockIfFree() != true
    }

    /// Makes the folder and removes those that dead processes left.
    func prepare(_ identity: ProcessIdentity) throws {
        if let parent { Self.removeAbandoned(in: parent, identity) }
        try StateFolder.make(path)
        do {
            try hold(for: identity.current)
        } catch {
            throw IngotError(
                .stateUnusable,
                "the folder \(path) cannot be written",
                hint: StateFolder.advice(on: path),
                cause: "\(error)"
            )
        }
    }

    private static func removeAbandoned(in parent: String, _ identity: ProcessIdentity) {
        let files = FileManager.default
        for name in (try? files.contentsOfDirectory(atPath: parent)) ?? [] {
            let folder = "\(parent)/\(name)"
            if let owner = owner(of: folder), !identity.isAlive(owner) { try? files.removeItem(atPath: folder) }
        }
    }

    /// Puts down the locked file that says whose folder this is; it is seen only when it is locked.
    private func hold(for owner: LeaseOwner) throws(ObjectStoreError) {
        let draft = "\(path)/\(Self.ownerFile).new"
        let file = try OpenFile(draft, flags: O_WRONLY | O_CREAT | O_TRUNC)
        _ = file.lockIfFree()
        try file.write(Array("\(owner.host)\n\(owner.process)\n\(owner.start)\n".utf8)[...])
        try FileSystem.rename(draft, to: "\(path)/\(Self.ownerFile)")
        mark.withLock { $0 = file }
    }

    /// Removes the folder and what is left in it.
    func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }

    private static func owner(of folder: String) -> LeaseOwner? {
        guard let data = FileManager.default.contents(atPath: "\(folder)/\(ownerFile)") else { return nil }
        let lines = String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 3, let process = Int32(lines[1]) else { return nil }
        return LeaseOwner(host: String(lines[0]), process: process, start: String(lines[2]))
    }
}
