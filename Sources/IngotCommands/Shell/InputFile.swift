import Foundation
import IngotCore

/// A text that a command was given as a file; `-` is the standard input.
struct InputFile {
    /// What errors call it.
    let name: String
    let text: String

    /// Reads the file to its end, whatever it is: a pipe too.
    ///
    /// - Throws: `IngotError` with `wrongUse` where it cannot be read.
    init(_ path: String) throws {
        name = path == "-" ? "stdin" : path
        let handle = path == "-" ? FileHandle.standardInput : FileHandle(forReadingAtPath: path)
        do {
            guard let handle else { throw CocoaError(.fileReadNoSuchFile) }
            text = String(decoding: try handle.readToEnd() ?? Data(), as: UTF8.self)
        } catch {
            throw IngotError(.wrongUse, "the file \(path) cannot be read")
        }
    }
}
