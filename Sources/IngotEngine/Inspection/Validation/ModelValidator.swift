import DuckDB
import Iceberg
import IngotCore
import IngotProject

/// Compiles models, each after those that it reads.
struct ModelValidator {
    let project: Project
    let lake: [TableName: [TableColumn]]
    /// Files with errors: what they would have declared is not missed.
    let brokenFiles: Set<String>
    let connection: SQLConnection

    /// Compiles all models.
    func errors() async throws -> [IngotError] {
        let unknown = try await declareTables()
        let names = TableNames(project, existing: Array(lake.keys))
        let graph = try await ModelGraphBuilder.build(project.models, names, connection)
        let problems = graph.problems.sorted { $0.key < $1.key }.map(\.value)
        var errors = isAnyUndeclared ? problems.filter { $0.code != .unknownTable } : problems
        // What is wrong with a model is said there, once, and not again of those that read it.
        var broken = Set(graph.problems.keys)
        // A table that is declared twice is told as that.
        var taken = Set(project.pipelines.flatMap(\.tables).map(\.table.value))
        for node in graph.order where taken.insert(node.model.table.value).inserted {
            let name = node.model.name.value
            guard broken.isDisjoint(with: node.upstream), unknown.isDisjoint(with: node.inputs) else {
                broken.insert(name)
                continue
            }
            var model = node.model
            // Without columns that could be read, nothing can be held against them.
            if brokenFiles.contains(model.file), model.columns.isEmpty { model.isContractEnforced = false }
            let found = try await compile(model)
            if !found.isEmpty { broken.insert(name) }
            errors += found
        }
        return errors.uniqued(by: \.description)
    }

    /// Whether a file may declare tables that are not known, because of its errors.
    private var isAnyUndeclared: Bool {
        let whole = project.pipelines.filter { !$0.tables.isEmpty && $0.routeBy == nil }.map(\.file)
        let read = whole + project.models.map(\.file) + project.seeds.map(\.file)
        return !brokenFiles.subtracting(read).isEmpty
    }

    /// Makes a view of a model, with which those that read it are compiled; answers what is wrong with the model.
    private func compile(_ model: Model) async throws -> [IngotError] {
        let name = model.table.value
        let query = QueryText(model.sql)
        do {
            let statement = try await ParsedQuery(query, connection)
            try await connection.execute("CREATE SCHEMA IF NOT EXISTS \(SQL.identifier(name.namespace))")
            try await connection.execute(
                "CREATE OR REPLACE VIEW \(SQL.qualified([name.namespace, name.name])) AS\n\(statement.sql)"
            )
            return model.materialization == .view ? [] : try await declareResult(of: model)
        } catch let error as DuckDBError {
            return [query.error(error, linesBefore: 1)]
        } catch let error as IngotError {
            return [error]
        }
    }

    /// Holds a model's settings against the columns that its view has, and makes the table in the view's place, so that
    /// what reads it sees the declared types.
    private func declareResult(of model: Model) async throws -> [IngotError] {
        let name = model.table.value
        let view = SQL.qualified([name.namespace, name.name])
        let result = try await connection.query("FROM \(view) LIMIT 0").columns
        let problems = ModelSchema.problems(of: model, result: result)
        guard problems.isEmpty else { return problems }
        let schema = try ModelSchema(model, result: result).definition.create().schema
        _ = try ModelScope(model, .everything, schema, KeyTable(name: "__model_keys"))
        try await connection.execute("DROP VIEW \(view)")
        try await declare(name, schema.fields.map { ($0.name, $0.type.sql) })
        return []
    }

    // MARK: Tables

    /// Makes the tables of the lake and those that pipelines will make, empty; answers those whose columns are not known.
    private func declareTables() async throws -> Set<TableName> {
        var unknown: Set<TableName> = []
        let models = Set(project.models.map(\.table.value))
        for name in lake.keys.sorted() where !models.contains(name) {
            let columns = lake[name] ?? []
            do {
                try await declare(name, columns.map { ($0.name, $0.type) })
            } catch is DuckDBError {
                // Other engines make tables that SQL cannot have, as one without columns, or with "a" and "A".
                unknown.insert(name)
            }
        }
        for pipeline in project.pipelines {
            for table in pipeline.tables {
                let rescued = pipeline.rescuedDataColumn?.value
                if Self.hasKnownColumns(table) {
                    try await declare(TableDefinition.silver(table, newColumns: [], rescued: rescued))
                } else {
                    unknown.insert(table.table.value)
                }
                try await declare(TableDefinition.quarantine(table.table.value.quarantine))
            }
        }
        try await declare(TableDefinition.objects)
        return unknown
    }

    /// Whether a table's columns could be read, and differ.
    private static func hasKnownColumns(_ table: SilverTable) -> Bool {
        table.hasAllColumns && Set(table.columns.map { $0.name.value.lowercased() }).count == table.columns.count
    }

    private func declare(_ definition: TableDefinition) async throws {
        let schema = definition.newSchema
        var columns = schema.fields.map { ($0.name, $0.type.sql) }
        // Columns that the table has got from its files meanwhile.
        let known = Set(columns.map(\.0))
        columns += (lake[definition.name] ?? []).filter { !known.contains($0.name) }.map { ($0.name, $0.type) }
        try await declare(definition.name, columns)
    }

    private func declare(_ name: TableName, _ columns: [(name: String, type: String)]) async throws {
        let list = columns.map { "\(SQL.identifier($0.name)) \($0.type)" }.joined(separator: ", ")
        try await connection.execute("CREATE SCHEMA IF NOT EXISTS \(SQL.identifier(name.sqlSchema))")
        try await connection.execute(
            "CREATE OR REPLACE TABLE \(SQL.qualified([name.sqlSchema, name.name])) (\(list))"
        )
    }
}

extension Array {
    /// The elements without those whose property an earlier one has.
    fileprivate func uniqued<Property: Hashable>(by property: (Element) -> Property) -> [Element] {
        var seen: Set<Property> = []
        return filter { seen.insert(property($0)).inserted }
    }
}
