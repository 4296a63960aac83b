import IngotCore

extension Reading {
    /// Takes a file's bytes as text.
    ///
    /// - Throws: `ING0102` where they are too many, not UTF-8, or hold a control character.
    convenience init(bytes: [UInt8], path: String) throws(IngotError) {
        let source = SourceText(file: path, text: try Self.text(bytes, path: path))
        if let (scalar, location) = source.firstControlCharacter {
            let code = String(scalar.value, radix: 16, uppercase: true)
            let digits = String(repeating: "0", count: max(0, 4 - code.count)) + code
            throw IngotError(
                .unreadableFile,
                "the file holds the control character U+\(digits)",
                at: location,
                hint: "remove it"
            )
        }
        self.init(source)
    }

    private static func text(_ bytes: [UInt8], path: String) throws(IngotError) -> String {
        guard bytes.count <= YAMLLimits.fileSizeMax else {
            throw IngotError(
                .unreadableFile,
                "the file is larger than \(YAMLLimits.fileSizeMax >> 20) MiB",
                at: SourceLocation(file: path),
                hint: "keep data out of project files; it belongs into a source folder"
            )
        }
        let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
        guard let text = String(validating: bytes.dropFirst(hasMark ? 3 : 0), as: UTF8.self) else {
            let line = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
                .firstIndex { String(validating: $0, as: UTF8.self) == nil }
            throw IngotError(
                .unreadableFile,
                "the file is not UTF-8",
                at: SourceLocation(file: path, line: line.map { $0 + 1 }),
                hint: "save it as UTF-8"
            )
        }
        return text
    }
}
