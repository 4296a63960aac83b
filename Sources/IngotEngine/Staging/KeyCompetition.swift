import DuckDB
import IngotCore
import IngotProject

/// The statements by which rows of one key compete.
///
/// `__keys` are the keys that the batch touches, `__existing` the rows of silver with such keys, `__losers` who lost:
/// by `__rid` a row of the batch, by `__eid` a row of `__existing`.
struct KeyCompetition {
    let contract: SilverTable
    let rows: String

    private var keys: [String] { contract.uniqueKey.map { SQL.identifier($0.value) } }
    private var keyList: String { keys.joined(separator: ", ") }

    private func hasKey(_ alias: String) -> String {
        keys.map { "\(alias).\($0) IS NOT NULL" }.joined(separator: " AND ")
    }

    /// The columns that the order looks at, besides those of the object and the record.
    private var sortColumns: [String] {
        contract.dedupSort.map(\.column.value).filter { Self.place(of: $0) == nil && !contract.isKey($0) }
    }

    private static func place(of column: String) -> String? {
        switch column {
        case SystemColumns.sourceFile: "__key"
        case "_source_time": "__modified"
        case SystemColumns.sourceRow: "__number"
        default: nil
        }
    }

    private var order: String {
        contract.dedupSort.map { key in
            let name = Self.place(of: key.column.value) ?? SQL.identifier(key.column.value)
            return "\(name) \(key.isDescending ? "DESC" : "ASC") NULLS LAST"
        }.joined(separator: ", ")
    }

    var batchKeys: String {
        """
        ALTER TABLE \(rows) ADD COLUMN __returns BOOLEAN DEFAULT FALSE;
        CREATE OR REPLACE TEMP TABLE __keys AS
        SELECT DISTINCT \(keyList) FROM \(rows) AS r WHERE NOT r.\(Internal.rejected) AND \(hasKey("r"))
        """
    }

    /// The places that are taken, but for those of objects whose rows are removed.
    func existing(_ silver: String, _ displaced: [ObjectVersion]) -> String {
        let columns = (keys + sortColumns.map { SQL.identifier($0) }).map { "s.\($0)" }
        let number = contract.keepsSourceRow ? "s.\(SystemColumns.sourceRow)" : "CAST(0 AS BIGINT)"
        let stays = displaced.isEmpty ? "TRUE" : "NOT \(BatchWriter.comesFrom(displaced))"
        return """
            CREATE OR REPLACE TEMP TABLE __existing AS
            SELECT \(columns.joined(separator: ", ")), s.\(SystemColumns.sourceFile), s.\(SystemColumns.sourceVersion),
              \(number) AS __number
            FROM (\(silver)) AS s SEMI JOIN __keys USING (\(keyList)) WHERE \(stays)
            """
    }

    var noExisting: String {
        """
        CREATE OR REPLACE TEMP TABLE __existing AS
        SELECT \((keys + sortColumns.map { SQL.identifier($0) }).joined(separator: ", ")),
          CAST(NULL AS VARCHAR) AS \(SystemColumns.sourceFile), CAST(NULL AS VARCHAR) AS \(SystemColumns.sourceVersion),
          CAST(0 AS BIGINT) AS __number
        FROM \(rows) WHERE FALSE
        """
    }

    /// The keys whose places become free because their objects go.
    func vacantKeys(_ silver: String, _ displaced: [ObjectVersion]) -> String {
        """
        CREATE OR REPLACE TEMP TABLE __vacant AS
        SELECT DISTINCT \(keyList) FROM (\(silver)) AS s
        WHERE \(BatchWriter.comesFrom(displaced)) AND \(hasKey("s"))
        """
    }

    /// The rows in quarantine that only lost a key, typed again from what was read.
    func losers(in quarantine: String, _ displaced: [ObjectVersion], _ nullValues: [String]) -> String {
        let names = contract.columns.compactMap { column -> String? in
            switch column.origin {
            case .field(let name), .path(let name): name.value
            case .expression: nil
            }
        }.uniqued()
        let fields = names.enumerated().map { SourceField(name: $1, column: Internal.field($0)) }
        let values = fields.map {
            "json_extract_string(q.raw, \(SQL.literal(ScannedRecords.jsonPath($0.name)))) AS \($0.column)"
        }
        let sql = ContractSQL(table: contract, fields: fields, nullValues: nullValues, hasErrors: false)
        let records = """
            SELECT q.\(SystemColumns.sourceFile), q.\(SystemColumns.sourceVersion),
              q.\(SystemColumns.sourceRow) AS \(Internal.row), q.raw AS \(Internal.raw), \(values.joined(separator: ", "))
            FROM (\(quarantine)) AS q
            WHERE len(q.reasons) = 1 AND q.reasons[1].rule = \(SQL.literal(RejectionRule.uniqueKey.rawValue))
              AND NOT \(BatchWriter.comesFrom(displaced))
            """
        return """
            CREATE OR REPLACE TEMP TABLE __returning AS
            SELECT * FROM (\(sql.select(from: records))) SEMI JOIN __vacant USING (\(keyList))
            WHERE NOT \(Internal.rejected)
            """
    }

