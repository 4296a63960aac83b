import DuckDB
import IngotCore
import IngotProject

/// A table that a batch feeds, with the temporary table that holds its judged rows until they are written.
struct BatchTable: Sendable {
    /// The contract; `nil` for the records that no route takes.
    var contract: SilverTable?
    /// Where its rejected rows go.
    var quarantine: TableName
    /// The temporary table.
    var rows: String
    /// Accepted rows that are not in the temporary table but staged already, for they are many.
    var staged: [StagedFile] = []
    /// Rejected rows likewise.
    var stagedRejected: [StagedFile] = []
    /// Fields of the source that became columns, beyond the contract's.
    var newColumns: [String] = []
    /// The columns of the table as it stands.
    var existingColumns: [String] = []
    /// The name of the column for fields that no column takes, if there is one.
    var rescued: String?

    /// The tables of a pipeline, in file order; for a route, the one for unknown records comes last.
    static func tables(of pipeline: Pipeline) -> [BatchTable] {
        var tables = pipeline.tables.enumerated().map { number, table in
            BatchTable(
                contract: table,
                quarantine: table.table.value.quarantine,
                rows: "__rows_\(number)",
                rescued: pipeline.rescuedDataColumn?.value
            )
        }
        if pipeline.routeBy != nil {
            let quarantine = TableName(namespace: "quarantine", name: pipeline.name.value)
            tables.append(BatchTable(contract: nil, quarantine: quarantine, rows: "__rows_unrouted"))
        }
        return tables
    }

    /// All judged rows, as something to select from.
    var everyRow: String {
        guard !staged.isEmpty else { return rows }
        let paths = staged.map { SQL.literal($0.path) }.joined(separator: ", ")
        return """
            (SELECT * FROM \(rows) UNION ALL BY NAME SELECT o.\(Internal.index), FALSE AS \(Internal.rejected), f.*
              FROM read_parquet([\(paths)], hive_partitioning=false) AS f JOIN __objects AS o
                ON f.\(SystemColumns.sourceFile) = o.__key AND f.\(SystemColumns.sourceVersion) = o.__version)
            """
    }

    /// The SELECT of the numbers `n` and the `reasons` of an object's rejected rows.
    func rejectedRows(of object: BatchObject) -> String {
        let held = """
            SELECT \(Internal.row) AS n, \(Internal.reasons) AS reasons
            FROM \(rows) WHERE \(Internal.index) = \(object.index) AND \(Internal.rejected)
            """
        guard object.rejectedApart > 0 else { return held }
        let paths = stagedRejected.map { SQL.literal($0.path) }.joined(separator: ", ")
        return """
            \(held) UNION ALL SELECT \(SystemColumns.sourceRow) AS n, reasons
            FROM read_parquet([\(paths)], hive_partitioning=false)
            WHERE \(BatchWriter.comesFrom([object.entry.object]))
            """
    }

    static let reasonsType = "STRUCT(rule VARCHAR, \"column\" VARCHAR, message VARCHAR)[]"

    /// The statement that makes the temporary table.
    func creation() -> String {
        var columns = ["\(Internal.index) INTEGER", "\(Internal.row) BIGINT"]
        for column in contract?.columns ?? [] {
            columns.append("\(SQL.identifier(column.name.value)) \(column.dataType.value.sql)")
        }
        if let rescued {
            columns.append("\(SQL.identifier(rescued)) VARCHAR")
        }
        columns += [
            "\(Internal.rejected) BOOLEAN", "\(Internal.reasons) \(Self.reasonsType)", "\(Internal.raw) VARCHAR",
        ]
        return "CREATE OR REPLACE TEMP TABLE \(rows) (\(columns.joined(separator: ", ")))"
    }
}
