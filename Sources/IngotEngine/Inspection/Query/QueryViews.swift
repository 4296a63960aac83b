import DuckDB
import IngotCore
import IngotProject

/// Makes the tables that a query names visible to it, and no others.
struct QueryViews {
    /// The name of the database that holds the views.
    private static let home = "memory"
    /// How often the tables' pointers are read again because one moved meanwhile.
    private static let attemptsMax = 5

    let engine: Engine
    let connection: SQLConnection
    let excerpt: SQLExcerpt

    /// What is made already, and what is being made.
    private struct Progress {
        var made: Set<TableName> = []
        var making: [TableName] = []
        var schemas: Set<String> = []
    }

    /// Makes what a statement names.
    ///
    /// - Throws: `IngotError` with `unknownTable` at the place of a name that means nothing.
    func create(for statement: UserStatement) async throws {
        try await QueryMacros.install(for: statement.functions, on: connection)
        guard !statement.tables.isEmpty || statement.asksForTables else { return }
        let names = QueryNames(project: engine.services.project, lake: try await engine.lake.names())
        var wanted: Set<TableName> = statement.asksForTables ? Set(names.all) : []
        var aliases: [QueryNames.Resolved] = []
        for reference in statement.tables {
            guard let found = names.resolve(reference.parts) else {
                if names.isLeftToEngine(reference.parts) { continue }
                throw unknown(reference, names)
            }
            wanted.insert(found.table)
            if found.alias != nil, !aliases.contains(found) { aliases.append(found) }
        }
        var progress = Progress()
        try await make(wanted, names, &progress)
        try await makeAliases(aliases, &progress)
    }

    private func unknown(_ reference: TableReference, _ names: QueryNames) -> IngotError {
        let written = reference.parts.joined(separator: ".")
        let near = names.suggestion(for: reference.parts)
        return excerpt.error(
            .unknownTable,
            "there is no table \"\(written)\"",
            at: reference.position,
            hint: near?.description ?? (names.all.isEmpty ? "ingot run" : "ingot tables")
        )
    }

    // MARK: Views

    private func make(_ wanted: Set<TableName>, _ names: QueryNames, _ progress: inout Progress) async throws {
        let rest = wanted.subtracting(progress.made).sorted()
        let tables = try await consistentTables(rest.filter { names.isInLake($0) })
        // A view makes what it reads first, which may be one of these.
        for name in rest where !progress.made.contains(name) {
            try await makeSchema([Self.home, name.namespace], &progress)
            if let table = tables[name] {
                try await makeView(
                    name,
                    try await TableReader(lake: engine.lake, connection: connection).select(from: table)
                )
            } else if let seed = names.seed(name) {
                try await Seeds(services: engine.services).load([seed.table.value], connection)
            } else if let view = names.view(name) {
                try await make(view, names, &progress)
            }
            progress.made.insert(name)
        }
    }

    /// Makes a model that is a view, after what it reads.
    private func make(_ view: Model, _ names: QueryNames, _ progress: inout Progress) async throws {
        let name = view.table.value
        guard !progress.making.contains(name) else {
            throw IngotError(
                .invalidSQL,
                "the views \(progress.making.map(\.description).joined(separator: ", ")) "
                    + "read each other",
                at: view.table.location
            )
        }
        progress.making.append(name)
        defer { progress.making.removeLast() }
        let sql = view.sql.text.trimmingSuffix { $0.isWhitespace || $0 == ";" }
        let references = try await connection.tableReferences(in: String(sql))
        let inputs = references.compactMap { names.resolve($0.parts)?.table }
        try await make(Set(inputs), names, &progress)
        try await QueryMacros.installAll(on: connection)
        do {
            try await makeView(name, String(sql))
        } catch let error as DuckDBError {
            throw ModelSQLError.located(error, in: view.sql, precededBy: Self.viewPrefix(name))
        }
    }

    private static func viewPrefix(_ name: TableName) -> String {
        "CREATE VIEW \(SQL.qualified([home, name.namespace, name.name])) AS\n"
    }

    private func makeView(_ name: TableName, _ select: String) async throws {
        try await connection.execute(Self.viewPrefix(name) + select)
    }

    private func makeSchema(_ parts: [String], _ progress: inout Progress) async throws {
        guard progress.schemas.insert(parts.joined(separator: "/")).inserted else { return }
        try await connection.execute("CREATE SCHEMA IF NOT EXISTS \(SQL.qualified(parts))")
    }

    /// Makes tables visible under the project's name too, as if it were a database.
    private func makeAliases(_ aliases: [QueryNames.Resolved], _ progress: inout Progress) async throws {
        guard !aliases.isEmpty else { return }
        let project = engine.services.project.configuration.name.value
        try await connection.execute("ATTACH ':memory:' AS \(SQL.identifier(project))")
        for resolved in aliases {
            guard let alias = resolved.alias else { continue }
            try await makeSchema([project, alias.namespace], &progress)
            let target = SQL.qualified([Self.home, resolved.table.namespace, resolved.table.name])
            try await connection.execute(
                "CREATE VIEW \(SQL.qualified([project, alias.namespace, alias.name])) AS FROM \(target)"
            )
        }
    }

    // MARK: Tables

    /// The tables as they stood at one moment: what one commit changes in several tables is seen whole or not at all.
    private func consistentTables(_ names: [TableName]) async throws -> [TableName: LakeTable] {
        var tables: [TableName: LakeTable] = [:]
        for _ in 0..<Self.attemptsMax {
            tables = [:]
            for name in names { tables[name] = try await engine.lake.table(name) }
            guard names.count > 1 else { break }
            var isConsistent = true
            for name in names {
                let pointer = try await engine.lake.pointers.pointer(namespace: name.namespace, table: name.name)
                isConsistent = isConsistent && pointer == tables[name]?.metadataLocation
            }
            if isConsistent { break }
        }
        return tables
    }
}

extension StringProtocol {
    /// The text without the characters at its end that fit.
    fileprivate func trimmingSuffix(_ isTrimmed: (Character) -> Bool) -> SubSequence {
        guard let last = lastIndex(where: { !isTrimmed($0) }) else { return self[startIndex..<startIndex] }
        return self[...last]
    }
}
