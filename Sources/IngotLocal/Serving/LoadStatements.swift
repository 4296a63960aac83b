import DuckDB
import IngotCore
import IngotEngine
import IngotProject

/// The SQL of one load, in the words of its database.
struct LoadStatements: Sendable {
    /// The table in which a database remembers its loads.
    static let recordTable = "_ingot_loads"
    /// The table that holds the rows of a load while it is under way.
    static let stageTable = "_ingot_stage"

    let dialect: ServingDialect
    let order: LoadOrder
    let rows: LoadRows
    /// The schemas, and the database where it has to be named, before the names of tables.
    let prefix: [String]

    /// The table that is loaded.
    var table: String { qualified(order.table.name) }
    /// The table of records.
    var record: String { qualified(Self.recordTable) }

    func qualified(_ name: String) -> String {
        (prefix + [name]).map(dialect.identifier).joined(separator: ".")
    }

    /// The columns that are loaded.
    var columns: [String] { rows.columns.map { dialect.identifier($0.name) } }
    private var keys: [String] { order.primaryKey.map(dialect.identifier) }
    private var mark: String { dialect.identifier(LoadRows.deletionMark) }

    /// The columns of a stage, in the order of ``columns``: names that every part on the way to it understands.
    var stageColumns: [String] { rows.columns.indices.map { "c\($0 + 1)" } }
    /// The columns of a stage that hold the primary key.
    var stageKeys: [String] { pairs.filter(\.isKey).map(\.staged) }

    /// Each column of the table with its name in a stage.
    private var pairs: [(name: String, staged: String, isKey: Bool)] {
        zip(columns, stageColumns).map { ($0, $1, keys.contains($0)) }
    }

    // MARK: Tables

    /// Makes the table of records where there is none.
    var createRecords: String {
        """
        CREATE TABLE IF NOT EXISTS \(record) (
            load_name varchar(128) NOT NULL, target_table varchar(128) NOT NULL, load_id varchar(200) NOT NULL,
            source_version varchar(255) NOT NULL, definition varchar(64) NOT NULL, rows_loaded bigint NOT NULL,
            rows_deleted bigint NOT NULL, loaded_at varchar(32) NOT NULL, PRIMARY KEY (load_name, target_table)
        )\(tableOptions)
        """
    }

    /// Makes the table that is loaded where there is none.
    var createTable: String {
        var parts = rows.columns.map { column in
            let isKey = order.primaryKey.contains(column.name)
            let type = dialect.type(column.type, isKey: isKey)
            return "\(dialect.identifier(column.name)) \(type)\(isKey ? " NOT NULL" : "")"
        }
        if !keys.isEmpty { parts.append("PRIMARY KEY (\(keys.joined(separator: ", ")))") }
        return "CREATE TABLE IF NOT EXISTS \(table) (\(parts.joined(separator: ", ")))\(tableOptions)"
    }

    /// Keys are compared byte by byte, as those of the lake are.
    private var tableOptions: String {
        dialect == .mysql ? " ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin" : ""
    }

    /// A SELECT without rows that has the columns of a stage, of the types that the table has.
    var emptyStage: String {
        let deletion = rows.marksDeletions ? ", 0 AS \(mark)" : ""
        let list = pairs.map { "\($0.name) AS \($0.staged)" }.joined(separator: ", ")
        return "SELECT \(list)\(deletion) FROM \(table) WHERE 1 = 0"
    }

    // MARK: Rows

    /// Counts the staged rows whose keys are like those of others as the table compares them; `nil` without keys.
    ///
    /// The table's own columns come first, so that theirs are the collations.
    func countSharedKeys(stage: String) -> String? {
        guard order.disposition == .merge, !keys.isEmpty else { return nil }
        let own = pairs.filter(\.isKey).map(\.name).joined(separator: ", ")
        let staged = "SELECT \(stageKeys.joined(separator: ", ")) FROM \(stage)"
        let different = "SELECT \(own) FROM \(table) WHERE 1 = 0 UNION \(staged)"
        return "SELECT (SELECT count(*) FROM \(stage)) - (SELECT count(*) FROM (\(different)) AS k)"
    }

