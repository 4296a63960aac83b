import IngotCore

extension ValueType where Value == String {
    /// The name of a column that a user declares.
    static let columnName = fieldName.checked { name, node, reading -> String? in
        let reserved = Names.systemColumns + ["_source_time"]
        guard !reserved.contains(name.lowercased()) else {
            reading.error(
                .invalidName,
                "\"\(name)\" is the name of a column that Ingot adds; reserved names: "
                    + reserved.joined(separator: ", "),
                at: node.location,
                hint: String(name.drop { $0 == "_" })
            )
            return nil
        }
        return name
    }

    /// A table's own name, without a namespace.
    static let bareTableName = ValueType(
        .scalar(label: "name", schema: ["type": "string", "pattern": "^[a-z_][a-z0-9_]*$"])
    ) { node, reading in
        guard let name = text.parse(node, reading) else { return nil }
        guard Names.isTableName(name) else {
            reading.error(
                .invalidName,
                "\"\(name.abbreviated)\" is not a name here: lower-case letters, digits and \"_\", "
                    + "not beginning with a digit",
                at: node.location,
                hint: Names.suggestion(for: name)
            )
            return nil
        }
        return name
    }

    /// A format of dates and times in `strptime`'s words.
    static let dateFormat = text.checked { format, node, reading -> String? in
        switch dateFormatProblem(format) {
        case nil: return format
        case let problem?:
            reading.error(.invalidValue, problem, at: node.location, hint: suggestedFormat(format))
            return nil
        }
    }

    /// The letters that DuckDB's `strptime` knows.
    private static let specifiers = Set("aAbBcdfgGHIjmMnpSuUVwWxXyYzZ%")

    private static func dateFormatProblem(_ format: String) -> String? {
        var rest = format[...]
        var count = 0
        while let percent = rest.firstIndex(of: "%") {
            rest = rest[percent...].dropFirst()
            if rest.first == "-" { rest = rest.dropFirst() }
            guard let letter = rest.popFirst() else { return "the format ends after \"%\"" }
            guard specifiers.contains(letter) else {
                return "\"%\(letter)\" is not known to strptime in the format \"\(format.abbreviated)\""
            }
            count += 1
        }
        return count > 0 ? nil : "\"\(format.abbreviated)\" holds no \"%\", so it is not a format of strptime"
    }

    /// The format in `strptime`'s words, where it is written in Java's or Spark's (`dd/MM/yyyy HH:mm:ss`).
    private static func suggestedFormat(_ format: String) -> String? {
        guard !format.contains("%") else { return nil }
        var result = format
        for (java, strptime) in [
            ("yyyy", "%Y"), ("YYYY", "%Y"), ("MM", "%m"), ("dd", "%d"), ("DD", "%d"), ("HH", "%H"), ("mm", "%M"),
            ("ss", "%S"),
        ] {
            if let range = result.firstRange(of: java) { result.replaceSubrange(range, with: strptime) }
        }
        return result.contains("%") ? result : "%Y-%m-%d"
    }
}
