import Foundation
import IngotCore

/// Whole folders.
enum FileTree {
    /// Removes a folder with everything in it; one that is not there is no error.
    static func remove(_ path: String) throws {
        guard try FileSystem.status(path, followsLink: false) != nil else { return }
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            throw ObjectStoreError(.unavailable, at: path, "cannot remove the folder", cause: "\(error)")
        }
    }
}
