import IngotCore

/// Reads the header of a seed's CSV file, so that names can be checked against it.
enum SeedHeader {
    /// How far into the file the header may reach.
    static let bytesMax = 65_536

    static func read(_ bytes: [UInt8], delimiter: String, path: String) throws(IngotError) -> [String] {
        let location = SourceLocation(file: path, line: 1)
        let line = bytes.prefix { $0 != 0x0A && $0 != 0x0D }
        let hasMark = line.starts(with: [0xEF, 0xBB, 0xBF])
        guard let text = String(validating: line.dropFirst(hasMark ? 3 : 0), as: UTF8.self) else {
            throw IngotError(.unreadableFile, "the header is not UTF-8", at: location, hint: "save the file as UTF-8")
        }
        let names = fields(of: text, delimiter: delimiter)
        guard !names.contains(where: \.isEmpty) else {
            throw IngotError(.invalidName, "the header has an empty column name", at: location)
        }
        guard Set(names.map { $0.lowercased() }).count == names.count else {
            throw IngotError(.duplicateName, "the header has a column name twice: \(text.abbreviated)", at: location)
        }
        return names
    }

    private static func fields(of line: String, delimiter: String) -> [String] {
        var fields: [String] = []
        var field = ""
        var isQuoted = false
        var rest = line[...]
        while let character = rest.first {
            if character == "\"", isQuoted, rest.dropFirst().first == "\"" {
                field.append("\"")
                rest = rest.dropFirst(2)
            } else if character == "\"" {
                isQuoted.toggle()
                rest = rest.dropFirst()
            } else if !isQuoted, rest.hasPrefix(delimiter) {
                fields.append(field)
                field = ""
                rest = rest.dropFirst(delimiter.count)
            } else {
                field.append(character)
                rest = rest.dropFirst()
            }
        }
        return fields + [field]
    }
}
