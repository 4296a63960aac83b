import DuckDB
import IngotCore
import IngotProject

/// Makes the tables that a typed query names visible to it.
struct QueryTables {
    /// Databases that every session has.
    private static let ownDatabases: Set<String> = ["memory", "temp", "system"]

    let session: QuerySession
    let excerpt: SQLExcerpt

    /// Makes visible what a statement names, under the names that it uses.
    ///
    /// - Throws: `IngotError` with `unknownTable` at the place of a name that means nothing.
    func show(_ statement: UserStatement) async throws {
        var tables = statement.asksForTables ? try await existing() : []
        var aliases: [[String]: TableName] = [:]
        for reference in statement.tables where !isLeftToEngine(reference.parts) {
            guard let table = find(reference.parts) else { throw unknown(reference) }
            tables.append(table)
            if reference.parts.map({ $0.lowercased() }) != [table.namespace, table.name] {
                aliases[reference.parts] = table
            }
        }
        try await session.show(tables.uniqued())
        try await alias(aliases)
    }

    /// Everything that can be read now.
    private func existing() async throws -> [TableName] {
        let made = Set(try await session.lake.names())
        return session.names.kinds.filter { name, kind in
            if case .table = kind { made.contains(name) } else { true }
        }.keys.sorted()
    }

    /// What a name means; the project's name stands for its database.
    private func find(_ parts: [String]) -> TableName? {
        guard parts.count == 3 else { return session.names.find(parts) }
        guard parts[0].lowercased() == project else { return nil }
        let table = session.names.find(Array(parts.dropFirst()))
        return table?.namespace == parts[1].lowercased() ? table : nil
    }

    private var project: String {
        session.services.project.configuration.name.value.lowercased()
    }

    /// Whether a name is one of the engine's own, or a file, which the fence judges.
    private func isLeftToEngine(_ parts: [String]) -> Bool {
        if parts.count == 1 { return parts[0].contains(".") || parts[0].contains("/") }
        return ["information_schema", "pg_catalog"].contains(parts[0].lowercased())
    }

    private func unknown(_ reference: TableReference) -> IngotError {
        let written = reference.parts.joined(separator: ".")
        let names = session.names.kinds.keys.map(\.description).sorted()
        let ending = ".\((reference.parts.last ?? "").lowercased())"
        let sameName = names.first { $0.hasSuffix(ending) }
        return excerpt.error(
            .unknownTable,
            "there is no table \"\(written)\"",
            at: reference.position,
            hint: sameName ?? NearestMatch.find(written, among: names) ?? "ingot tables"
        )
    }

    /// Shows tables in a database that has the project's name.
    private func alias(_ aliases: [[String]: TableName]) async throws {
        guard !aliases.isEmpty, !Self.ownDatabases.contains(project) else { return }
        let connection = session.connection
        try await connection.execute("ATTACH ':memory:' AS \(SQL.identifier(project))")
        for (parts, table) in aliases {
            let schema = parts.count == 3 ? parts[1] : "main"
            try await connection.execute("CREATE SCHEMA IF NOT EXISTS \(SQL.qualified([project, schema]))")
            try await connection.execute(
                """
                CREATE OR REPLACE VIEW \(SQL.qualified([project, schema, parts[parts.count - 1]])) AS
                FROM \(SQL.qualified(["memory", table.namespace, table.name]))
                """
            )
        }
    }
}
