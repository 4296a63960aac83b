import DuckDB
import Iceberg
import IngotCore
import IngotProject

/// Compiles models, each after those that it reads.
struct ModelValidator {
    let project: Project
    let lake: [TableName: [TableColumn]]
    let connection: SQLConnection

    /// How far the compiling is.
    private enum State {
        case working
        case sound
        case broken
    }

    /// Compiles all models.
    func errors() async throws -> [IngotError] {
        try await declareTables()
        let models = Dictionary(project.models.map { ($0.table.value, $0) }, uniquingKeysWith: { first, _ in first })
        var states: [TableName: State] = [:]
        var errors: [IngotError] = []
        for model in project.models {
            try await compile(model, among: models, &states, &errors)
        }
        return errors
    }

    private var declared: Set<TableName> {
        let silver = project.pipelines.flatMap(\.tables).map(\.table.value)
        let seeds = project.seeds.map(\.table.value)
        return Set(silver + silver.map(\.quarantine) + seeds + [TableDefinition.objects.name] + lake.keys)
    }

    private func compile(
        _ model: Model,
        among models: [TableName: Model],
        _ states: inout [TableName: State],
        _ errors: inout [IngotError]
    ) async throws {
        let name = model.table.value
        guard states[name] == nil else { return }
        states[name] = .broken
        let references: [TableReference]
        do {
            references = try await connection.tableReferences(in: model.sql.text)
        } catch let error as DuckDBError {
            errors.append(ModelSQLError.located(error, in: model.sql))
            return
        }
        states[name] = .working
        var isSound = true
        for reference in references {
            guard reference.parts.count > 1 else {
                isSound = false
                errors.append(unknown(reference, in: model, known: models.keys))
                continue
            }
            let input = TableName(namespace: reference.parts[0].lowercased(), name: reference.parts[1].lowercased())
            if let other = models[input] {
                if states[input] == .working {
                    isSound = false
                    errors.append(cycle(model, input, reference))
                    continue
                }
                try await compile(other, among: models, &states, &errors)
                // What is wrong with an input is said there, once.
                isSound = isSound && states[input] == .sound
            } else if !declared.contains(input), input.namespace != "information_schema" {
                isSound = false
                errors.append(unknown(reference, in: model, known: models.keys))
            }
        }
        states[name] = .broken
        guard isSound else { return }
        let prefix = "CREATE OR REPLACE VIEW \(SQL.qualified([name.namespace, name.name])) AS\n"
        do {
            try await connection.execute("CREATE SCHEMA IF NOT EXISTS \(SQL.identifier(name.namespace))")
            try await connection.execute(prefix + model.sql.text)
            states[name] = .sound
        } catch let error as DuckDBError {
            errors.append(ModelSQLError.located(error, in: model.sql, precededBy: prefix))
        }
    }

    private func cycle(_ model: Model, _ input: TableName, _ reference: TableReference) -> IngotError {
        IngotError(
            .invalidSQL,
            "\(model.table) and \(input) read each other",
            at: location(of: reference, in: model),
            hint: "break the circle: move what both need into a model of its own"
        )
    }

    private func unknown(
        _ reference: TableReference,
        in model: Model,
        known models: some Sequence<TableName>
    ) -> IngotError {
        let names = (Array(declared) + models).sorted().map(\.description)
        let written = reference.parts.joined(separator: ".")
        let bare = reference.parts.count == 1 ? names.first { $0.hasSuffix(".\(written.lowercased())") } : nil
        return IngotError(
            .unknownTable,
            "there is no table \"\(written)\"",
            at: location(of: reference, in: model),
            hint: bare ?? NearestMatch.find(written, among: names)
        )
    }

    private func location(of reference: TableReference, in model: Model) -> SourceLocation {
        reference.position.map { model.sql.location(line: $0.line, column: $0.column) } ?? model.sql.location
    }

    // MARK: Tables

    /// Makes the tables of the lake and those that pipelines will make, empty.
    private func declareTables() async throws {
        for name in lake.keys.sorted() {
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
