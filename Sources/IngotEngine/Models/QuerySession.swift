import DuckDB
import IngotCore
package import IngotProject

/// A connection on which SQL of users runs, fenced, with the project's tables, functions and variables.
package final class QuerySession: Sendable {
    /// The names that SQL can use.
    package let names: TableNames
    let lake: Lake
    let services: EngineServices
    private let enclosure: SQLFence.Enclosure

    // `sql` is the only SQL of a user's that will run, where that is known; views are looked at when they are shown.
    // Without it every function is made known.
    init(_ services: EngineServices, lake: Lake, fence: SQLFence, only sql: String? = nil) async throws {
        self.services = services
        self.lake = lake
        names = TableNames(services.project, existing: try await lake.names())
        enclosure = try await fence.open()
        do {
            if let sql {
                try await AthenaMacros.install(usedIn: sql, on: enclosure.connection)
            } else {
                try await AthenaMacros.install(on: enclosure.connection)
            }
            try await Self.setVariables(services.project.environment.variables, enclosure.connection)
        } catch {
            await enclosure.close()
            throw error
        }
    }

    /// The connection; what ``show(_:)-(QueryText)`` was told is visible on it.
    package var connection: SQLConnection { enclosure.connection }

    var tables: VisibleTables {
        VisibleTables(services: services, lake: lake, connection: connection, names: names)
    }

    /// Makes visible what a query reads, and says which tables those are.
    ///
    /// - Throws: `IngotError`: `invalidSQL`, `notOneSelect`, `unknownTable`, `notComputed`.
    @discardableResult
    package func show(_ query: QueryText) async throws -> (parsed: ParsedQuery, tables: [TableName]) {
        let parsed = try await ParsedQuery(query, connection)
        return (parsed, try await tables.show(parsed.references, in: query).named)
    }

    /// Makes tables visible.
    package func show(_ names: [TableName]) async throws {
        try await tables.show(names)
    }

    /// Ends the session.
    package func close() async {
        await enclosure.close()
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
