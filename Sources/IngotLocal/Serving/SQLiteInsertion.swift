import DuckDB
import Foundation
import GRDB
import IngotCore
import IngotEngine
import IngotProject

/// Puts rows of a load into the stage of a database of SQLite's, so that each value stays what it is.
struct SQLiteInsertion: Sendable {
    /// How many digits of a number with a fraction SQLite keeps for certain.
    private static let digitsMax = 15

    private let sql: String
    private let rows: LoadRows
    private let affinities: [SQLiteAffinity]
    private let table: String

    /// Plans the insertion.
    ///
    /// - Throws: `IngotError` with `servingTableUnfit` where a column would make something else of all values.
    init(_ statements: LoadStatements, _ found: FoundTable, connection: String) throws {
        rows = statements.rows
        table = "\(statements.order.table) of \(connection)"
        affinities = rows.columns.map { column in
            SQLiteAffinity(type: found.columns.first { $0.name == column.name }?.type ?? "")
        }
        let names = statements.stageColumns + (rows.marksDeletions ? [LoadRows.deletionMark] : [])
        let marks = names.map { _ in "?" }.joined(separator: ", ")
        sql = "INSERT INTO temp.\(LoadStatements.stageTable) (\(names.joined(separator: ", "))) VALUES (\(marks))"
        for (column, affinity) in zip(rows.columns, affinities) where Self.changes(column.type, affinity) {
            throw IngotError(
                .servingTableUnfit,
                "the column \"\(column.name)\" of the table \(table) has the affinity \(affinity.rawValue), and values of the "
                    + "type \(column.type) would not stay what they are in it",
                hint: "declare it as \(ServingDialect.sqlite.type(column.type, isKey: false))"
            )
        }
    }

    /// Whether an affinity turns texts into numbers, or numbers into texts.
    private static func changes(_ type: DataType, _ affinity: SQLiteAffinity) -> Bool {
        switch type {
        case .varchar, .json: affinity != .text && affinity != .blob
        case .float, .double: affinity == .text
        default: false
        }
    }

    /// Inserts rows.
    ///
    /// - Throws: `IngotError` with `valueLost`, `DatabaseError`.
    func insert(_ portion: [[Value]], _ database: GRDB.Database) throws {
        let statement = try database.cachedStatement(sql: sql)
        for row in portion {
            var values: [DatabaseValue] = []
            for (index, value) in row.enumerated() { values.append(try stored(value, index)) }
            try statement.execute(arguments: StatementArguments(values))
        }
    }

    private func stored(_ value: Value, _ index: Int) throws -> DatabaseValue {
        switch value {
        case .null: return .null
        case .boolean(let flag): return (flag ? 1 : 0).databaseValue
        case .integer(let number): return number.databaseValue
        case .bigint(let number):
            guard affinities[index] != .real || Int64(exactly: Double(number)) == number else {
                throw lost("\(number)", index)
            }
            return number.databaseValue
        case .float(let number): return try stored(Double(number), index)
        case .double(let number): return try stored(number, index)
        case .decimal:
            let text = value.description
            guard affinities[index] == .text || Self.isKept(text, isReal: affinities[index] == .real) else {
                throw lost(text, index)
            }
            return text.databaseValue
        case .blob(let bytes): return Data(bytes).databaseValue
        case .varchar(let text), .json(let text):
            // A text is given to SQLite up to its first NUL.
            guard !text.utf8.contains(0) else { throw lostText(index) }
            return text.databaseValue
        default: return PortableValue.text(value).databaseValue
        }
    }

    /// SQLite makes NULL of what is no number.
    private func stored(_ number: Double, _ index: Int) throws -> DatabaseValue {
        guard !number.isNaN else { throw lost("nan", index) }
        return number.databaseValue
    }

    /// Whether a number of that text keeps all its digits.
    private static func isKept(_ text: String, isReal: Bool) -> Bool {
        let parts = text.drop { $0 == "-" }.split(separator: ".", omittingEmptySubsequences: false)
        let fraction = (parts.count > 1 ? String(parts[1]) : "").reversed().drop { $0 == "0" }
        if fraction.isEmpty, let whole = Int64(parts[0]), !isReal || Int64(exactly: Double(whole)) == whole {
            return true
        }
        return (parts[0] + String(fraction.reversed())).drop { $0 == "0" }.count <= digitsMax
    }

    private func lostText(_ index: Int) -> IngotError {
        IngotError(
            .valueLost,
            "the column \"\(rows.columns[index].name)\" of the table \(table) cannot keep a text with the character NUL",
            hint: "replace(..., chr(0), '') in a query"
        )
    }

    private func lost(_ text: String, _ index: Int) -> IngotError {
        IngotError(
            .valueLost,
            "the column \"\(rows.columns[index].name)\" of the table \(table) cannot keep \(text) as it is: numbers of SQLite "
                + "have \(Self.digitsMax) digits",
            hint: "a column of the type TEXT, or CAST(... AS VARCHAR) in a query"
        )
    }
}
