import DuckDB
import IngotCore
package import IngotProject

/// A connection on which SQL of users runs, fenced, with the project's tables, functions and variables.
package final class QuerySession: Sendable {
    /// The connection; what ``show(_:)`` was told is visible on it.
    package let connection: SQLConnection
    /// The names that SQL can use.
    package let names: TableNames
    let lake: Lake
    let services: EngineServices
    private let catalog: String
    private let fence: SQLFence

    init(_ services: EngineServices, lake: Lake, fence: SQLFence) async throws {
        self.services = services
        self.lake = lake
        self.fence = fence
        names = TableNames(services.project, existing: try await lake.names())
        (connection, catalog) = try await fence.connect()
        do {
            try await AthenaMacros.install(on: connection)
            try await Self.setVariables(services.project.environment.variables, connection)
        } catch {
            await fence.disconnect(connection, catalog: catalog)
            throw error
        }
    }

    var tables: VisibleTables {
        VisibleTables(services: services, lake: lake, connection: connection, names: names)
    }

    /// Makes visible what a query reads, and says which tables those are.
    ///
    /// - Throws: `IngotError`: `invalidSQL`, `notOneSelect`, `unknownTable`, `notComputed`.
    @discardableResult
    package func show(_ query: QueryText) async throws -> (parsed: ParsedQuery, tables: [TableName]) {
        let parsed = try await ParsedQuery(query, connection)
        return (parsed, try await tables.show(parsed.references, in: query))
    }

    /// Makes tables visible.
    package func show(_ names: [TableName]) async throws {
        try await tables.show(names)
    }

    /// Ends the session.
    package func close() async {
        await fence.disconnect(connection, catalog: catalog)
    }

    private static func setVariables(_ variables: [String: Variable], _ connection: SQLConnection) async throws {
        for (name, variable) in variables.sorted(by: { $0.key < $1.key }) {
            let value =
                switch variable {
                case .value(let literal): literal.sql
                case .list(let literals): "[\(literals.map(\.sql).joined(separator: ", "))]"
                }
            try await connection.execute("SET VARIABLE \(SQL.identifier(name)) = \(value)")
        }
    }
}

extension ProjectLiteral {
    /// The value as SQL.
    var sql: String {
        kind == .text ? SQL.literal(text) : text
    }
}
