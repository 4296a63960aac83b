import IngotCore

extension ValueType where Value == Expectation {
    /// A mapping with one key, the expectation's name.
    static let expectation = ValueType(.object(ExpectationKeys.shape)) { node, reading in
        guard case .mapping(let entries) = node.content, entries.count == 1, let entry = entries.first else {
            reading.error(
                .wrongType,
                "expected one expectation with its arguments, found \(node.summary)",
                at: node.location,
                hint: "expect_table_row_count_to_be_between: {min_value: 1}"
            )
            return nil
        }
        switch entry.key.value {
        case ExpectationKeys.rowCount: return ValueType.rowCount(entry.key).parse(entry.value, reading)
        case ExpectationKeys.notNull: return ValueType.notNull(entry.key).parse(entry.value, reading)
        case ExpectationKeys.unique: return ValueType.unique(entry.key).parse(entry.value, reading)
        case ExpectationKeys.between: return ValueType.between(entry.key).parse(entry.value, reading)
        case let name:
            ExpectationKeys.reportUnavailable(name, at: entry.key.location, in: reading)
            return nil
        }
    }

    fileprivate static func rowCount(_ name: Located<String>) -> ValueType {
        object(
            name.value,
            "The number of accepted rows lies within bounds.",
            keys: ExpectationKeys.bounds + [ExpectationKeys.scope.shape]
        ) { reader in
            let bounds = ExpectationKeys.bounds(reader)
            let scope = ExpectationKeys.scope(reader)
            for literal in [bounds?.min, bounds?.max].compactMap(\.self) {
                literal.check(fits: .bigint, key: name.value, in: reader.reading)
            }
            return bounds.map {
                Expectation(name: name, check: .tableRowCountToBeBetween($0), mostly: 1, scope: scope)
            }
        }
    }

    fileprivate static func notNull(_ name: Located<String>) -> ValueType {
        columnTest(name, "The column's values are not NULL.") { column, _ in
            .columnValuesToNotBeNull(column: column)
        }
    }

    fileprivate static func unique(_ name: Located<String>) -> ValueType {
        columnTest(name, "No value of the column occurs twice; NULLs are not compared.") { column, _ in
            .columnValuesToBeUnique(column: column)
        }
    }

    fileprivate static func between(_ name: Located<String>) -> ValueType {
        columnTest(
            name,
            "The column's values lie within bounds; NULLs are not compared.",
            keys: ExpectationKeys.bounds
        ) { column, reader in
            ExpectationKeys.bounds(reader).map { .columnValuesToBeBetween(column: column, $0) }
        }
    }

    private static func columnTest(
        _ name: Located<String>,
        _ summary: String,
        keys: [KeyShape] = [],
        check: @escaping @Sendable (Located<String>, ObjectReader) -> Expectation.Check?
    ) -> ValueType {
        typealias Keys = ExpectationKeys
        return object(
            name.value,
            summary,
            keys: [Keys.column.shape] + keys + [Keys.mostly.shape, Keys.scope.shape]
        ) { reader in
            let column = reader.value(Keys.column)
            let mostly = reader.defaulted(Keys.mostly)
            let scope = Keys.scope(reader)
            let check = check(column ?? Located("", at: reader.location), reader)
            guard column != nil, let check else { return nil }
            return Expectation(name: name, check: check, mostly: mostly, scope: scope)
        }
    }
}

/// The names and arguments of expectations.
private enum ExpectationKeys {
    static let rowCount = "expect_table_row_count_to_be_between"
    static let notNull = "expect_column_values_to_not_be_null"
    static let unique = "expect_column_values_to_be_unique"
    static let between = "expect_column_values_to_be_between"
    static let available = [rowCount, notNull, unique, between]

    static let column = Key.required("column", ValueType<String>.fieldName.located, "The column.")
    static let minValue = Key("min_value", .literal, "The least value.")
    static let maxValue = Key("max_value", .literal, "The greatest value.")
    static let strictMin = Key(
        "strict_min",
        .boolean,
        default: false,
        written: "false",
        "Whether `min_value` itself is outside."
    )
    static let strictMax = Key(
        "strict_max",
        .boolean,
        default: false,
        written: "false",
        "Whether `max_value` itself is outside."
    )
    static let mostly = Key(
        "mostly",
        .share(includingZero: false),
        default: 1,
        written: "1",
        "The share of the compared values that must pass."
    )
    static let scope = Key<Expectation.Scope>(
        "scope",
        .choice,
        default: .object,
        written: "object",
        "What the expectation looks at."
    )
    static let bounds = [minValue.shape, maxValue.shape, strictMin.shape, strictMax.shape]

    static let shape: ObjectShape = {
        let name = { (name: String) in Located(name, at: SourceLocation(file: "")) }
        func key(_ type: ValueType<Expectation>) -> KeyShape {
            guard case .object(let object) = type.shape else { preconditionFailure("an expectation is an object") }
            return KeyShape(
                name: object.name,
                summary: object.summary,
                shape: type.shape,
                isRequired: false,
                fallback: nil
            )
        }
        return ObjectShape(
            name: "expectation",
            summary: "A check of a gate, in Great Expectations' words: one key, the expectation's name.",
            keys: [
                key(.rowCount(name(rowCount))), key(.notNull(name(notNull))), key(.unique(name(unique))),
                key(.between(name(between))),
            ],
            takesOneKey: true
        )
    }()

    static func bounds(_ reader: ObjectReader) -> Expectation.Bounds? {
        let bounds = Expectation.Bounds(
            min: reader.value(minValue),
            max: reader.value(maxValue),
            strictMin: reader.defaulted(strictMin),
            strictMax: reader.defaulted(strictMax)
        )
        guard reader.has(minValue) || reader.has(maxValue) else {
            reader.reading.error(
                .missingKey,
                "\(reader.shape.name) needs min_value, max_value or both",
                at: reader.location
            )
            return nil
        }
        if let min = bounds.min, let max = bounds.max, let from = Double(min.text), let to = Double(max.text), from > to
        {
            reader.conflict(minValue, "min_value \(min) is greater than max_value \(max)", hint: "swap the two")
        }
        return bounds
    }

    static func scope(_ reader: ObjectReader) -> Expectation.Scope {
        let scope = reader.defaulted(scope)
        if scope == .table {
            reader.reading.error(
                .unavailableExpectation,
                "scope: table is not available yet; available: object",
                at: reader.location,
                hint: "data_tests of a model that reads the table"
            )
        }
        return scope
    }

    static func reportUnavailable(_ name: String, at location: SourceLocation, in reading: Reading) {
        let known = available.joined(separator: ", ")
        let nearest = NearestMatch.find(name, among: available)
        if GreatExpectations.names.contains(name) || (nearest == nil && name.hasPrefix("expect_")) {
            reading.error(
                .unavailableExpectation,
                "the expectation \"\(name.abbreviated)\" is not available yet; available: \(known)",
                at: location,
                hint: "a rule with an SQL expression"
            )
        } else {
            reading.error(
                .unknownKey,
                "unknown expectation \"\(name.abbreviated)\"; available: \(known)",
                at: location,
                hint: nearest
            )
        }
    }
}
