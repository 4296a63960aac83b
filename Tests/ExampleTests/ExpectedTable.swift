import DuckDB
import Foundation
import Testing

/// A file of `expected/`: what a table or a query must give, written by hand.
///
/// `silver.users.csv` is about the table of that name, in any order; `quarantine.users.csv` about the reasons of its
/// rows, one a line; `top_customers.csv` about the query `queries/top_customers.sql`, in its order. The header says
/// which columns are compared.
struct ExpectedTable {
    let name: String
    let columns: [String]
    let rows: [[String]]

    /// The expected results of an example, in the order of their names.
    static func all(of project: ExampleProject) async throws -> [ExpectedTable] {
        let folder = "\(project.directory)/expected"
        var tables: [ExpectedTable] = []
        for file in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() where file.hasSuffix(".csv") {
            tables.append(try await ExpectedTable(file: "\(folder)/\(file)"))
        }
        return tables
    }

    private init(file: String) async throws {
        name = (file as NSString).lastPathComponent.replacingOccurrences(of: ".csv", with: "")
        let database = try await Database()
        let connection = try await database.connect()
        let result = try await connection.query(
            """
            SELECT * FROM read_csv(\(SQL.literal(file)), header = true, all_varchar = true, delim = ',', quote = '"',
              escape = '"', allow_quoted_nulls = false)
            """
        )
        columns = result.columns.map(\.name)
        rows = result.map { row in row.values.map(\.description) }
        await connection.close()
        await database.close()
    }

    /// What the project says, column for column.
    func actual(in project: ExampleProject) async throws -> [[String]] {
        let list = columns.map(SQL.identifier).joined(separator: ", ")
        let parts = name.split(separator: ".").map(String.init)
        guard parts.count == 2 else {
            let text = try String(contentsOfFile: "\(project.directory)/queries/\(name).sql", encoding: .utf8)
            return try await project.query(text)
        }
        var table = SQL.qualified(parts)
        if parts[0] == "quarantine" {
            table = "(SELECT * EXCLUDE (reasons), unnest(reasons, recursive := true) FROM \(table))"
        }
        return try await project.query("SELECT \(list) FROM \(table)")
    }

    /// Compares, and says which rows are missing and which are too many.
    func expectEqual(in project: ExampleProject) async throws {
        let actual = try await actual(in: project)
        if name.contains(".") {
            let (found, wanted) = (actual.map(Self.line).sorted(), rows.map(Self.line).sorted())
            let missing = wanted.difference(from: found).insertions.compactMap(Self.element)
            let surplus = wanted.difference(from: found).removals.compactMap(Self.element)
            #expect(found == wanted, "\(name): missing \(missing), too many \(surplus)")
        } else {
            #expect(actual == rows, "\(name)")
        }
    }

    private static func line(_ row: [String]) -> String {
        row.joined(separator: " | ")
    }

    private static func element(_ change: CollectionDifference<String>.Change) -> String? {
        switch change {
        case .insert(_, let element, _), .remove(_, let element, _): element
        }
    }
}
