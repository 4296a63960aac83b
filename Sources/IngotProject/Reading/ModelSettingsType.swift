import IngotCore

/// What the settings block of a model says, before it is joined with the query.
struct ModelSettings: Sendable {
    var table: Located<TableName>?
    var description: String?
    var tags: [String]
    var materialization: Model.Materialization
    var eventTime: Located<String>?
    var uniqueKey: [Located<String>]
    var partitionBy: [PartitionField]
    var columns: [Model.Column]
    var isContractEnforced: Bool
    var inputs: [Model.Input]
    var properties: [String: String]

    /// A model without a settings block.
    static let standard = ModelSettings(
        tags: [],
        materialization: .table,
        uniqueKey: [],
        partitionBy: [],
        columns: [],
        isContractEnforced: false,
        inputs: [],
        properties: [:]
    )
}

extension ValueType where Value == ModelSettings {
    /// The block at the top of a file under `models/`.
    static let modelSettings = object(
        "model",
        "The settings of a model: YAML in a comment `/* @ingot ... */` at the top of `models/**/<name>.sql`. The rest "
            + "of the file is one SELECT.",
        keys: ModelKeys.all,
        decode: ModelKeys.decode
    )
}

/// The keys of a model's settings.
enum ModelKeys {
    static let table = Key(
        "table",
        ValueType<TableName>.tableName(in: ["gold", "silver"]).located,
        "The table or view. Without it `gold.<file name>`."
    )
    static let description = Key<String>("description", .text, "What it is for; becomes the table's comment.")
    static let tags = Key(
        "tags",
        ValueType<[String]>.oneOrMore(.identifier),
        default: [],
        written: "[]",
        "Words to select it by: `--select tag:x`."
    )
    static let materialized = Key<MaterializationMode>(
        "materialized",
        .choice,
        default: .table,
        written: "table",
        "How the result is kept."
    )
    static let strategy = Key<Model.Strategy>(
        "incremental_strategy",
        .choice,
        "`incremental`: how the result takes in what was computed. Without it `delete+insert` with `batch_size`, "
            + "else `merge`."
    )
    static let eventTime = Key(
        "event_time",
        ValueType<String>.fieldName.located,
        "The result's column that places a row in an interval."
    )
    static let uniqueKey = Key(
        "unique_key",
        ValueType<[Located<String>]>.oneOrMore(ValueType<String>.fieldName.located),
        "`incremental`: the result's columns that identify a row."
    )
    static let batchSize = Key<Model.BatchSize>(
        "batch_size",
        .choice,
        "`incremental`: the length of an interval. With it only intervals whose input changed are computed."
    )
    static let lookback = Key(
        "lookback",
        .integer(0...10_000),
        default: 0,
        written: "0",
        "How many intervals of input before the computed one are read too; a count of `batch_size`, as in dbt. Late "
            + "rows need none: the intervals that they touch are computed anew anyway."
    )
    static let affects = Key(
        "affects",
        .integer(0...10_000),
        default: 0,
        written: "0",
        "How many intervals before a changed row its output changes; a count of `batch_size`."
    )
    static let begin = Key<Literal>(
        "begin",
        .literal,
        "Where the first interval begins, as a date or timestamp; earlier input is not read."
    )
    static let partitionBy = Key(
        "partition_by",
        ValueType<[PartitionField]>.oneOrMore(.partitionField),
        "The table's partitioning, as in pipelines."
    )
    static let columns = Key(
        "columns",
        ValueType<[Model.Column]>.list(of: .modelColumn),
        "The result's columns: types, descriptions, tests."
    )
    static let contract = Key<Bool>(
        "contract",
        .contract,
        default: false,
        written: "{enforced: false}",
        "With `{enforced: true}` the result must have exactly the declared columns and types."
    )
    static let inputs = Key(
        "inputs",
        ValueType<[(name: Located<String>, value: ModelInputSettings)]>.map(from: .tableReference, to: .modelInput),
        "What holds for single inputs, by table: `{silver.rates: {on_change: ignore}}`."
    )
    static let properties = Key(
        "properties",
        ValueType<[(name: Located<String>, value: String)]>.map(from: .fieldName, to: .text),
        "Iceberg table properties."
    )

    static let all = [
        description.shape, tags.shape, table.shape, materialized.shape, strategy.shape, eventTime.shape,
        batchSize.shape, uniqueKey.shape, lookback.shape, affects.shape, begin.shape, partitionBy.shape,
        columns.shape, contract.shape, inputs.shape, properties.shape,
    ]

    @Sendable
    static func decode(_ reader: ObjectReader) -> ModelSettings? {
        let inputs = reader.value(inputs) ?? []
        let settings = ModelSettings(
            table: reader.value(table),
            description: reader.value(description),
            tags: reader.defaulted(tags),
            materialization: ModelMaterializationReader(reader).decode(),
            eventTime: reader.value(eventTime),
            uniqueKey: reader.value(uniqueKey) ?? [],
            partitionBy: reader.value(partitionBy) ?? [],
            columns: reader.value(columns) ?? [],
            isContractEnforced: reader.defaulted(contract),
            inputs: inputs.compactMap { input in
                TableName(reference: input.name.value).map {
                    Model.Input(
                        table: Located($0, at: input.name.location),
                        onChange: input.value.onChange,
                        filter: input.value.filter
                    )
                }
            },
            properties: Dictionary(
                (reader.value(properties) ?? []).map { ($0.name.value, $0.value) },
                uniquingKeysWith: { first, _ in first }
            )
        )
        check(settings, reader)
        return settings
    }

    private static func check(_ settings: ModelSettings, _ reader: ObjectReader) {
        let reading = reader.reading
        Duplicates.report(settings.columns.map(\.name), what: "column", in: reading)
        Duplicates.report(settings.uniqueKey, what: "column of unique_key", in: reading)
        guard settings.isContractEnforced else { return }
        if settings.columns.isEmpty, !reader.isMeant(columns) {
            reader.conflict(contract, "an enforced contract needs columns with their types", hint: "columns: [...]")
        }
        for column in settings.columns where column.dataType == nil {
            reading.error(
                .missingKey,
                "the contract is enforced, so the column \"\(column.name)\" needs a data_type",
                at: column.name.location
            )
        }
        checkNames(settings, reader)
    }

    /// An enforced contract names every column, so that other keys can be checked against them.
    private static func checkNames(_ settings: ModelSettings, _ reader: ObjectReader) {
        guard reader.count(columns) == settings.columns.count else { return }
        let known = settings.columns.map(\.name.value)
        let used =
            settings.uniqueKey.map { ("unique_key", $0) } + settings.partitionBy.map { ("partition_by", $0.column) }
            + [settings.eventTime].compactMap { $0.map { ("event_time", $0) } }
        for (key, name) in used where !known.map({ $0.lowercased() }).contains(name.value.lowercased()) {
            reader.reading.error(
                .unknownName,
                "\(key): the contract has no column \"\(name.value.abbreviated)\"; columns: "
                    + known.joined(separator: ", "),
                at: name.location,
                hint: NearestMatch.find(name.value, among: known)
            )
        }
    }
}
