import IngotCore

/// The keys that say what a table is, shared by pipelines and the targets of a route.
enum TableContractKeys {
    static let columns = Key(
        "columns",
        ValueType.list(of: .column, atLeast: 1, keepsSound: true),
        "The table's columns, in order."
    )
    static let rules = Key(
        "rules",
        ValueType.list(of: .rule, keepsSound: true),
        "Conditions over a row's final values; false rejects the row, NULL passes, as in SQL's CHECK."
    )
    static let uniqueKey = Key(
        "unique_key",
        ValueType.oneOrMore(ValueType<String>.fieldName.located),
        "The columns that identify a row. Of several rows with one key the first in `dedup_sort` stays; the others "
            + "are kept in quarantine."
    )
    static let dedupSort = Key<TableContract.DedupSort>(
        "dedup_sort",
        .dedupSort,
        "Which row of one key stays: `newest` or `oldest` (by the object's time, then its key, then the row), or "
            + "columns with `asc` or `desc`, of which the first row stays. `_source_time`, `_source_file` and "
            + "`_source_row` can be used too. Without it `newest`."
    )
    static let silver = Key("silver", .silver, "The table that accepted rows go to.")
    static let expectations = Key(
        "expectations",
        ValueType.list(of: .expectation),
        "The gate: what must hold for an object's rows before they are published."
    )
    static let onExpectationFailure = Key<SilverTable.ExpectationFailure>(
        "on_expectation_failure",
        .choice,
        default: .quarantineObject,
        written: "quarantine_object",
        "What happens to an object whose rows fail an expectation."
    )

    static let all = [
        silver.shape, columns.shape, rules.shape, uniqueKey.shape, dedupSort.shape, expectations.shape,
        onExpectationFailure.shape,
    ]

    static func read(_ reader: ObjectReader) -> TableContract {
        let columns = reader.value(columns)
        let silver = reader.value(silver)
        return TableContract(
            location: reader.location,
            silver: silver,
            isSilverBroken: silver == nil && reader.isMeant(TableContractKeys.silver),
            columns: columns,
            isComplete: columns.map { $0.count == reader.count(TableContractKeys.columns) }
                ?? !reader.isMeant(TableContractKeys.columns),
            rules: reader.value(rules),
            uniqueKey: reader.value(uniqueKey),
            dedupSort: reader.value(dedupSort),
            dedupSortLocation: reader.has(dedupSort) ? reader.place(dedupSort) : nil,
            expectations: reader.value(expectations),
            onExpectationFailure: reader.value(onExpectationFailure)
        )
    }
}

private enum RuleKeys {
    static let name = Key.required(
        "name",
        ValueType<String>.identifier.located,
        "The rule's name, which the quarantine's reasons carry."
    )
    static let expression = Key<SQLText>.required(
        "expression",
        .expression,
        "The condition, in SQL over the table's columns and the seeds that `relationships` joins."
    )
    static let description = Key<String>("description", .text, "What the rule guards.")
}

extension ValueType where Value == Rule {
    static let rule = object(
        "rule",
        "A condition that every row must meet.",
        keys: [RuleKeys.name.shape, RuleKeys.expression.shape, RuleKeys.description.shape]
    ) { reader in
        let name = reader.value(RuleKeys.name)
        let expression = reader.value(RuleKeys.expression)
        let description = reader.value(RuleKeys.description)
        guard let name, let expression else { return nil }
        return Rule(name: name, expression: expression, description: description)
    }
}

extension ValueType where Value == TableContract.DedupSort {
    private static let words = Shape.choice([
        (value: "newest", summary: "The row of the newest object."),
        (value: "oldest", summary: "The row of the oldest object."),
    ])

    static let dedupSort: ValueType = {
        let keys = ValueType<[SortKey]>.list(of: .sortKey, atLeast: 1)
        return ValueType(.either([words, keys.shape])) { node, reading in
            switch node.isScalar ? node.text : "" {
            case "newest": return .newest
            case "oldest": return .oldest
            case "":
                return keys.parse(node, reading).map { .keys($0) }
            default:
                return ValueType<SortKey>.sortKey.parse(node, reading).map { .keys([$0]) }
            }
        }
    }()
}

private enum SilverKeys {
    static let table = Key(
        "table",
        ValueType<TableName>.tableName(in: ["silver"]).located,
        "The table: `silver.<name>`. Required, but not at the top of a pipeline with a `route`."
    )
    static let eventTime = Key(
        "event_time",
        ValueType<String>.fieldName.located,
        "The column that says when a row's event happened; models compute by it."
    )
    static let partitionBy = Key(
        "partition_by",
        ValueType.oneOrMore(.partitionField),
        "The partitioning: `column`, `year()`, `month()`, `day()`, `hour()`, `bucket(n, column)`, "
            + "`truncate(width, column)`. System columns can be used: `hour(_ingested_at)`."
    )
    static let sourceRow = Key<Bool>(
        "source_row",
        .boolean,
        default: false,
        written: "false",
        "Whether rows carry `_source_row`, their number in the object; costs a serial pass."
    )
    static let properties = Key(
        "properties",
        ValueType<[(name: Located<String>, value: String)]>.map(from: .fieldName, to: .text),
        "Iceberg table properties."
    )
}

extension ValueType where Value == TableContract.SilverSettings {
    static let silver = object(
        "silver",
        "The table that accepted rows go to.",
        keys: [
            SilverKeys.table.shape, SilverKeys.eventTime.shape, SilverKeys.partitionBy.shape,
            SilverKeys.sourceRow.shape, SilverKeys.properties.shape,
        ]
    ) { reader in
        let table = reader.value(SilverKeys.table)
        return TableContract.SilverSettings(
            location: reader.location,
            table: table,
            isTableBroken: table == nil && reader.isMeant(SilverKeys.table),
            eventTime: reader.value(SilverKeys.eventTime),
            partitionBy: reader.value(SilverKeys.partitionBy),
            sourceRow: reader.value(SilverKeys.sourceRow),
            properties: Dictionary(
                (reader.value(SilverKeys.properties) ?? []).map { ($0.name.value, $0.value) },
                uniquingKeysWith: { first, _ in first }
            )
        )
    }
}
