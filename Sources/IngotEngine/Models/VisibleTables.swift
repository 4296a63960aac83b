import DuckDB
import Iceberg
import IngotCore
import IngotProject

/// Makes tables of the lake, views and seeds visible to a connection under their names.
struct VisibleTables {
    let services: EngineServices
    let lake: Lake
    let connection: SQLConnection
    let names: TableNames

    /// What is known while tables are made visible.
    private struct Showing {
        /// SELECTs that stand in for whole tables.
        var relations: [TableName: String]
        /// The state of the tables: a commit in between shows in all of them or in none.
        var moment: LakeMoment
        /// The tables that are visible already.
        var shown: Set<TableName> = []
    }

    /// Makes tables visible as they are at one moment; views bring the tables that they read.
    ///
    /// - Parameters:
    ///   - tables: The tables.
    ///   - relations: SELECTs that stand in for whole tables, for those that are to show only a part of their rows.
    ///   - moment: The moment; `nil` for now.
    /// - Returns: The tables that are visible, those that views bring among them.
    /// - Throws: `IngotError`: `notComputed` for a gold table that does not exist yet, an error of a view's SQL.
    @discardableResult
    func show(
        _ tables: [TableName],
        relations: [TableName: String] = [:],
        at moment: LakeMoment? = nil
    ) async throws -> Set<TableName> {
        let current = if let moment { moment } else { try await lake.moment() }
        var showing = Showing(relations: relations, moment: current)
        for table in tables { try await show(table, &showing, path: []) }
        return showing.shown
    }

    /// Makes everything visible that SQL names.
    ///
    /// - Parameters:
    ///   - references: The names.
    ///   - query: Where they stand.
    ///   - moment: The moment as of which the tables are shown; `nil` for now.
    /// - Returns: The tables that it names, and all that are visible for them.
    /// - Throws: `IngotError` with `unknownTable` at the name's place, and what ``show(_:relations:at:)`` throws.
    func show(
        _ references: [TableReference],
        in query: QueryText,
        at moment: LakeMoment? = nil
    ) async throws -> (named: [TableName], all: Set<TableName>) {
        var tables: [TableName] = []
        for reference in references {
            guard let table = names.find(reference.parts) else { throw names.unknown(reference, in: query) }
            tables.append(table)
        }
        let all = try await show(tables.uniqued(), at: moment)
        for (reference, table) in zip(references, tables) where reference.parts[0].lowercased() != table.sqlParts[0] {
            try await alias(reference.parts, table)
        }
        return (tables.uniqued(), all)
    }

    private func show(
        _ table: TableName,
        _ showing: inout Showing,
        path: [TableName]
    ) async throws {
        guard !showing.shown.contains(table) else { return }
        switch names.kinds[table] {
        case .view(let model):
            guard !path.contains(table) else {
                throw IngotError(.modelCycle, "the view \(table) reads itself", at: model.sql.location)
            }
            try await show(view: model, &showing, path: path + [table])
        case .seed:
            try await Seeds(services: services).load([table], connection)
        case .table, nil:
            let relation: String
            if let part = showing.relations[table] {
                relation = part
            } else {
                relation = try await self.relation(of: table, at: showing.moment)
            }
            try await create(table, as: relation)
        }
        showing.shown.insert(table)
    }

    private func show(
        view model: Model,
        _ showing: inout Showing,
        path: [TableName]
    ) async throws {
        let query = QueryText(model.sql)
        try await AthenaMacros.install(usedIn: query.text, on: connection)
        let statement = try await ParsedQuery(query, connection)
        for reference in statement.references {
            guard let table = names.find(reference.parts) else { throw names.unknown(reference, in: query) }
            try await show(table, &showing, path: path)
            if reference.parts[0].lowercased() != table.sqlParts[0] { try await alias(reference.parts, table) }
        }
        do {
            try await create(model.table.value, as: statement.sql)
        } catch let error as DuckDBError {
            throw query.error(error, linesBefore: 1)
        }
    }

