import IngotCore

extension ValueType where Value == Column {
    static let column = object(
        "column",
        "A column of a silver table. Its value is read (`from`), or derived (`expression`).",
        keys: ColumnKeys.all,
        decode: ColumnKeys.decode
    )
}

/// The keys of a column.
private enum ColumnKeys {
    static let name = Key.required("name", ValueType<String>.columnName.located, "The column's name in the table.")
    static let from = Key(
        "from",
        ValueType<String>.fieldName.located,
        "The field of the source, where it has another name. In JSON sources also a path: `$.user.city`."
    )
    static let dataType = Key.required("data_type", ValueType<DataType>.dataType.located, "The column's type.")
    static let format = Key(
        "format",
        ValueType.oneOrMore(ValueType<String>.dateFormat.located),
        "How a date or time is written, in `strptime`'s words (`%d/%m/%Y`); of several the first that fits."
    )
    static let transform = Key(
        "transform",
        .expression,
        "SQL over the field's text before the cast; the column's name stands for the text: `lower(trim(email))`."
    )
    static let expression = Key(
        "expression",
        .expression,
        "SQL that derives the column from the final values of other columns of the row, in any order without "
            + "cycles, and of the seeds that `relationships` joins. The result is cast to `data_type`."
    )
    static let defaultValue = Key("default", .literal, "The value that stands in for NULL after the cast.")
    static let notNull = Key("not_null", .boolean, default: false, written: "false", "Whether NULL rejects the row.")
    static let matches = Key(
        "matches",
        ValueType<String>.text.located,
        "A regular expression (RE2) that must be found in the value's text; `^` and `$` bind it to the whole."
    )
    static let acceptedValues = Key(
        "accepted_values",
        ValueType.list(of: .literal, atLeast: 1),
        "The values that are accepted; NULL passes."
    )
    static let min = Key("min", .literal, "The least value that is accepted; NULL passes.")
    static let max = Key("max", .literal, "The greatest value that is accepted; NULL passes.")
    static let relationships = Key(
        "relationships",
        .relationship,
        "The seed that must know the value; NULL passes. The seed's row can be used in expressions and rules."
    )
    static let coerce = Key(
        "coerce",
        .boolean,
        default: false,
        written: "false",
        "Whether a cast may lose something, as `2.5` to an integer does, without rejecting the row."
    )
    static let description = Key("description", .text, "What the column means; becomes the table column's comment.")

    static let all = [
        name.shape, from.shape, dataType.shape, format.shape, transform.shape, expression.shape, defaultValue.shape,
        notNull.shape, matches.shape, acceptedValues.shape, min.shape, max.shape, relationships.shape, coerce.shape,
        description.shape,
    ]

    @Sendable
    static func decode(_ reader: ObjectReader) -> Column? {
        let name = reader.value(name)
        let from = reader.value(from)
        let dataType = reader.value(dataType)
        let formats = reader.value(format) ?? []
        let transform = reader.value(transform)
        let expression = reader.value(expression)
        let defaultValue = reader.value(defaultValue)
        let notNull = reader.defaulted(notNull)
        let matches = reader.value(matches)
        let acceptedValues = reader.value(acceptedValues) ?? []
        let min = reader.value(min)
        let max = reader.value(max)
        let relationship = reader.value(relationships)
        let coerce = reader.defaulted(coerce)
        let description = reader.value(description)
        if reader.has(ColumnKeys.expression) { checkDerived(reader) }
        guard let name, let dataType else { return nil }
        let column = Column(
            name: name,
            origin: origin(name: name, from: from, expression: expression),
            dataType: dataType,
            formats: formats,
            transform: transform,
            defaultValue: defaultValue,
            notNull: notNull,
            matches: matches,
            acceptedValues: acceptedValues,
            min: min,
            max: max,
            relationship: relationship,
            coerce: coerce,
            description: description
        )
        checkType(of: column, reader)
        return column
    }

    private static func origin(name: Located<String>, from: Located<String>?, expression: SQLText?) -> Column.Origin {
        if let expression { return .expression(expression) }
        guard let from else { return .field(name) }
        return from.value.hasPrefix("$.") ? .path(from) : .field(from)
    }

    private static func checkDerived(_ reader: ObjectReader) {
        func excluded<Value>(_ key: Key<Value>) {
            if reader.has(key) {
                reader.conflict(
                    key,
                    "a derived column (expression) is not read from the source, so it takes no \(key.name)",
                    hint: "remove \(key.name), or expression"
                )
            }
        }
        excluded(from)
        excluded(format)
        excluded(transform)
    }

    private static func checkType(of column: Column, _ reader: ObjectReader) {
        let type = column.dataType.value
        if !column.formats.isEmpty, !type.takesFormat {
            reader.conflict(
                format,
                "format goes with date, time, timestamp and timestamptz columns; this one is \(type)",
                hint: "remove format, or change data_type"
            )
        }
        func ordered<Value>(_ key: Key<Value>) {
            if reader.has(key), !type.isOrdered {
                reader.conflict(key, "\(key.name) goes with numbers, texts, dates and times; this column is \(type)")
            }
        }
        ordered(min)
        ordered(max)
        if type.isScalar {
            column.min?.check(fits: type, key: "min", in: reader.reading)
            column.max?.check(fits: type, key: "max", in: reader.reading)
            column.defaultValue?.check(fits: type, key: "default", in: reader.reading)
            for value in column.acceptedValues {
                value.check(fits: type, key: "accepted_values", in: reader.reading)
            }
        }
        if let low = column.min, let high = column.max, let from = Double(low.text), let to = Double(high.text),
            from > to
        {
            reader.conflict(min, "min \(low) is greater than max \(high)", hint: "swap the two")
        }
    }
}

extension DataType {
    /// Whether `min` and `max` mean something.
    var isOrdered: Bool {
        switch self {
        case .boolean, .blob, .uuid, .json, .list, .structure, .map: false
        default: true
        }
    }
}
