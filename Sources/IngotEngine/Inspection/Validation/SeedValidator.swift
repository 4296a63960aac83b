import DuckDB
import IngotCore
import IngotProject

/// Loads seeds as they are, because they are small and part of the project.
struct SeedValidator {
    let project: Project
    let connection: SQLConnection

    /// Loads them, and says which cannot be.
    func load() async throws -> [IngotError] {
        guard !project.seeds.isEmpty else { return [] }
        var errors: [IngotError] = []
        try await connection.execute("CREATE SCHEMA IF NOT EXISTS seeds")
        for seed in project.seeds {
            do {
                try await connection.execute(Seeds.creation(of: seed, in: project.directory))
            } catch let error as DuckDBError {
                let place = SourceLocation(file: seed.file)
                errors.append(IngotError(.invalidSQL, "the seed cannot be read", at: place, cause: error.message))
                let columns = seed.columns.map { "\(SQL.identifier($0.name.value)) VARCHAR" }
                let name = SQL.qualified([seed.table.value.namespace, seed.table.value.name])
                // So that what reads it is checked nevertheless.
                try await connection.execute("CREATE TABLE \(name) (\(columns.joined(separator: ", ")))")
            }
        }
        return errors
    }
}