    /// A SELECT of all rows of a table, as it was at a moment.
    private func relation(of name: TableName, at moment: LakeMoment) async throws -> String {
        guard let table = try await lake.table(name, at: moment) else { return try emptyRelation(of: name) }
        guard !table.metadata.currentSchema.fields.isEmpty else {
            throw IngotError(.unknownTable, "the table \(name) has no columns", hint: "ingot tables describe \(name)")
        }
        let tasks = try await TableScan(lake.files, metadata: table.metadata).tasks()
        return try Self.relation(of: table, tasks)
    }

    /// A SELECT over files of a table, without the rows that other engines have deleted by their position.
    ///
    /// - Throws: `IngotError` with `deleteFiles` where rows are deleted in another way.
    static func relation(of table: LakeTable, _ tasks: [TableScan.Task]) throws -> String {
        let schema = table.metadata.currentSchema
        let partly = tasks.filter { !$0.deletes.isEmpty }
        let whole = TableRelation.select(files: tasks.filter(\.deletes.isEmpty).map(\.file.path), schema: schema)
        guard !partly.isEmpty else { return whole }
        let deletes = partly.flatMap(\.deletes)
        guard deletes.allSatisfy({ $0.content == .positionDeletes && $0.format.uppercased() == "PARQUET" }) else {
            throw IngotError(
                .deleteFiles,
                "\(table.name) holds rows that another engine has deleted by value, and cannot be read until they are merged",
                hint: "rewrite the table's data files with that engine, then run again"
            )
        }
        let paths = partly.map(\.file.path)
        let lists = deletes.map(\.path).uniqued().map { SQL.literal(FileLocation.path(of: $0) ?? $0) }
        let names = schema.fields.map { SQL.identifier($0.name) }.joined(separator: ", ")
        return """
            \(whole) UNION ALL
            SELECT \(names) FROM (\(TableRelation.select(files: paths, schema: schema, withPosition: true))) AS __live
            WHERE NOT EXISTS (
              SELECT 1 FROM read_parquet([\(lists.joined(separator: ", "))]) AS __deleted
              WHERE __deleted.pos = __live.__row AND __deleted.file_path = (\(SQL.literal(paths)))[__live.__file + 1])
            """
    }

    /// What stands for a table that no run has made yet: a silver table without rows.
    private func emptyRelation(of name: TableName) throws -> String {
        let definition: TableDefinition
        if let (pipeline, table) = silver(name) {
            definition = .silver(table, newColumns: [], rescued: pipeline.rescuedDataColumn?.value)
        } else if name.namespace == "quarantine" {
            definition = .quarantine(name)
        } else if name == TableDefinition.objects.name {
            definition = .objects
        } else {
            throw IngotError(.notComputed, "the table \(name) does not exist yet", hint: "ingot run")
        }
        return TableRelation.select(files: [], schema: try definition.create().schema)
    }

    private func silver(_ name: TableName) -> (Pipeline, SilverTable)? {
        for pipeline in services.project.pipelines {
            if let table = pipeline.tables.first(where: { $0.table.value == name }) { return (pipeline, table) }
        }
        return nil
    }

    private func create(_ table: TableName, as select: String) async throws {
        let name = SQL.qualified([table.sqlSchema, table.name])
        try await connection.execute("CREATE SCHEMA IF NOT EXISTS \(SQL.identifier(table.sqlSchema))")
        try await connection.execute("CREATE OR REPLACE VIEW \(name) AS\n\(select)")
    }

    private func alias(_ parts: [String], _ table: TableName) async throws {
        try await connection.execute("CREATE SCHEMA IF NOT EXISTS \(SQL.identifier(parts[0]))")
        try await connection.execute(
            """
            CREATE OR REPLACE VIEW \(SQL.qualified(parts)) AS
            SELECT * FROM \(SQL.qualified([table.sqlSchema, table.name]))
            """
        )
    }
}
