import DuckDB
import IngotCore
import IngotProject

/// Gives the query engine the project's small reference tables.
struct Seeds {
    let services: EngineServices

    /// Loads seeds, as they are in the project now.
    func load(_ names: [TableName], _ connection: SQLConnection) async throws {
        guard !names.isEmpty else { return }
        try await connection.execute("CREATE SCHEMA IF NOT EXISTS seeds")
        for seed in services.project.seeds where names.contains(seed.table.value) {
            try await connection.execute(Self.creation(of: seed, in: services.project.directory))
        }
    }

    /// The statement that makes a seed's table from its file.
    static func creation(of seed: Seed, in directory: String) -> String {
        let path = "\(directory)/\(seed.file)"
        let types = seed.columns.compactMap { column in
            column.dataType.map { "\(SQL.literal(column.name.value)): \(SQL.literal($0.value.sql))" }
        }
        let declared = types.isEmpty ? "" : ", types={\(types.joined(separator: ", "))}"
        let table = SQL.qualified([seed.table.value.namespace, seed.table.value.name])
        return """
            CREATE OR REPLACE TABLE \(table) AS
            SELECT * FROM read_csv(\(SQL.literal(path)), header=true, delim=\(SQL.literal(seed.delimiter))\(declared))
            """
    }
}

extension Pipeline {
    /// The seeds that columns relate to.
    var seeds: [TableName] {
        tables.flatMap(\.columns).compactMap(\.relationship?.to.value).uniqued()
    }
}
