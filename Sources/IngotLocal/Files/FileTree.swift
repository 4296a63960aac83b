import Foundation
import IngotCore

/// Whole folders.
enum FileTree {
    /// How often a removal is tried while others remove the same.
    private static let triesMax = 10

    /// Removes a folder with everything in it; one that is not there, or that another removes, is no error.
    static func remove(_ path: String) throws {
        var tries = 0
        while try FileSystem.status(path, followsLink: false) != nil {
            do {
                tries += 1
                try FileManager.default.removeItem(atPath: path)
            } catch {
                guard tries == triesMax else { continue }
                throw ObjectStoreError(.unavailable, at: path, "cannot remove the folder", cause: "\(error)")
            }
        }
    }
}
