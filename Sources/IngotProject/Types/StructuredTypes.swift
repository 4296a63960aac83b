import IngotCore

extension ValueType where Value == DataType {
    /// A column's type.
    static let dataType = ValueType(
        .scalar(
            label: "data type",
            schema: [
                "type": "string",
                "examples": .array(DataTypeParser.names.map { .string($0) }),
            ]
        )
    ) { node, reading in
        guard let text = ValueType<String>.text.parse(node, reading) else { return nil }
        switch DataTypeParser.parse(text) {
        case .success(let type): return type
        case .failure(let problem):
            reading.error(.invalidValue, problem.message, at: node.location, hint: problem.hint)
            return nil
        }
    }
}

extension ValueType where Value == TableName {
    /// The name of a table in one of some namespaces.
    static func tableName(in namespaces: [String]) -> ValueType {
        let pattern = "^(\(namespaces.joined(separator: "|")))\\.[a-z_][a-z0-9_]*$"
        return ValueType(
            .scalar(label: "table name", schema: .object([("type", "string"), ("pattern", .string(pattern))]))
        ) { node, reading in
            guard let text = ValueType<String>.text.parse(node, reading) else { return nil }
            let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            if parts.count == 2, namespaces.contains(parts[0]), Names.isTableName(parts[1]) {
                return TableName(namespace: parts[0], name: parts[1])
            }
            let forms = namespaces.map { "\($0).name" }.joined(separator: " or ")
            var hint = parts.last.flatMap(Names.suggestion).map { "\(namespaces[0]).\($0)" }
            if parts.count == 2, let namespace = NearestMatch.find(parts[0], among: namespaces),
                let name = Names.suggestion(for: parts[1])
            {
                hint = "\(namespace).\(name)"
            }
            reading.error(
                .invalidName,
                "\"\(text.abbreviated)\" is not a table name here: \(forms), "
                    + "the name in lower-case letters, digits and \"_\"",
                at: node.location,
                hint: hint
            )
            return nil
        }
    }
}

extension ValueType where Value == PartitionField {
    /// A partition transform over a column.
    static let partitionField = ValueType(
        .scalar(label: "partition transform", schema: ["type": "string", "examples": ["day(created_at)", "country"]])
    ) { node, reading in
        guard let text = ValueType<String>.text.parse(node, reading) else { return nil }
        switch PartitionFieldParser.parse(text) {
        case .success(let (transform, column)):
            return PartitionField(transform: transform, column: Located(column, at: node.location))
        case .failure(let problem):
            reading.error(.invalidValue, problem.message, at: node.location, hint: problem.hint)
            return nil
        }
    }
}

extension ValueType where Value == SortKey {
    /// A column with `asc` or `desc`.
    static let sortKey = ValueType(
        .scalar(label: "column with `asc` or `desc`", schema: ["type": "string", "examples": ["updated_at desc"]])
    ) { node, reading in
        guard let text = ValueType<String>.fieldName.parse(node, reading) else { return nil }
        let words = text.split(separator: " ")
        switch words.last?.lowercased() {
        case "asc" where words.count > 1, "desc" where words.count > 1:
            let isDescending = words.last?.lowercased() == "desc"
            let column = words.dropLast().joined(separator: " ")
            return SortKey(column: Located(column, at: node.location), isDescending: isDescending)
        default:
            reading.error(
                .invalidValue,
                "\"\(text.abbreviated)\" does not say in which direction it is sorted",
                at: node.location,
                hint: "\(text) desc, or \(text) asc"
            )
            return nil
        }
    }
}
