import IngotCore

extension ValueType where Value == Check {
    /// A file under `checks/`.
    static let check = object(
        "check",
        "What is expected of a table as time goes by, with one of `freshness` and `completeness`: a file "
            + "`checks/<name>.yml`. [Checks](checks.md) shows how they are used.",
        keys: CheckKeys.all,
        decode: CheckKeys.decode
    )
}

/// The keys of a check.
private enum CheckKeys {
    static let check = Key.required("check", ValueType<String>.identifier.located, "The check's name.")
    static let description = Key<String>("description", .text, "What it is for.")
    static let tags = Key(
        "tags",
        ValueType<[String]>.oneOrMore(.identifier),
        default: [],
        written: "[]",
        "Words to select it by: `--select tag:x`."
    )
    static let table = Key.required(
        "table",
        ValueType<TableName>.tableName(in: ["silver", "gold", "quarantine", "ops"]).located,
        "The table or view."
    )
    static let freshness = Key<Check.Freshness>("freshness", .freshness, "How old the newest row may be.")
    static let completeness = Key<Check.Completeness>(
        "completeness",
        .completeness,
        "Which slots of time have to hold a row."
    )
    static let severity = Key<Check.Severity>(
        "severity",
        .choice,
        default: .error,
        written: "error",
        "What it means that the check does not hold."
    )
    static let notify = Key(
        "notify",
        ValueType<[Located<String>]>.oneOrMore(ValueType<String>.identifier.located),
        default: [],
        written: "[]",
        "The `notifications` of `ingot.yml` that are told when the check does not hold."
    )

    static let all = [
        check.shape, description.shape, tags.shape, table.shape, freshness.shape, completeness.shape, severity.shape,
        notify.shape,
    ]

    @Sendable
    static func decode(_ reader: ObjectReader) -> Check? {
        let name = reader.value(check)
        let description = reader.value(description)
        let tags = reader.defaulted(tags)
        let table = reader.value(table)
        let freshness = reader.value(freshness)
        let completeness = reader.value(completeness)
        let severity = reader.defaulted(severity)
        let notify = reader.defaulted(notify)
        if reader.isMeant(CheckKeys.freshness) == reader.isMeant(CheckKeys.completeness) {
            reader.reading.error(
                .conflictingKeys,
                "a check needs exactly one of freshness, completeness",
                at: reader.location
            )
            return nil
        }
        let expectation = freshness.map(Check.Expectation.freshness) ?? completeness.map(Check.Expectation.completeness)
        guard let name, let table, let expectation else { return nil }
        return Check(
            name: name,
            file: reader.reading.source.file,
            description: description,
            tags: tags,
            table: table,
            expectation: expectation,
            severity: severity,
            notify: notify
        )
    }
}

extension Check.Severity: Choice {
    var summary: String {
        switch self {
        case .error: "A failure."
        case .warn: "A warning."
        }
    }
}
