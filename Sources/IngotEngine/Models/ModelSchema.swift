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
        if let problem = Self.problems(of: model, result: result).first { throw problem }
        var columns: [TableDefinition.Column] = []
        var expressions: [String] = []
        for column in result {
            let declared = Self.declared(column, in: model)
            // Where a type has no counterpart, that is among the problems.
            guard let type = declared?.dataType?.value ?? DataType(column.type) else { continue }
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

    /// Everything in which a SELECT's result does not fit the model's settings.
    static func problems(of model: Model, result: [DuckDB.Column]) -> [IngotError] {
        let types = result.compactMap { column -> IngotError? in
            let isDeclared = declared(column, in: model)?.dataType != nil
            return isDeclared && !model.isContractEnforced ? nil : typeProblem(column, in: model)
        }
        let contract = model.isContractEnforced ? result.compactMap { contractProblem($0, in: model) } : []
        return nameProblems(model, result) + types + contract
    }

    private static func declared(_ column: DuckDB.Column, in model: Model) -> Model.Column? {
        model.columns.first { $0.name.value.lowercased() == column.name.lowercased() }
    }

    private static func nameProblems(_ model: Model, _ result: [DuckDB.Column]) -> [IngotError] {
        var seen: Set<String> = []
        let doubled = result.filter { !seen.insert($0.name.lowercased()).inserted }.map { column in
            IngotError(
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
        let missing = settings.filter { !seen.contains($0.1.value.lowercased()) }.map { key, name in
            IngotError(
                key == "event_time" ? .invalidEventTime : .contractBroken,
                "\(key): the SELECT gives no column \"\(name)\"; it gives: \(names.joined(separator: ", "))",
                at: name.location,
                hint: NearestMatch.find(name.value, among: names)
            )
        }
        return doubled + missing
    }

    /// How a column breaks an enforced contract: exactly the declared columns, of exactly the declared types.
    private static func contractProblem(_ column: DuckDB.Column, in model: Model) -> IngotError? {
        guard let declared = declared(column, in: model) else {
            return IngotError(
                .contractBroken,
                "the SELECT gives a column \"\(column.name)\" that the contract does not have",
                at: model.sql.location,
                hint: "add it to columns, or leave it out of the SELECT"
            )
        }
        guard let type = DataType(column.type), let wanted = declared.dataType, wanted.value != type else { return nil }
        return IngotError(
            .contractBroken,
            "the column \"\(column.name)\" is \(type), and the contract says \(wanted)",
            at: wanted.location,
            hint: "CAST(... AS \(wanted.value.sql)) AS \(column.name)"
        )
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

    /// Why a column's type is none that tables have; `nil` where it is one.
    private static func typeProblem(_ column: DuckDB.Column, in model: Model) -> IngotError? {
        guard DataType(column.type) == nil else { return nil }
        let isNull = column.type == .null
        return IngotError(
            .unsupportedType,
            isNull
                ? "the column \"\(column.name)\" is NULL in every row and has no type"
                : "the column \"\(column.name)\" is \(column.type), a type that tables do not have",
            at: model.sql.location,
            hint: "CAST(... AS \(isNull ? "BIGINT" : "VARCHAR")) AS \(column.name)"
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
