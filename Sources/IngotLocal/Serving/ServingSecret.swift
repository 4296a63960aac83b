import DuckDB
import IngotEngine
import IngotProject

extension ServingServer {
    /// Gives the query engine what it needs to reach the server, as a secret: what is attached by an address shows it in
    /// errors.
    func makeSecret(_ type: String, _ connection: SQLConnection) async throws {
        var parts = ["TYPE \(type)", "HOST \(SQL.literal(host))", "DATABASE \(SQL.literal(database))"]
        if let port { parts.append("PORT \(port)") }
        if let user { parts.append("USER \(SQL.literal(user))") }
        if let password { parts.append("PASSWORD \(SQL.literal(password.reveal()))") }
        try await connection.execute("CREATE SECRET serving_secret (\(parts.joined(separator: ", ")))")
    }
}

extension SQLConnection {
    /// Runs a function of an extension that sends SQL to an attached database.
    func callServing(_ function: String, _ sql: String) async throws {
        try await execute("CALL \(function)('serving', \(SQL.literal(sql)))")
    }

    /// The rows of a query of an attached database.
    func queryServing(_ function: String, _ sql: String) async throws -> QueryResult {
        try await query("SELECT * FROM \(function)('serving', \(SQL.literal(sql)))")
    }
}
