import DuckDB
import IngotCore
import IngotProject

/// Makes the tables that a typed query names visible to it.
struct QueryTables {
    /// Databases that every session has.
    private static let ownDatabases: Set<String> = ["memory", "temp", "system"]

    /// Where a name without a schema is looked for.
    private static let unqualifiedSchemas = ["gold", "silver", "seeds"]

    let session: QuerySession
    let excerpt: SQLExcerpt

    /// Makes visible what a statement names, under the names that it uses.
    ///
    /// - Throws: `IngotError` with `unknownTable` at the place of a name that means nothing.
    func show(_ statement: UserStatement) async throws {
        if statement.asksForTables {
            // What SQL cannot show, as a table without columns, keeps no other one from being listed.
            for table in try await existing() { try? await session.show([table]) }
        }
        var tables: [TableName] = []
        var aliases: [[String]: TableName] = [:]
        for reference in statement.tables where !isLeftToEngine(reference.parts) {
            guard let table = try find(reference) else { throw unknown(reference) }
            tables.append(table)
            if reference.parts.map({ $0.lowercased() }) != table.sqlParts {
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
    private func find(_ reference: TableReference) throws -> TableName? {
        let parts = reference.parts
        if parts.count == 1 { return try findUnqualified(parts[0], reference) }
        guard parts.count == 3 else { return session.names.find(parts) }
        guard parts[0].lowercased() == project else { return nil }
        let table = session.names.find(Array(parts.dropFirst()))
        return table?.sqlParts[0] == parts[1].lowercased() ? table : nil
    }

    /// The one table of a name without a schema, as Athena finds it in the database that is chosen.
    ///
    /// Quarantine tables have the names of silver's, so they and the tables of operations keep their schema.
    private func findUnqualified(_ name: String, _ reference: TableReference) throws -> TableName? {
        let found = Self.unqualifiedSchemas.map { TableName(namespace: $0, name: name.lowercased()) }
            .filter { session.names.kinds[$0] != nil }
        guard found.count > 1 else { return found.first }
        throw excerpt.error(
            .unknownTable,
            "more than one table is called \"\(name)\"",
            at: reference.position,
            hint: found.map(\.description).joined(separator: " or ")
        )
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
        let names = session.names.kinds.keys.map(\.sqlText).sorted()
        let ending = ".\((reference.parts.last ?? "").lowercased())"
        let sameName = names.first { $0.hasSuffix(ending) }
        return excerpt.error(
            .unknownTable,
            "there is no table \"\(written)\"",
            at: reference.position,
            hint: sameName ?? NearestMatch.find(written, among: names) ?? "ingot tables"
        )
    }

    /// Shows tables without their schema, and in a database that has the project's name.
    private func alias(_ all: [[String]: TableName]) async throws {
        let connection = session.connection
        for (parts, table) in all where parts.count == 1 {
            try await connection.execute(
                """
                CREATE OR REPLACE VIEW \(SQL.qualified(["memory", "main", parts[0]])) AS
                FROM \(SQL.qualified(["memory", table.sqlSchema, table.name]))
                """
            )
        }
        let aliases = all.filter { $0.key.count > 1 }
        guard !aliases.isEmpty, !Self.ownDatabases.contains(project) else { return }
        try await connection.execute("ATTACH ':memory:' AS \(SQL.identifier(project))")
        for (parts, table) in aliases {
            let schema = parts.count == 3 ? parts[1] : "main"
            try await connection.execute("CREATE SCHEMA IF NOT EXISTS \(SQL.qualified([project, schema]))")
            try await connection.execute(
                """
                CREATE OR REPLACE VIEW \(SQL.qualified([project, schema, parts[parts.count - 1]])) AS
                FROM \(SQL.qualified(["memory", table.sqlSchema, table.name]))
                """
            )
        }
    }
}