    /// The error where ``countSharedKeys(stage:)`` finds any.
    func sharedKeys(connection: String) -> IngotError {
        IngotError(
            .loadKeyInvalid,
            "several rows of the source of the load \(order.load) have keys "
                + "(\(order.primaryKey.joined(separator: ", "))) that are the same in the table \(order.table) of \(connection)",
            hint:
                "give the key's columns the types of the source, without collations that take different texts for the same"
        )
    }

    /// Brings what is staged into the table.
    func apply(stage: String) -> [String] {
        let list = columns.joined(separator: ", ")
        let kept = rows.marksDeletions ? "s.\(mark) = \(dialect == .postgres ? "false" : "0")" : "1 = 1"
        let staged = stageColumns.map { "s.\($0)" }.joined(separator: ", ")
        let insert = "INSERT INTO \(table) (\(list)) SELECT \(staged) FROM \(stage) AS s WHERE \(kept)"
        switch order.disposition {
        case .append: return [insert]
        case .replace: return ["DELETE FROM \(table)", insert]
        case .merge: return deletion(stage) + merge(insert, stage, kept)
        }
    }

    private func deletion(_ stage: String) -> [String] {
        guard rows.marksDeletions else { return [] }
        let gone = "s.\(mark) = \(dialect == .postgres ? "true" : "1")"
        let condition = "\(matches(table)) AND \(gone)"
        guard dialect != .mysql else {
            return ["DELETE t FROM \(table) AS t JOIN \(stage) AS s ON \(matches("t")) AND \(gone)"]
        }
        return ["DELETE FROM \(table) WHERE EXISTS (SELECT 1 FROM \(stage) AS s WHERE \(condition))"]
    }

    private func merge(_ insert: String, _ stage: String, _ kept: String) -> [String] {
        let others = pairs.filter { !$0.isKey }
        guard dialect == .mysql else {
            let updates = others.map { "\($0.name) = excluded.\($0.name)" }.joined(separator: ", ")
            let action = updates.isEmpty ? "NOTHING" : "UPDATE SET \(updates)"
            return ["\(insert) ON CONFLICT (\(keys.joined(separator: ", "))) DO \(action)"]
        }
        // ON DUPLICATE KEY would take a row that is like another by any unique index for the same.
        let updates = others.map { "t.\($0.name) = s.\($0.staged)" }.joined(separator: ", ")
        let update = "UPDATE \(table) AS t JOIN \(stage) AS s ON \(matches("t")) SET \(updates) WHERE \(kept)"
        let new = "\(insert) AND NOT EXISTS (SELECT 1 FROM \(table) AS t WHERE \(matches("t")))"
        return updates.isEmpty ? [new] : [update, new]
    }

    /// That a row of the table has the key of one of a stage.
    private func matches(_ table: String) -> String {
        pairs.filter(\.isKey).map { "\(table).\($0.name) = s.\($0.staged)" }.joined(separator: " AND ")
    }

    // MARK: The record

    private var place: String {
        "load_name = \(dialect.literal(order.load)) AND target_table = \(dialect.literal(order.table.description))"
    }

    /// Sees to it that there is a record, and that nobody else changes it until the transaction ends.
    var claim: String {
        let values = [order.load, order.table.description, "", "", ""].map(dialect.literal) + ["0", "0", "''"]
        let ending = dialect == .mysql ? "ON DUPLICATE KEY UPDATE load_name = load_name" : "ON CONFLICT DO NOTHING"
        return "INSERT INTO \(record) VALUES (\(values.joined(separator: ", "))) \(ending)"
    }

    /// What a record says, in the order in which ``LoadRecord`` has it.
    static let recordColumns = "load_id, source_version, definition, rows_loaded, rows_deleted"

    /// Reads the record, of a load that came to its end.
    func readRecord(from table: String? = nil) -> String {
        "SELECT \(Self.recordColumns) FROM \(table ?? record) WHERE \(place) AND load_id <> ''"
    }

    /// Says what was loaded.
    func note(_ record: LoadRecord) -> String {
        """
        UPDATE \(self.record) SET load_id = \(dialect.literal(record.loadID)),
            source_version = \(dialect.literal(record.version)), definition = \(dialect.literal(record.definition)),
            rows_loaded = \(record.rows), rows_deleted = \(record.deletions),
            loaded_at = \(dialect.literal(Timestamps.iso(order.time)))
        WHERE \(place)
        """
    }
}
