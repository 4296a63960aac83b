import Foundation
import IngotCore

/// A folder for what does not outlive a process, under the state folder.
///
/// Each process has its own, with a file that says who owns it; whoever opens one removes those of dead processes.
struct ScratchFolder: Sendable {
    private static let ownerFile = "owner"

    /// The folder; it exists only once ``prepare(_:)`` was called.
    let path: String
    private let parent: String

    init(stateFolder: String, owner: LeaseOwner) {
        parent = "\(stateFolder)/tmp"
        path = "\(parent)/\(owner.process)-\(owner.start)"
    }

    /// Makes the folder and removes those that dead processes left.
    func prepare(_ identity: ProcessIdentity) throws {
        let files = FileManager.default
        for name in (try? files.contentsOfDirectory(atPath: parent)) ?? [] {
            let folder = "\(parent)/\(name)"
            if let owner = owner(of: folder), !identity.isAlive(owner) { try? files.removeItem(atPath: folder) }
        }
        try StateFolder.make(path)
        do {
            let owner = identity.current
            let text = "\(owner.host)\n\(owner.process)\n\(owner.start)\n"
            try text.write(toFile: "\(path)/\(Self.ownerFile)", atomically: false, encoding: .utf8)
        } catch {
            throw IngotError(
                .stateUnusable,
                "the folder \(path) cannot be written",
                hint: StateFolder.advice(on: path),
                cause: error.localizedDescription
            )
        }
    }

    /// Removes the folder and what is left in it.
    func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }

    private func owner(of folder: String) -> LeaseOwner? {
        guard let data = FileManager.default.contents(atPath: "\(folder)/\(Self.ownerFile)") else { return nil }
        let lines = String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 3, let process = Int32(lines[1]) else { return nil }
        return LeaseOwner(host: String(lines[0]), process: process, start: String(lines[2]))
    }
}
