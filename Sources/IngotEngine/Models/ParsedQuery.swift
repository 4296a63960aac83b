package import DuckDB
import IngotCore

/// SQL of a user that was found to be exactly one SELECT.
package struct ParsedQuery: Sendable {
    /// The statement without its semicolon, at the same lines and columns as in the user's text.
    package let sql: String
    /// The tables that it names.
    package let references: [TableReference]

    /// Parses SQL.
    ///
    /// - Throws: `IngotError` with `invalidSQL` or `notOneSelect`, at the place in the user's file.
    package init(_ query: QueryText, _ connection: SQLConnection) async throws {
        do {
            let statements = try await connection.statements(in: query.text)
            guard let first = statements.first else {
                throw query.error(.notOneSelect, "there is no statement", at: nil, hint: "SELECT ...")
            }
            if statements.count > 1 {
                throw query.error(
                    .notOneSelect,
                    "one SELECT is wanted, and here begins statement 2 of \(statements.count)",
                    at: statements[1].position,
                    hint: nil
                )
            }
            sql =
                String(repeating: "\n", count: first.position.line - 1)
                + String(repeating: " ", count: first.position.column - 1) + first.sql
            references = try await connection.tableReferences(in: sql)
            if let file = references.first(where: { $0.parts.count == 1 && $0.parts[0].contains("/") }) {
                throw query.error(
                    .unknownTable,
                    "files cannot be read here: \"\(file.parts[0])\"",
                    at: file.position,
                    hint: "take the file in with a pipeline, or make it a seed"
                )
            }
        } catch let error as DuckDBError where error.kind == .notImplemented {
            throw query.error(
                .notOneSelect,
                "the statement is not a SELECT",
                at: nil,
                hint: "a SELECT; Ingot itself writes what it gives"
            )
        } catch let error as DuckDBError {
            throw query.error(error)
        }
    }
}
