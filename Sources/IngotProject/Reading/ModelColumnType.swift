import IngotCore

/// What a model says about one of its inputs, before it has the table's name.
struct ModelInputSettings: Sendable {
    var onChange: Model.Input.OnChange
    var filter: Bool
}

private enum ModelInputKeys {
    static let onChange = Key<Model.Input.OnChange>(
        "on_change",
        .choice,
        default: .restate,
        written: "restate",
        "What a change of the input means where its rows cannot be placed in intervals."
    )
    static let filter = Key<Bool>(
        "filter",
        .boolean,
        default: true,
        written: "true",
        "Whether the input is filtered to the computed interval where it names an `event_time`; `false` for a table "
            + "that is looked up as a whole."
    )
}

extension ValueType where Value == ModelInputSettings {
    static let modelInput = object(
        "input",
        "What holds for one input of a model.",
        keys: [ModelInputKeys.onChange.shape, ModelInputKeys.filter.shape]
    ) { reader in
        ModelInputSettings(
            onChange: reader.defaulted(ModelInputKeys.onChange),
            filter: reader.defaulted(ModelInputKeys.filter)
        )
    }
}

private enum ModelColumnKeys {
    static let name = Key.required("name", ValueType<String>.fieldName.located, "The column's name.")
    static let dataType = Key("data_type", ValueType<DataType>.dataType.located, "Its type.")
    static let description = Key<String>("description", .text, "What it means; becomes the column's comment.")
    static let dataTests = Key(
        "data_tests",
        ValueType<[Located<Model.Test>]>.list(of: ValueType<Model.Test>.modelTest.located),
        default: [],
        written: "[]",
        "What must hold for its values, in dbt's words."
    )
    static let all = [name.shape, dataType.shape, description.shape, dataTests.shape]
}

extension ValueType where Value == Model.Column {
    static let modelColumn = object(
        "result column",
        "A column of a model's result, or of a seed.",
        keys: ModelColumnKeys.all
    ) { reader in
        let name = reader.value(ModelColumnKeys.name)
        let dataType = reader.value(ModelColumnKeys.dataType)
        let description = reader.value(ModelColumnKeys.description)
        let tests = reader.defaulted(ModelColumnKeys.dataTests)
        return name.map { Model.Column(name: $0, dataType: dataType, description: description, tests: tests) }
    }
}

private enum ModelTestKeys {
    static let values = Key.required("values", ValueType<[Literal]>.list(of: .literal, atLeast: 1), "The values.")
    static let to = Key.required(
        "to",
        ValueType<TableName>.tableName(in: ["silver", "gold", "seeds"]).located,
        "The other table."
    )
    static let field = Key.required("field", ValueType<String>.fieldName.located, "The other table's column.")
}

extension ValueType where Value == Model.Test {
    private static let words = Shape.choice([
        (value: "not_null", summary: "No value is NULL."),
        (value: "unique", summary: "No value occurs twice."),
    ])
    private static let acceptedValues = object(
        "accepted_values",
        "Every value that is not NULL is one of these.",
        keys: [ModelTestKeys.values.shape]
    ) { reader in reader.value(ModelTestKeys.values).map(Model.Test.acceptedValues) }
    private static let relationships = object(
        "relationships test",
        "Every value that is not NULL stands in a column of another table.",
        keys: [ModelTestKeys.to.shape, ModelTestKeys.field.shape]
    ) { reader in
        let to = reader.value(ModelTestKeys.to)
        let field = reader.value(ModelTestKeys.field)
        guard let to, let field else { return nil }
        return .relationships(to: to, field: field)
    }
    private static let arguments = ObjectShape(
        name: "data test",
        summary: "A test with arguments: one key, the test's name.",
        keys: [
            KeyShape(
                name: "accepted_values",
                summary: "Every value that is not NULL is one of these.",
                shape: acceptedValues.shape,
                isRequired: false,
                fallback: nil
            ),
            KeyShape(
                name: "relationships",
                summary: "Every value that is not NULL stands in a column of another table.",
                shape: relationships.shape,
                isRequired: false,
                fallback: nil
            ),
        ],
        takesOneKey: true
    )

    /// `not_null`, `unique`, `accepted_values: {values: [...]}`, `relationships: {to, field}`.
    static let modelTest = ValueType(.either([words, .object(arguments)])) { node, reading in
        let known = ["not_null", "unique", "accepted_values", "relationships"]
        var name = node.text
        var place = node.location
        if case .mapping(let entries) = node.content, entries.count == 1, let entry = entries.first {
            switch entry.key.value {
            case "accepted_values": return acceptedValues.parse(entry.value, reading)
            case "relationships": return relationships.parse(entry.value, reading)
            default: (name, place) = (entry.key.value, entry.key.location)
            }
        } else {
            switch name {
            case "not_null": return .notNull
            case "unique": return .unique
            default: break
            }
        }
        reading.error(
            .invalidValue,
            name.isEmpty
                ? "expected a test, found \(node.summary); tests: \(known.joined(separator: ", "))"
                : known.contains(name)
                    ? "the test \"\(name)\" is not written like this"
                    : "unknown test \"\(name.abbreviated)\"; tests: \(known.joined(separator: ", "))",
            at: place,
            hint: forms[name] ?? NearestMatch.find(name, among: known)
        )
        return nil
    }

    private static let forms = [
        "not_null": "not_null", "unique": "unique", "accepted_values": "accepted_values: {values: [...]}",
        "relationships": "relationships: {to: silver.table, field: column}",
    ]
}

private enum ContractKeys {
    static let enforced = Key<Bool>(
        "enforced",
        .boolean,
        default: true,
        written: "true",
        "Whether the result must have exactly the declared columns and types."
    )
}

extension ValueType where Value == Bool {
    static let contract = object(
        "contract",
        "Whether the declared columns bind the result.",
        keys: [ContractKeys.enforced.shape]
    ) { reader in reader.defaulted(ContractKeys.enforced) }
}

extension ValueType where Value == String {
    /// A table of the lake, as SQL names it.
    static let tableReference: ValueType = {
        let name = ValueType<TableName>.tableName(in: ["silver", "gold", "seeds", "quarantine", "ops"])
        return name.map(\.description)
    }()
}

extension TableName {
    /// Reads `namespace.name`.
    init?(reference: String) {
        let parts = reference.split(separator: ".")
        guard parts.count == 2 else { return nil }
        self.init(namespace: String(parts[0]), name: String(parts[1]))
    }
}
