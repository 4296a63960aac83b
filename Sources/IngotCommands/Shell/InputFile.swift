import Foundation
import IngotCore

/// A text that a command was given as a file; `-` is the standard input.
struct InputFile {
    /// What errors call it.
    let name: String
    let text: String

    /// Reads the file to its end, whatever it is: a pipe too.
    ///
    /// - Throws: `IngotError` with `wrongUse` where it cannot be read, or is not UTF-8.
    init(_ path: String) throws {
        name = path == "-" ? "stdin" : path
        let handle = path == "-" ? FileHandle.standardInput : FileHandle(forReadingAtPath: path)
        let data: Data
        do {
            guard let handle else { throw CocoaError(.fileReadNoSuchFile) }
            data = try handle.readToEnd() ?? Data()
        } catch {
            throw IngotError(.wrongUse, "the file \(path) cannot be read")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw IngotError(.wrongUse, "the file \(path) is not UTF-8", hint: "iconv -t utf-8 \(path)")
        }
        self.text = text
    }
}
