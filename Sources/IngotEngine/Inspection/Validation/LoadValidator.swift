import DuckDB
import IngotCore
import IngotProject

/// Compiles what loads read, on a connection on which all tables of a project are declared.
struct LoadValidator {
    let project: Project
    let lake: [TableName: [TableColumn]]
    let connection: SQLConnection

    /// Everything in which a source is wrong, or does not fit the load's file.
    func errors() async throws -> [IngotError] {
        let names = TableNames(project, existing: Array(lake.keys))
        var errors: [IngotError] = []
        for load in project.loads {
            do {
                try await check(load, names)
            } catch let error as IngotError {
                errors.append(error)
            }
        }
        return errors
    }

    private func check(_ load: Load, _ names: TableNames) async throws {
        let query = QueryText(load.source)
        let statement = try await ParsedQuery(query, connection)
        for reference in statement.references {
            guard let table = names.find(reference.parts) else { throw names.unknown(reference, in: query) }
            // Under the project's own name tables are made visible in a run only.
            guard reference.parts[0].lowercased() == table.sqlParts[0] else { return }
        }
        do {
            _ = try LoadColumns(load, result: try await connection.describe(statement.sql).columns)
        } catch let error as DuckDBError {
            throw query.error(error)
        }
    }
}
