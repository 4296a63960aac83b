import Foundation
import IngotCore

/// Secrets of one machine: environment variables, and a file beside the state.
///
/// The secret `serving_url` is the variable `INGOT_SECRET_SERVING_URL`, or the line `serving_url=...` of the file
/// `secrets` in the state folder. That file has one `name=value` a line; empty lines and lines that begin with `#` are
/// skipped.
struct LocalSecrets: Sendable {
    let variables: [String: String]
    let file: String

    /// The value of a secret; `nil` where there is none of that name.
    ///
    /// - Throws: `IngotError` with `unknownSecret` if the file is there but others may read it.
    func value(of name: String) throws -> String? {
        let variable = "INGOT_SECRET_" + name.uppercased().map { $0.isLetter || $0.isNumber ? $0 : "_" }
        if let value = variables[variable] { return value }
        guard let data = FileManager.default.contents(atPath: file) else { return nil }
        try refuseOpenFile()
        for line in String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline) {
            guard !line.hasPrefix("#"), let equals = line.firstIndex(of: "=") else { continue }
            guard line[..<equals].trimmingCharacters(in: .whitespaces) == name else { continue }
            return String(line[line.index(after: equals)...])
        }
        return nil
    }

    private func refuseOpenFile() throws {
        let attributes = try? FileManager.default.attributesOfItem(atPath: file)
        guard let mode = attributes?[.posixPermissions] as? Int, mode & 0o077 != 0 else { return }
        throw IngotError(
            .unknownSecret,
            "the file of secrets \(file) can be read by other users, so it is not used",
            hint: "chmod 600 \(file)"
        )
    }
}
