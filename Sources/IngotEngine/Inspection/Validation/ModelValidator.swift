import DuckDB
import Iceberg
import IngotCore
import IngotProject

/// Compiles models, each after those that it reads.
struct ModelValidator {
    let project: Project
    let lake: [TableName: [TableColumn]]
    let connection: SQLConnection

    /// Compiles all models.
    func errors() async throws -> [IngotError] {
        try await declareTables()
        let names = TableNames(project, existing: Array(lake.keys))
        let graph = try await ModelGraphBuilder.build(project.models, names, connection)
        var errors = graph.problems.sorted { $0.key < $1.key }.map(\.value)
        // What is wrong with a model is said there, once, and not again of those that read it.
        var broken = Set(graph.problems.keys)
        for node in graph.order {
            let name = node.model.name.value
            guard broken.isDisjoint(with: node.upstream) else {
                broken.insert(name)
                continue
            }
            if let error = try await compile(node.model) {
                broken.insert(name)
                errors.append(error)
            }
        }
        return errors.uniqued(by: \.description)
    }

    /// Makes a view of a model, with which those that read it are compiled.
    private func compile(_ model: Model) async throws -> IngotError? {
        let name = model.table.value
        let query = QueryText(model.sql)
        do {
            let statement = try await ParsedQuery(query, connection)
            try await connection.execute("CREATE SCHEMA IF NOT EXISTS \(SQL.identifier(name.namespace))")
            try await connection.execute(
                "CREATE OR REPLACE VIEW \(SQL.qualified([name.namespace, name.name])) AS\n\(statement.sql)"
            )
            if model.materialization != .view { try await declareResult(of: model) }
            return nil
        } catch let error as DuckDBError {
            return query.error(error, linesBefore: 1)
        } catch let error as IngotError {
            return error
        }
    }

    /// Holds a model's settings against the columns that its view has, and makes the table in the view's place, so that
    /// what reads it sees the declared types.
    private func declareResult(of model: Model) async throws {
        let name = model.table.value
        let view = SQL.qualified([name.namespace, name.name])
        let result = try await connection.query("FROM \(view) LIMIT 0").columns
        let schema = try ModelSchema(model, result: result).definition.create().schema
        _ = try ModelScope(model, .everything, schema, KeyTable(name: "__model_keys"))
        try await connection.execute("DROP VIEW \(view)")
        try await declare(name, schema.fields.map { ($0.name, $0.type.sql) })
    }

    // MARK: Tables

    /// Makes the tables of the lake and those that pipelines will make, empty.
    private func declareTables() async throws {
        let models = Set(project.models.map(\.table.value))
        for name in lake.keys.sorted() where !models.contains(name) {
            let columns = lake[name] ?? []
            try await declare(name, columns.map { ($0.name, $0.type) })
        }
        for pipeline in project.pipelines {
            for table in pipeline.tables {
                let rescued = pipeline.rescuedDataColumn?.value
                try await declare(TableDefinition.silver(table, newColumns: [], rescued: rescued))
                try await declare(TableDefinition.quarantine(table.table.value.quarantine))
            }
        }
        try await declare(TableDefinition.objects)
    }

    private func declare(_ definition: TableDefinition) async throws {
        let schema = try definition.create().schema
        var columns = schema.fields.map { ($0.name, $0.type.sql) }
        // Columns that the table has got from its files meanwhile.
        let known = Set(columns.map(\.0))
        columns += (lake[definition.name] ?? []).filter { !known.contains($0.name) }.map { ($0.name, $0.type) }
        try await declare(definition.name, columns)
    }

    private func declare(_ name: TableName, _ columns: [(name: String, type: String)]) async throws {
        let list = columns.map { "\(SQL.identifier($0.name)) \($0.type)" }.joined(separator: ", ")
        try await connection.execute("CREATE SCHEMA IF NOT EXISTS \(SQL.identifier(name.namespace))")
        try await connection.execute(
            "CREATE OR REPLACE TABLE \(SQL.qualified([name.namespace, name.name])) (\(list))"
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
