import DuckDB
import JSONTree

extension SQLConnection {
    /// The engine's syntax tree of SELECT statements; of others it holds an error.
    func syntaxTree(of sql: String) async throws -> JSON {
        let tree = try await query("SELECT json_serialize_sql($1::VARCHAR)", [.varchar(sql)])
        return try JSON(parsing: Array(tree.scalar(as: String.self).utf8))
    }
}
