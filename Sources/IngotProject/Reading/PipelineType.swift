import IngotCore

extension ValueType where Value == Pipeline {
    /// A file under `pipelines/`.
    static let pipeline = object(
        "pipeline",
        "From one arrival source to silver tables: a file `pipelines/<name>.yml`.",
        keys: PipelineKeys.all,
        decode: PipelineKeys.decode
    )
}

/// A route: the field that decides, and the table for each of its values.
private struct Route {
    var by: Located<String>
    var to: [(name: Located<String>, value: TableContract)]
}

/// The keys of a pipeline.
private enum PipelineKeys {
    static let pipeline = Key.required("pipeline", ValueType<String>.identifier.located, "The pipeline's name.")
    static let description = Key("description", .text, "What it is for.")
    static let tags = Key(
        "tags",
        ValueType<[String]>.oneOrMore(.identifier),
        default: [],
        written: "[]",
        "Words to select it by: `--select tag:x`."
    )
    static let source = Key<Source>.required("source", .source, "Where objects arrive, and how they are read.")
    static let onRowError = Key<Pipeline.RowErrorPolicy>(
        "on_row_error",
        .choice,
        default: .quarantine,
        written: "quarantine",
        "What happens to a rejected row."
    )
    static let maxErrorRate = Key(
        "max_error_rate",
        .share(includingZero: true),
        "The share of rejected rows beyond which the whole object is quarantined."
    )
    static let schemaEvolutionMode = Key<Pipeline.SchemaEvolution>(
        "schema_evolution_mode",
        .choice,
        default: .addNewColumns,
        written: "add_new_columns",
        "What happens to fields that no column reads."
    )
    static let rescuedDataColumn = Key(
        "rescued_data_column",
        ValueType<String>.fieldName.located,
        "The column that keeps, as JSON, the fields that no column reads and that become none themselves. With "
            + "`schema_evolution_mode: rescue` it is `_rescued_data` unless named here."
    )
    static let nullValues = Key(
        "null_values",
        ValueType<[String]>.list(of: .nullText),
        "Texts that mean NULL in every column. Without it the empty text in `csv` sources, and none in others."
    )
    static let route = Key<Route>(
        "route",
        .route,
        "Where one source feeds several tables. What stands beside it holds for all of them."
    )

    static let all =
        [
            pipeline.shape, description.shape, tags.shape, source.shape, nullValues.shape, onRowError.shape,
            maxErrorRate.shape, schemaEvolutionMode.shape, rescuedDataColumn.shape, route.shape,
        ] + TableContractKeys.all

    @Sendable
    static func decode(_ reader: ObjectReader) -> Pipeline? {
        let name = reader.value(pipeline)
        let description = reader.value(description)
        let tags = reader.defaulted(tags)
        let source = reader.value(source)
        let onRowError = reader.defaulted(onRowError)
        let maxErrorRate = reader.value(maxErrorRate)
        let evolution = reader.defaulted(schemaEvolutionMode)
        var rescued = reader.value(rescuedDataColumn)
        let nullValues = reader.value(nullValues)
        let route = reader.value(route)
        let contract = TableContractKeys.read(reader)
        if evolution == .rescue, rescued == nil {
            rescued = Located("_rescued_data", at: reader.place(schemaEvolutionMode))
        }
        let context = SilverTableBuilder(reading: reader.reading, source: source, rescuedDataColumn: rescued)
        let tables = tables(contract, route: route, reader, context)
        guard let name else { return nil }
        let isCSV = source?.format == .csv
        return Pipeline(
            name: name,
            file: reader.reading.source.file,
            description: description,
            tags: tags,
            source: source ?? .unread(at: reader.location),
            onRowError: onRowError,
            maxErrorRate: maxErrorRate,
            schemaEvolution: evolution,
            rescuedDataColumn: rescued,
            nullValues: nullValues ?? (isCSV ? [""] : []),
            routeBy: route?.by,
            tables: tables
        )
    }

    private static func tables(
        _ contract: TableContract,
        route: Route?,
        _ reader: ObjectReader,
        _ builder: SilverTableBuilder
    ) -> [SilverTable] {
        guard reader.has(PipelineKeys.route) else {
            return [builder.table(contract, routeValue: nil)].compactMap(\.self)
        }
        if let table = contract.silver?.table {
            reader.reading.error(
                .conflictingKeys,
                "with a route each target names its own table, so silver.table cannot stand beside it",
                at: table.location,
                hint: "move the table under the route's value"
            )
        }
        guard let route else { return [] }
        return route.to.compactMap { builder.table($0.value.inheriting(contract), routeValue: $0.name) }
    }
}

private enum RouteKeys {
    static let by = Key.required(
        "by",
        ValueType<String>.fieldName.located,
        "The field of the source whose value decides. A row with a value that `to` does not name is rejected."
    )
    static let to = Key.required(
        "to",
        ValueType<[(name: Located<String>, value: TableContract)]>.map(from: .routeValue, to: .target),
        "For each value the table, as `silver.<name>` or with keys of its own."
    )
}

extension ValueType where Value == Route {
    fileprivate static let route = object(
        "route",
        "Where one source feeds several tables.",
        keys: [RouteKeys.by.shape, RouteKeys.to.shape]
    ) { reader in
        let by = reader.value(RouteKeys.by)
        let to = reader.value(RouteKeys.to)
        if to?.isEmpty == true {
            reader.reading.error(.invalidValue, "the route has no targets", at: reader.valuePlace(RouteKeys.to))
        }
        guard let by, let to else { return nil }
        return Route(by: by, to: to)
    }
}

extension ValueType where Value == TableContract {
    private static let full = object(
        "route target",
        "One table of a route. Lists are added to those at the top of the pipeline; other keys replace them.",
        keys: TableContractKeys.all,
        decode: TableContractKeys.read
    )

    /// A target of a route: a table's name, or a mapping with the table's keys.
    fileprivate static let target: ValueType = {
        let name = ValueType<TableName>.tableName(in: ["silver"])
        return ValueType(.either([name.shape, full.shape])) { node, reading in
            guard node.isScalar else { return full.parse(node, reading) }
            return name.located.parse(node, reading).map { table in
                TableContract(
                    location: node.location,
                    silver: .init(location: node.location, table: table, properties: [:]),
                    isComplete: true
                )
            }
        }
    }()
}

extension ValueType where Value == String {
    /// A value of a route's field.
    fileprivate static let routeValue = ValueType(.scalar(label: "value", schema: ["type": "string"])) { node, _ in
        node.text
    }

    /// A text that means NULL; the empty text is one.
    fileprivate static let nullText = ValueType(
        .scalar(label: "text", schema: ["type": ["string", "number", "boolean"]])
    ) { node, reading in
        guard case .scalar(let text, _) = node.content else {
            reading.error(.wrongType, "expected a text, found \(node.summary)", at: node.location)
            return nil
        }
        return text
    }
}
