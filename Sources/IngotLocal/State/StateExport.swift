import GRDB
import IngotCore
import JSONTree

/// Writes a state as lines of JSON, which `StateImport` reads.
///
/// The first line is `{"ingot_state": 1, "schema": [...]}` with the steps of the schema; each further one is a row,
/// `{"<table>": {"<column>": value, ...}}`; the last is `{"end": {"rows": n}}`, so that a file that was cut off is known.
public struct StateExport: Sendable {
    /// The number of the format.
    static let format: Int64 = 1
    /// How much is written at once.
    private static let chunkSize = 256 << 10

    private let state: SQLiteState

    /// An export of a state.
    public init(_ state: SQLiteState) {
        self.state = state
    }

    /// Writes the state as it is at one moment; runs may go on meanwhile.
    ///
    /// - Parameter write: Takes the text, piece by piece.
    /// - Returns: How many rows it has.
    /// - Throws: `IngotError` if the state cannot be read; what `write` throws.
    public func write(_ write: @escaping @Sendable (String) throws -> Void) async throws -> Int {
        try await state.database.read { connection in
            var text = ""
            var count = 0
            let steps = try StateMigrations.migrator.appliedMigrations(connection)
            let head: JSON = .object([
                "ingot_state": .integer(Self.format), "schema": .array(steps.map(JSON.string)),
            ])
            text += "\(head)\n"
            for table in try StateTables.all(in: connection) {
                let columns = table.columns.map { column in
                    let name = column.quotedDatabaseIdentifier
                    return StateTables.expression(for: column, of: table.name).map { "\($0) AS \(name)" } ?? name
                }
                let sql = "SELECT \(columns.joined(separator: ", ")) FROM \(table.name.quotedDatabaseIdentifier)"
                let rows = try Row.fetchCursor(connection, sql: sql)
                while let row = try rows.next() {
                    let members = table.columns.enumerated().map { ($1, Self.json(row[$0] as DatabaseValue)) }
                    text += "\(JSON.object([table.name: .object(JSONObject(members))]))\n"
                    count += 1
                    guard text.utf8.count > Self.chunkSize else { continue }
                    try write(text)
                    text = ""
                }
            }
            try write(text + "\(JSON.object(["end": .object(["rows": .integer(Int64(count))])]))\n")
            return count
        }
    }

    private static func json(_ value: DatabaseValue) -> JSON {
        switch value.storage {
        case .int64(let number): .integer(number)
        case .string(let text): .string(text)
        case .double(let number): JSON.double(number) ?? .null
        case .null, .blob: .null
        }
    }
}
