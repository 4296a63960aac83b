import DuckDB
import IngotCore
import IngotProject

/// Holds checks against the tables that they name, where these are declared on a connection.
struct CheckValidator {
    let project: Project
    let names: TableNames
    /// Files with errors: what they would have declared is not missed.
    let brokenFiles: Set<String>
    /// Whether everything else is right, so that all tables which are declared are there.
    let isRestValid: Bool
    let connection: SQLConnection

    /// What is wrong with checks.
    func errors() async throws -> [IngotError] {
        var errors: [IngotError] = []
        for check in project.checks {
            do {
                try await validate(check)
            } catch let error as IngotError {
                errors.append(error)
            } catch let error as DuckDBError where error.kind == .catalog {
                // What keeps a table from being there is told of its maker.
            }
        }
        return errors
    }

    private func validate(_ check: Check) async throws {
        guard names.kinds[check.table.value] != nil else {
            guard brokenFiles.isEmpty else { return }
            throw CheckedTable.unknown(check, names)
        }
        let table = try await CheckedTable(check, of: project, connection)
        guard case .completeness(let completeness) = check.expectation else { return }
        let key = try completeness.key.map { try table.column($0) }
        if case .values(let values) = completeness.expected, let column = key.first {
            try await completeness.checkValues(values, of: column.name, column.type, connection)
        }
        guard case .query(let sql) = completeness.expected else { return }
        let query = QueryText(sql)
        for reference in try await ParsedQuery(query, connection).references where names.find(reference.parts) == nil {
            guard brokenFiles.isEmpty else { return }
            throw names.unknown(reference, in: query)
        }
        do {
            try await completeness.checkColumns(of: query, connection)
        } catch let error as DuckDBError where error.kind != .catalog || isRestValid {
            throw query.error(error)
        }
    }
}
