import Crypto
import DuckDB
import Foundation
import Iceberg
import IngotCore
import IngotProject

/// The rows of a load as they are at one moment, with the version that this is.
struct LoadSource {
    /// How many rows a message shows.
    private static let sampleCount = 3
    /// How long a version may be to be written out.
    private static let versionLengthMax = 255

    let load: Load
    let session: QuerySession
    /// Which version of its tables it reads.
    let version: String
    /// A hash of all that decides what the version's rows become.
    let definition: String
    /// The tables that it reads, without those that views read.
    let tables: [TableName]
    private let query: QueryText
    private let sql: String

    private var connection: SQLConnection { session.connection }

    /// Looks at what a load reads, and makes it visible in the session.
    ///
    /// - Throws: `IngotError`: `invalidSQL`, `notOneSelect`, `unknownTable`, `notComputed`.
    init(_ load: Load, _ session: QuerySession) async throws {
        self.load = load
        self.session = session
        let place: SourceLocation? = if case .table(let table) = load.source { table.location } else { nil }
        query = QueryText(load.source)
        do {
            let parsed = try await ParsedQuery(query, session.connection)
            sql = parsed.sql
            let moment = try await session.lake.moment()
            let shown = try await session.tables.show(parsed.references, in: query, at: moment)
            tables = shown.named
            version = try await Self.version(of: shown.all, at: moment, session)
        } catch var error as IngotError {
            error.location = error.location ?? place
            throw error
        }
        definition = Self.definition(of: load, session)
    }

    // MARK: Versions

    /// `gold.users@123` for each table, by name; a hash where that is long.
    private static func version(
        of tables: Set<TableName>,
        at moment: LakeMoment,
        _ session: QuerySession
    ) async throws -> String {
        var parts: [String] = []
        let inputs = ModelInputs(services: session.services, lake: session.lake, connection: session.connection)
        for table in tables.sorted() {
            switch session.names.kinds[table] {
            case .view: break
            case .seed(let seed): parts.append("\(table)@\(try await inputs.version(of: seed))")
            case .table, nil:
                let snapshot = try await session.lake.table(table, at: moment)?.metadata.rowsSnapshotID
                parts.append("\(table)@\(snapshot ?? 0)")
            }
        }
        let text = parts.joined(separator: ",")
        return text.utf8.count <= versionLengthMax ? text : "sha256:\(hash([text]))"
    }

    private static func definition(of load: Load, _ session: QuerySession) -> String {
        let source =
            switch load.source {
            case .table(let table): table.description
            case .query(let text): text.text
            }
        let views = session.services.project.models.filter { $0.materialization == .view }
            .map { "\($0.table)=\($0.sql.text)" }
        let variables = session.services.project.environment.variables.sorted { $0.key < $1.key }
            .map { "\($0.key)=\($0.value)" }
        let keys = load.primaryKey.map(\.value.description)
        let columns = load.columns.map { $0.map(\.value.description) } ?? ["*"]
        let settings = [load.writeDisposition.rawValue, load.hardDelete?.value ?? ""]
        return hash([source] + settings + ["keys"] + keys + ["columns"] + columns + ["views"] + views + variables)
    }

    private static func hash(_ parts: [String]) -> String {
        let text = parts.map { "\($0.utf8.count):\($0)" }.joined()
        return SHA256.hash(data: Data(text.utf8)).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }

    // MARK: Rows

    /// Writes the rows to a Parquet file.
    ///
    /// - Returns: The rows, and how many there are.
    /// - Throws: `IngotError`: `invalidSQL`, `loadColumnsUnfit`, `loadKeyInvalid`.
    func write(to path: String) async throws -> (rows: LoadRows, count: Int) {
        let result: [DuckDB.Column]
        do {
            result = try await connection.describe(sql).columns
        } catch let error as DuckDBError {
            throw query.error(error)
        }
        let columns = try LoadColumns(load, result: result)
        let count: Int
        do {
            count = try await connection.execute(
                """
                COPY (SELECT \(columns.expressions.joined(separator: ", ")) FROM (
                \(sql)
                ) AS __load) TO \(SQL.literal(path)) (FORMAT parquet, COMPRESSION zstd)
                """
            )
        } catch let error as DuckDBError {
            throw query.error(error, linesBefore: 1)
        }
        let rows = LoadRows(path: path, columns: columns.columns, marksDeletions: load.hardDelete != nil)
        try await checkKeys(rows)
        return (rows, count)
    }

    /// The order's primary key, spelled as the rows spell it.
    func primaryKey(_ rows: LoadRows) -> [String] {
        load.primaryKey.map { key in
            rows.columns.first { $0.name.lowercased() == key.value.lowercased() }?.name ?? key.value
        }
    }

    // MARK: Keys

    /// Rows whose key is not theirs alone would come out as one or the other, as it happens.
    private func checkKeys(_ rows: LoadRows) async throws {
        guard !load.primaryKey.isEmpty else { return }
        let keys = primaryKey(rows).map(SQL.identifier)
        let list = keys.joined(separator: ", ")
        let file = "read_parquet(\(SQL.literal(rows.path)))"
        let isNull = keys.map { "\($0) IS NULL" }.joined(separator: " OR ")
        let nulls: Int = try await connection.query("SELECT count(*) FROM \(file) WHERE \(isNull)").scalar()
        guard nulls == 0 else {
            throw IngotError(
                .loadKeyInvalid,
                "\(nulls) rows of the source of the load \(load.name) have NULL in their primary key (\(list))",
                at: load.primaryKey[0].location,
                hint: "leave them out with a query, or choose another primary_key"
            )
        }
        let found = try await connection.query(
            """
            SELECT count(*) OVER () AS keys, \(list) FROM \(file)
            GROUP BY \(list) HAVING count(*) > 1 ORDER BY \(list) LIMIT \(Self.sampleCount)
            """
        )
        guard let first = found.first else { return }
        let sample = found.map { row in
            "(\(row.values.dropFirst().map(PortableValue.text).joined(separator: ", ")))"
        }
        throw IngotError(
            .loadKeyInvalid,
            "\(PortableValue.text(first[0])) primary keys (\(list)) are in more than one row of the source of the load "
                + "\(load.name), such as \(sample.joined(separator: ", "))",
            at: load.primaryKey[0].location,
            hint: "aggregate or deduplicate in a model or a query, or choose another primary_key"
        )
    }
}
