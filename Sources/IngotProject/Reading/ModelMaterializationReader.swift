import IngotCore

/// Reads how the result is kept, and checks which keys go together.
struct ModelMaterializationReader {
    private typealias Keys = ModelKeys

    private let reader: ObjectReader

    init(_ reader: ObjectReader) {
        self.reader = reader
    }

    func decode() -> Model.Materialization {
        let mode = reader.defaulted(Keys.materialized)
        let strategy = reader.value(Keys.strategy)
        let incremental = Model.Incremental(
            strategy: strategy ?? (reader.isMeant(Keys.batchSize) ? .deleteInsert : .merge),
            batchSize: reader.value(Keys.batchSize),
            lookback: reader.defaulted(Keys.lookback),
            affects: reader.defaulted(Keys.affects),
            begin: reader.value(Keys.begin)
        )
        incremental.begin?.check(fits: .timestamp, key: "begin", in: reader.reading)
        switch mode {
        case .view:
            excludeIncremental(from: "a view")
            exclude(Keys.partitionBy, from: "a view")
            exclude(Keys.properties, from: "a view")
            return .view
        case .table:
            excludeIncremental(from: "materialized: table")
            return .table
        case .incremental:
            check(incremental)
            return .incremental(incremental)
        }
    }

    private func check(_ incremental: Model.Incremental) {
        let hasKey = reader.isMeant(Keys.uniqueKey)
        let hasBatch = reader.isMeant(Keys.batchSize)
        if hasBatch, !reader.isMeant(Keys.eventTime) {
            reader.conflict(Keys.batchSize, "batch_size needs event_time, the column that places a row in an interval")
        }
        if !hasBatch {
            for key in [Keys.lookback, Keys.affects] where reader.has(key) {
                reader.conflict(key, "\(key.name) counts intervals, so it needs batch_size")
            }
            if reader.has(Keys.begin) {
                reader.conflict(Keys.begin, "begin is where the first interval begins, so it needs batch_size")
            }
        }
        let place = reader.has(Keys.strategy) ? reader.place(Keys.strategy) : reader.place(Keys.materialized)
        switch incremental.strategy {
        case .merge where !hasKey:
            let message =
                reader.has(Keys.strategy)
                ? "incremental_strategy: merge needs unique_key"
                : "an incremental model needs event_time and batch_size, or unique_key"
            reader.reading.error(.conflictingKeys, message, at: place, hint: "unique_key: [column]")
        case .deleteInsert where !hasBatch && !hasKey:
            reader.reading.error(
                .conflictingKeys,
                "incremental_strategy: delete+insert needs event_time and batch_size, or unique_key",
                at: place
            )
        case .append where reader.has(Keys.uniqueKey):
            reader.conflict(Keys.uniqueKey, "incremental_strategy: append adds rows whatever their key")
        case .append where reader.has(Keys.affects):
            reader.conflict(Keys.affects, "incremental_strategy: append never changes earlier rows")
        default: break
        }
    }

    private func excludeIncremental(from what: String) {
        exclude(Keys.strategy, from: what)
        exclude(Keys.batchSize, from: what)
        exclude(Keys.uniqueKey, from: what)
        exclude(Keys.lookback, from: what)
        exclude(Keys.affects, from: what)
        exclude(Keys.begin, from: what)
    }

    private func exclude<Value>(_ key: Key<Value>, from what: String) {
        if reader.has(key) {
            reader.conflict(
                key,
                "\(what) takes no \(key.name)",
                hint: key.name == "partition_by" || key.name == "properties"
                    ? "materialized: table" : "materialized: incremental"
            )
        }
    }
}
