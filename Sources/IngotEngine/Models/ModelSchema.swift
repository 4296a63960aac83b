import DuckDB
import Iceberg
import IngotCore
import IngotProject

/// The columns that a model's table has, and how each comes from the SELECT's result.
struct ModelSchema {
    /// The table that holds the result.
    let definition: TableDefinition
    /// The SQL of each column over the result, in order.
    let expressions: [String]

    /// The schema of a SELECT's result, held against the model's settings.
    ///
    /// - Throws: `IngotError`: `unsupportedType`, `contractBroken`, `invalidEventTime`.
    init(_ model: Model, result: [DuckDB.Column]) throws {
        try Self.checkNames(model, result)
        if model.isContractEnforced { try Self.checkContract(model, result) }
        var columns: [TableDefinition.Column] = []
        var expressions: [String] = []
        for column in result {
            let declared = model.columns.first { $0.name.value.lowercased() == column.name.lowercased() }
            let type: DataType
            if let wanted = declared?.dataType?.value {
                type = wanted
            } else {
                type = try Self.dataType(column.type, of: column.name, in: model)
            }
            columns.append(.init(name: column.name, type: type, description: declared?.description))
            expressions.append("CAST(\(SQL.identifier(column.name)) AS \(type.sql)) AS \(SQL.identifier(column.name))")
        }
        var properties = model.properties
        if let description = model.description { properties["comment"] = description }
        definition = TableDefinition(
            name: model.table.value,
            columns: columns,
            partitionBy: try Self.partitioning(model, columns),
            properties: properties,
            isReplaced: true
        )
        self.expressions = expressions
    }

    private static func checkNames(_ model: Model, _ result: [DuckDB.Column]) throws {
        var seen: Set<String> = []
        for column in result where !seen.insert(column.name.lowercased()).inserted {
            throw IngotError(
                .contractBroken,
                "the SELECT gives two columns \"\(column.name)\"",
                at: model.sql.location,
                hint: "give one of them another name with AS"
            )
        }
        let names = result.map(\.name)
        let settings =
            model.columns.map { ("columns", $0.name) } + model.uniqueKey.map { ("unique_key", $0) }
            + model.partitionBy.map { ("partition_by", $0.column) }
            + [model.eventTime].compactMap { $0 }.map {
                ("event_time", $0)
            }
        for (key, name) in settings where !seen.contains(name.value.lowercased()) {
            throw IngotError(
                key == "event_time" ? .invalidEventTime : .contractBroken,
                "\(key): the SELECT gives no column \"\(name)\"; it gives: \(names.joined(separator: ", "))",
                at: name.location,
                hint: NearestMatch.find(name.value, among: names)
            )
        }
    }

    /// Exactly the declared columns, of exactly the declared types.
    private static func checkContract(_ model: Model, _ result: [DuckDB.Column]) throws {
        for column in result {
            guard let declared = model.columns.first(where: { $0.name.value.lowercased() == column.name.lowercased() })
            else {
                throw IngotError(
                    .contractBroken,
                    "the SELECT gives a column \"\(column.name)\" that the contract does not have",
                    at: model.sql.location,
                    hint: "add it to columns, or leave it out of the SELECT"
                )
            }
            let type = try dataType(column.type, of: column.name, in: model)
            guard let wanted = declared.dataType, wanted.value != type else { continue }
            throw IngotError(
                .contractBroken,
                "the column \"\(column.name)\" is \(type), and the contract says \(wanted)",
                at: wanted.location,
                hint: "CAST(... AS \(wanted.value.sql)) AS \(column.name)"
            )
        }
    }

    /// The partitioning that the settings name, or one by the intervals that are replaced as a whole.
    private static func partitioning(
        _ model: Model,
        _ columns: [TableDefinition.Column]
    ) throws -> [IngotProject.PartitionField] {
        // Columns are found by their names as the result spells them.
        func spelled(_ name: Located<String>) -> Located<String> {
            let column = columns.first { $0.name.lowercased() == name.value.lowercased() }
            return Located(column?.name ?? name.value, at: name.location)
        }
        guard model.partitionBy.isEmpty else {
            return model.partitionBy.map { .init(transform: $0.transform, column: spelled($0.column)) }
        }
        guard case .incremental(let settings) = model.materialization, let size = settings.batchSize,
            settings.strategy != .append, let eventTime = model.eventTime
        else { return [] }
        let column = spelled(eventTime)
        let isDate = columns.contains { $0.name == column.value && $0.type == .date }
        switch size {
        case .hour: return [.init(transform: isDate ? .day : .hour, column: column)]
        case .day, .week: return [.init(transform: .day, column: column)]
        case .month: return [.init(transform: .month, column: column)]
        case .year: return [.init(transform: .year, column: column)]
        }
    }

    /// The type of a table's column for a type of the query engine's.
    private static func dataType(_ type: LogicalType, of column: String, in model: Model) throws -> DataType {
        if let found = DataType(type) { return found }
        throw IngotError(
            .unsupportedType,
            type == .null
                ? "the column \"\(column)\" is NULL in every row and has no type"
                : "the column \"\(column)\" is \(type), a type that tables do not have",
            at: model.sql.location,
            hint: "CAST(... AS \(type == .null ? "BIGINT" : "VARCHAR")) AS \(column)"
        )
    }
}

extension DataType {
    /// The type that keeps values of a type of the query engine's; `nil` where there is none.
    init?(_ type: LogicalType) {
        switch type {
        case .boolean: self = .boolean
        case .tinyint, .smallint, .integer, .utinyint, .usmallint: self = .integer
        case .bigint, .uinteger: self = .bigint
        case .ubigint: self = .decimal(precision: 20, scale: 0)
        case .hugeint, .uhugeint: self = .decimal(precision: 38, scale: 0)
        case .float: self = .float
        case .double: self = .double
        case .decimal(let width, let scale): self = .decimal(precision: width, scale: scale)
        case .varchar, .enumeration: self = .varchar
        case .blob: self = .blob
        case .uuid: self = .uuid
        case .date: self = .date
        case .time: self = .time
        case .timestamp, .timestampS, .timestampMS, .timestampNS: self = .timestamp
        case .timestampTZ: self = .timestamptz
        case .list(let element), .array(let element, _):
            guard let element = DataType(element) else { return nil }
            self = .list(element)
        case .structure(let fields):
            let types = fields.compactMap { field in
                field.name.isEmpty ? nil : DataType(field.type).map { Field(name: field.name, type: $0) }
            }
            guard types.count == fields.count else { return nil }
            self = .structure(types)
        case .map(let key, let value):
            guard let key = DataType(key), let value = DataType(value) else { return nil }
            self = .map(key: key, value: value)
        case .alias("JSON", _): self = .json
        case .alias(_, let base):
            guard let base = DataType(base) else { return nil }
            self = base
        case .null, .bignum, .bit, .timeNS, .timeTZ, .interval, .union, .other: return nil
        }
    }
}
