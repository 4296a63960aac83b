import IngotCore

extension ValueType where Value == String {
    /// Any text that is not empty; numbers and truth values count as the text they are written as.
    static let text = ValueType(.scalar(label: "text", schema: ["type": ["string", "number", "boolean"]])) {
        node,
        reading in
        guard node.isScalar else {
            reading.error(.wrongType, "expected a text, found \(node.summary)", at: node.location)
            return nil
        }
        return node.text
    }

    /// The name of a field or column: any text without control characters.
    static let fieldName = text.checked { name, node, reading -> String? in
        guard !name.isEmpty else {
            reading.error(.invalidName, "a name cannot be empty", at: node.location)
            return nil
        }
        guard name.unicodeScalars.count <= 255 else {
            reading.error(.invalidName, "a name can have 255 characters, this one has more", at: node.location)
            return nil
        }
        guard !name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            reading.error(.invalidName, "a name cannot hold control characters", at: node.location)
            return nil
        }
        return name
    }

    /// The name of a pipeline, environment, connection, rule, tag and the like.
    static let identifier = ValueType(
        .scalar(label: "name", schema: ["type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_-]*$"])
    ) { node, reading in
        guard let name = text.parse(node, reading) else { return nil }
        guard Names.isIdentifier(name) else {
            reading.error(
                .invalidName,
                "\"\(name.abbreviated)\" is not a name: letters, digits, \"_\" and \"-\", not beginning with a digit",
                at: node.location,
                hint: Names.suggestion(for: name)
            )
            return nil
        }
        return name
    }

    /// A glob over file names.
    static let glob = text
}

extension ValueType where Value == Bool {
    /// `true` or `false`; `on`, `off`, `yes` and `no` as YAML 1.1 has them.
    static let boolean = ValueType(
        .scalar(
            label: "true or false",
            schema: ["anyOf": [["type": "boolean"], ["enum": ["on", "off", "yes", "no"]]]]
        )
    ) { node, reading in
        switch node.isScalar ? node.text.lowercased() : "" {
        case "true", "on", "yes": return true
        case "false", "off", "no": return false
        default:
            reading.error(.wrongType, "expected true or false, found \(node.summary)", at: node.location)
            return nil
        }
    }
}

extension ValueType where Value == Int {
    /// A whole number within bounds.
    static func integer(_ range: ClosedRange<Int>) -> ValueType {
        let label =
            range.upperBound == .max
            ? "whole number from \(range.lowerBound)" : "whole number from \(range.lowerBound) to \(range.upperBound)"
        var schema: [(String, JSONText)] = [("type", "integer"), ("minimum", .integer(range.lowerBound))]
        if range.upperBound != .max { schema.append(("maximum", .integer(range.upperBound))) }
        return ValueType(.scalar(label: label, schema: .object(schema))) { node, reading in
            guard node.isScalar, let number = Int(node.text.filter { $0 != "_" }), range.contains(number) else {
                reading.error(.invalidValue, "expected a \(label), found \(node.summary)", at: node.location)
                return nil
            }
            return number
        }
    }
}

extension ValueType where Value == Double {
    /// A share: 0 to 1, the ends included where `includingZero` says so.
    static func share(includingZero: Bool) -> ValueType {
        let label = includingZero ? "number from 0 to 1" : "number above 0, up to 1"
        let bound = includingZero ? "minimum" : "exclusiveMinimum"
        let schema: JSONText = .object([("type", "number"), (bound, .integer(0)), ("maximum", .integer(1))])
        return ValueType(.scalar(label: label, schema: schema)) { node, reading in
            guard node.isScalar, let number = Double(node.text), number <= 1, includingZero ? number >= 0 : number > 0
            else {
                reading.error(
                    .invalidValue,
                    "expected a \(label), found \(node.summary)",
                    at: node.location,
                    hint: percentage(node.text)
                )
                return nil
            }
            return number
        }
    }

    private static func percentage(_ text: String) -> String? {
        guard text.hasSuffix("%"), let number = Double(text.dropLast()), (0...100).contains(number) else { return nil }
        return "\(number / 100)"
    }
}

extension ValueType where Value == Literal {
    /// A single value: text, number or truth value.
    static let literal = ValueType(
        .scalar(label: "value", schema: ["type": ["string", "number", "boolean"]])
    ) { node, reading in
        guard case .scalar(let text, let style) = node.content, !node.isNull else {
            reading.error(.wrongType, "expected one value, found \(node.summary)", at: node.location)
            return nil
        }
        guard style == .plain else { return Literal(kind: .text, text: text, location: node.location) }
        let isBoolean = text.lowercased() == "true" || text.lowercased() == "false"
        let kind: Literal.Kind = isBoolean ? .boolean : Numbers.isNumber(text) ? .number : .text
        return Literal(kind: kind, text: text, location: node.location)
    }
}

extension ValueType where Value == Character {
    /// One character; `\t` for a tab.
    static let character = ValueType<String>.text.checked { text, node, reading -> Character? in
        let unescaped = text == "\\t" ? "\t" : text
        guard let character = unescaped.first, unescaped.count == 1 else {
            reading.error(.invalidValue, "expected one character, found \(node.summary)", at: node.location)
            return nil
        }
        return character
    }
}

extension ValueType where Value == Character? {
    /// One character, or `none`.
    static let characterOrNone = ValueType(
        .scalar(
            label: "character, or none",
            schema: ["type": ["string", "number"], "pattern": #"^(none|\\t|.)?$"#]
        )
    ) { node, reading in
        if node.text == "none" || node.isScalar && node.text.isEmpty { return Character?.none }
        return ValueType<Character>.character.parse(node, reading).map(Optional.some)
    }
}

extension ValueType where Value == String {
    /// What separates the fields of delimited text.
    static let delimiter = ValueType(
        .scalar(
            label: "one to four characters",
            schema: ["type": ["string", "number"], "minLength": 1, "maxLength": 4]
        )
    ) { node, reading in
        guard node.isScalar else {
            reading.error(.wrongType, "expected one to four characters, found \(node.summary)", at: node.location)
            return nil
        }
        let text = node.text == "\\t" ? "\t" : node.text
        guard (1...4).contains(text.utf8.count), !text.contains(where: \.isNewline) else {
            reading.error(
                .invalidValue,
                "expected one to four characters that are no line end, found \(node.summary)",
                at: node.location,
                hint: node.text.lowercased() == "tab" ? "\"\\t\"" : nil
            )
            return nil
        }
        return text
    }
}
