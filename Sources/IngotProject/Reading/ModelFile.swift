import IngotCore

/// Reads a model's file: the settings block at its top, and the query behind it.
struct ModelFile {
    private static let opening = "/* @ingot"

    private let reading: Reading
    private let path: String

    init(_ reading: Reading) {
        self.reading = reading
        self.path = reading.source.file
    }

    /// The model, or `nil` after an error.
    func read() -> Model? {
        let stem = path.split(separator: "/").last.map { String($0.dropLast(".sql".count)) } ?? ""
        let start = SourceLocation(file: path, line: 1, column: 1)
        guard Names.isTableName(stem) else {
            reading.error(
                .invalidName,
                "the file's name becomes the table's, so it is lower-case letters, digits and \"_\"; found \"\(stem)\"",
                at: SourceLocation(file: path),
                hint: Names.suggestion(for: stem).map { "\($0).sql" }
            )
            return nil
        }
        guard let parts = split() else { return nil }
        var settings: ModelSettings? = .standard
        if let yaml = parts.settings, let node = YAMLComposer.compose(reading, yaml: yaml) {
            settings = ValueType<ModelSettings>.modelSettings.parse(node, reading)
        }
        guard let sql = query(parts.query), let settings else { return nil }
        return Model(
            name: Located(stem, at: start),
            file: path,
            table: settings.table ?? Located(TableName(namespace: "gold", name: stem), at: start),
            description: settings.description,
            tags: settings.tags,
            materialization: settings.materialization,
            eventTime: settings.eventTime,
            uniqueKey: settings.uniqueKey,
            partitionBy: settings.partitionBy,
            columns: settings.columns,
            isContractEnforced: settings.isContractEnforced,
            inputs: settings.inputs,
            properties: settings.properties,
            sql: sql
        )
    }

    /// The settings, padded so that they stand in the lines and columns of the file, and where the query begins.
    private func split() -> (settings: String?, query: String.Index)? {
        let text = reading.source.text
        let start = text.firstIndex { !$0.isWhitespace } ?? text.endIndex
        let rest = text[start...]
        guard rest.hasPrefix("/*"),
            let marker = rest.firstRange(of: "@ingot"),
            rest[rest.index(start, offsetBy: 2)..<marker.lowerBound].allSatisfy(\.isWhitespace)
        else {
            return lateBlock(in: text) ? nil : (nil, text.startIndex)
        }
        guard let end = rest.firstRange(of: "*/") else {
            reading.error(
                .invalidSettingsBlock,
                "the settings block has no closing \"*/\"",
                at: location(of: start)
            )
            return nil
        }
        var yaml = ""
        for scalar in text[..<marker.upperBound].unicodeScalars {
            yaml.unicodeScalars.append(["\n", "\r"].contains(scalar) ? scalar : " ")
        }
        yaml += text[marker.upperBound..<end.lowerBound]
        return (yaml, end.upperBound)
    }

    /// Reports a settings block that does not stand at the top, where it would be taken for a comment.
    private func lateBlock(in text: String) -> Bool {
        guard let late = text.firstRange(of: Self.opening) else { return false }
        reading.error(
            .invalidSettingsBlock,
            "the settings block does not stand at the top of the file",
            at: location(of: late.lowerBound),
            hint: "move it before the first line of SQL"
        )
        return true
    }

    /// The query with its place.
    private func query(_ start: String.Index) -> SQLText? {
        let text = reading.source.text
        guard let first = text[start...].firstIndex(where: { !$0.isWhitespace }) else {
            reading.error(
                .invalidSettingsBlock,
                "the file holds no query",
                at: location(of: text.endIndex),
                hint: "SELECT ..."
            )
            return nil
        }
        let place = location(of: first)
        return SQLText(
            String(text[first...]),
            map: TextMap(file: path, line: place.line ?? 1, column: place.column ?? 1)
        )
    }

    private func location(of index: String.Index) -> SourceLocation {
        let before = SourceText(file: path, text: String(reading.source.text[..<index]))
        return before.end
    }
}