    /// Lets the returning rows compete.
    func enterReturning(columns newColumns: [String]) -> String {
        let own = contract.columns.map { "r.\(SQL.identifier($0.name.value))" }
        let new = newColumns.map {
            "json_extract_string(r.\(Internal.raw), \(SQL.literal(ScannedRecords.jsonMember($0)))) AS \(SQL.identifier($0))"
        }
        return """
            INSERT INTO \(rows) BY NAME
            SELECT o.\(Internal.index), r.\(Internal.row), \((own + new).joined(separator: ", ")),
              FALSE AS \(Internal.rejected), r.\(Internal.raw), TRUE AS __returns
            FROM __returning AS r JOIN __objects AS o
              ON o.__key = r.\(SystemColumns.sourceFile) AND o.__version = r.\(SystemColumns.sourceVersion)
            """
    }

    var ranking: String {
        let sorts = sortColumns.map { SQL.identifier($0) }
        func columns(_ alias: String) -> String { (keys + sorts).map { "\(alias).\($0)" }.joined(separator: ", ") }
        return """
            CREATE OR REPLACE TEMP TABLE __losers AS
            SELECT __rid, __eid, \(keyList) FROM (
              SELECT *, row_number() OVER (PARTITION BY \(keyList) ORDER BY \(order), __rid NULLS FIRST) AS __place
              FROM (
                SELECT r.rowid AS __rid, CAST(NULL AS BIGINT) AS __eid, \(columns("r")), o.__key, o.__modified,
                  r.\(Internal.row) AS __number
                FROM \(rows) AS r JOIN __objects AS o USING (\(Internal.index))
                WHERE NOT r.\(Internal.rejected) AND \(hasKey("r"))
                UNION ALL BY NAME
                SELECT CAST(NULL AS BIGINT) AS __rid, e.rowid AS __eid, \(columns("e")), o.__key, o.__modified,
                  e.__number
                FROM __existing AS e JOIN __objects AS o ON o.__key = e.\(SystemColumns.sourceFile)
                  AND o.__version = e.\(SystemColumns.sourceVersion)
              )
            ) WHERE __place > 1
            """
    }

    /// The row of silver with a key that lost; there is one at most, beside those that another engine wrote.
    var lostPlace: String {
        let shown = keys.count == 1 ? keys[0] : "(\(keyList))"
        return "(\(shown) IN (SELECT \(shown) FROM __losers WHERE __eid IS NOT NULL) "
            + "AND \(SystemColumns.sourceFile) IS NOT NULL)"
    }

    private var reason: String {
        let name = contract.uniqueKey.count == 1 ? SQL.literal(contract.uniqueKey[0].value) : "CAST(NULL AS VARCHAR)"
        let shown = contract.uniqueKey.map { key in
            "\(SQL.literal("\(key.value) = ")), CAST(\(SQL.identifier(key.value)) AS VARCHAR)"
        }.joined(separator: ", ', ', ")
        return """
            [{'rule': \(SQL.literal(RejectionRule.uniqueKey.rawValue)), 'column': \(name),
              'message': concat('another row with ', \(shown), ' comes first')}]
            """
    }

    /// Puts the rows of silver that lost among the rejected rows, as they are in their objects.
    ///
    /// An object can hold several rows of a key; the one that had the place is the best of them.
    func enterDisplaced(from again: String) -> String {
        """
        INSERT INTO \(rows) BY NAME
        SELECT \(Internal.index), \(Internal.row), \(contract.columns.map { SQL.identifier($0.name.value) }.joined(separator: ", ")),
          TRUE AS \(Internal.rejected), \(reason) AS \(Internal.reasons), \(Internal.raw), FALSE AS __returns
        FROM (
          SELECT *, row_number() OVER (PARTITION BY \(keyList) ORDER BY \(order)) AS __place
          FROM (
            SELECT r.*, o.__key, o.__modified, r.\(Internal.row) AS __number
            FROM \(again) AS r JOIN __objects AS o USING (\(Internal.index))
            WHERE NOT r.\(Internal.rejected)
          )
          SEMI JOIN (
            SELECT \(keys.map { "e.\($0)" }.joined(separator: ", ")), e.\(SystemColumns.sourceFile) AS __key
            FROM __losers AS l JOIN __existing AS e ON l.__eid = e.rowid
          ) USING (\(keyList), __key)
        ) WHERE __place = 1
        """
    }

    /// Rejects the rows of the batch that lost.
    var rejectLosers: String {
        """
        UPDATE \(rows) SET \(Internal.rejected) = TRUE, \(Internal.reasons) = \(reason)
        WHERE NOT \(Internal.rejected) AND rowid IN (SELECT __rid FROM __losers WHERE __rid IS NOT NULL)
        """
    }
}

extension SilverTable {
    /// Whether a column is part of the unique key.
    func isKey(_ column: String) -> Bool {
        uniqueKey.contains { $0.value == column }
    }

    /// Whether rows keep their record's number: because the project says so, or because the order of rows of one key
    /// looks at it before it looks at the object.
    var keepsSourceRow: Bool {
        if sourceRow { return true }
        let columns = dedupSort.map(\.column.value)
        guard let row = columns.firstIndex(of: SystemColumns.sourceRow) else { return false }
        return row < (columns.firstIndex(of: SystemColumns.sourceFile) ?? columns.endIndex)
    }
}
