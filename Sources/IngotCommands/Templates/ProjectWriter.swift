import Foundation
import IngotCore

/// A file to be written into a project.
struct ProjectFile: Sendable, Hashable {
    /// The path inside the project.
    var path: String
    /// The bytes.
    var contents: Data

    init(_ path: String, _ text: String) {
        self.path = path
        contents = Data(text.utf8)
    }

    init(_ path: String, contents: Data) {
        self.path = path
        self.contents = contents
    }
}

/// Writes files into a project folder: all of them, or none where one would replace what is there.
struct ProjectWriter {
    let folder: String
    /// Whether files that are there may be replaced.
    let replaces: Bool

    /// Writes files, and answers their paths.
    ///
    /// - Throws: `IngotError` with `fileExists` before anything is written.
    func write(_ files: [ProjectFile]) throws -> [String] {
        let there = files.map(\.path).filter { FileManager.default.fileExists(atPath: "\(folder)/\($0)") }
        if !replaces, let first = there.first {
            throw IngotError(
                .fileExists,
                there.count == 1 ? "\(first) is there already" : "\(there.joined(separator: ", ")) are there already",
                hint: "choose another folder with -C, or replace with --force"
            )
        }
        for file in files {
            let url = URL(fileURLWithPath: "\(folder)/\(file.path)")
            do {
                try FileManager.default.createDirectory(
                    at: url.deletingLastPathComponent(),
                    withIntermediateDirectories: true
                )
                try file.contents.write(to: url, options: .atomic)
            } catch {
                throw IngotError(
                    .wrongUse,
                    "\(url.path) cannot be written",
                    hint: "choose a folder that you may write to",
                    cause: error.localizedDescription
                )
            }
        }
        return files.map(\.path)
    }
}
