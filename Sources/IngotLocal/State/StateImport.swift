public import Foundation
import GRDB
import IngotCore
import JSONTree

/// Fills a new state database with what `StateExport` wrote.
public struct StateImport: Sendable {
    /// How many rows are written in one transaction.
    private static let chunkSize = 10_000
    /// The longest line that is read.
    private static let lineSizeMax = 256 << 20

    private let path: String

    /// An import into a database that does not exist yet; if it fails, the file is to be thrown away.
    public init(into path: String) {
        self.path = path
    }

    /// Reads an export.
    ///
    /// - Parameter read: Gives the next bytes; none at the end.
    /// - Returns: How many rows it had.
    /// - Throws: `IngotError` with `stateFileInvalid`, `stateNewer` or `stateUnusable`; what `read` throws.
    public func run(_ read: @escaping () throws -> Data?) throws -> Int {
        var lines = LineReader(sizeMax: Self.lineSizeMax, read: read)
        do {
            var configuration = Configuration()
            configuration.foreignKeysEnabled = false
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            let steps = try Self.steps(of: lines.next())
            let migrator = StateMigrations.migrator
            if let last = steps.last { try migrator.migrate(queue, upTo: last) }
            let tables = try queue.read { try StateTables.all(in: $0) }
            let count = try insert(&lines, into: queue, Dictionary(tables.map { ($0.name, $0.columns) }) { $1 })
            try queue.write { connection in
                if let broken = try Row.fetchOne(connection, sql: "PRAGMA foreign_key_check") {
                    throw Self.invalid("a row of \(broken[0] as String) belongs to one that is not there")
                }
            }
            // Steps that the file's writer did not have yet.
            try migrator.migrate(queue)
            try queue.close()
            return count
        } catch let error as DatabaseError {
            guard error.resultCode == .SQLITE_CONSTRAINT else {
                throw StateDatabase.translate(error, path: path, action: "written")
            }
            throw Self.invalid("line \(lines.number): \(error.message ?? "a value does not fit its column")")
        }
    }

    /// The steps of the schema that the rows are of.
    private static func steps(of line: JSON?) throws -> [String] {
        guard case .object(let head)? = line, let format = head["ingot_state"]?.int64Value,
            let schema = head["schema"]?.arrayValue
        else { throw invalid("the first line is not that of an export") }
        let steps = schema.compactMap(\.stringValue)
        let known = StateMigrations.migrator.migrations
        guard format == StateExport.format, steps.count <= known.count, Array(known.prefix(steps.count)) == steps else {
            throw IngotError(
                .stateNewer,
                "the export was written by another version of Ingot, whose state has another form",
                hint: "import it with the version that wrote it"
            )
        }
        guard !steps.isEmpty else { throw invalid("the first line names no schema") }
        return steps
    }

    private func insert(
        _ lines: inout LineReader,
        into queue: DatabaseQueue,
        _ tables: [String: [String]]
    ) throws -> Int {
        var count = 0
        var isEnded = false
        while !isEnded {
            var chunk: [(table: String, row: JSONObject)] = []
            while chunk.count < Self.chunkSize, let line = try lines.next() {
                guard case .object(let members) = line, members.count == 1, let (table, value) = members.first,
                    case .object(let row) = value
                else { throw Self.invalid("line \(lines.number) is no row of a table") }
                guard table != "end" else {
                    guard row["rows"]?.intValue == count + chunk.count, case .none = try lines.next() else {
                        throw Self.invalid("it has \(count + chunk.count) rows, and another number at its end")
                    }
                    isEnded = true
                    break
                }
                guard let columns = tables[table], row.allSatisfy({ columns.contains($0.0) }) else {
                    throw Self.invalid("line \(lines.number) is of no table that is known, or has unknown columns")
                }
                chunk.append((table, row))
            }
            guard isEnded || !chunk.isEmpty else { throw Self.invalid("it was cut off after line \(lines.number)") }
            try queue.write { connection in
                for (table, row) in chunk { try Self.insert(row, into: table, connection) }
            }
            count += chunk.count
        }
        return count
    }

    private static func insert(_ row: JSONObject, into table: String, _ connection: Database) throws {
        if table == StateTables.counters, let name = row["name"]?.stringValue {
            try connection.execute(sql: "DELETE FROM sqlite_sequence WHERE name = ?", arguments: [name])
        }
        let names = row.map { $0.0.quotedDatabaseIdentifier }.joined(separator: ", ")
        let marks = row.map { _ in "?" }.joined(separator: ", ")
        let values = try row.map { name, value -> DatabaseValue in
            switch value {
            case .null: .null
            case .integer(let number): number.databaseValue
            case .string(let text): text.databaseValue
            default: throw invalid("the column \(name) of \(table) has \(value.kindName)")
            }
        }
        try connection.cachedStatement(
            sql: "INSERT INTO \(table.quotedDatabaseIdentifier) (\(names)) VALUES (\(marks))"
        ).execute(arguments: StatementArguments(values))
    }

    static func invalid(_ problem: String) -> IngotError {
        IngotError(.stateFileInvalid, "the file cannot be imported: \(problem)", hint: "ingot state export")
    }
}

/// Reads lines of JSON from bytes that come in pieces.
private struct LineReader {
    let sizeMax: Int
    let read: () throws -> Data?
    private(set) var number = 0
    private var rest = Data()
    private var isEnded = false

    init(sizeMax: Int, read: @escaping () throws -> Data?) {
        self.sizeMax = sizeMax
        self.read = read
    }

    /// The next line; `nil` after the last.
    mutating func next() throws -> JSON? {
        var searched = rest.startIndex
        while true {
            if let end = rest[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = rest[rest.startIndex..<end]
                rest = rest[rest.index(after: end)...]
                return try parse(line)
            }
            searched = rest.endIndex
            guard !isEnded, let more = try read(), !more.isEmpty else {
                isEnded = true
                defer { rest = Data() }
                // A bare nil would be the value null.
                guard !rest.isEmpty else { return Optional.none }
                return try parse(rest)
            }
            // A copy with indices from zero, so that what was read is let go.
            searched -= rest.startIndex
            rest = Data(rest) + more
            guard rest.count <= sizeMax else { throw StateImport.invalid("line \(number + 1) is too long") }
        }
    }

    private mutating func parse(_ line: Data) throws -> JSON {
        number += 1
        do {
            return try JSON(parsing: Array(line))
        } catch {
            throw StateImport.invalid("line \(number) is no JSON")
        }
    }
}
