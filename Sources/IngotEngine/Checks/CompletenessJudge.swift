import DuckDB
import IngotCore
import IngotProject
import JSONTree

/// Finds the slots of time in which a table has no row.
struct CompletenessJudge {
    /// How many ranges of missing slots are listed for programs, and for people.
    private static let rangesMax = (listed: 100, told: 10)

    let check: Check
    let completeness: Check.Completeness
    let window: CheckWindow
    let session: QuerySession

    private var connection: SQLConnection { session.connection }

    /// What the slots of a table come to.
    private struct Totals {
        var expectedKeys: Int64
        var missingKeys: Int64 = 0
        var missingSlots: Int64 = 0
        var ranges: Int64 = 0
    }

    /// Slots without a row that follow each other.
    private struct MissingRange {
        /// The key's values as text.
        var key: [String]
        var start: Int64
        var end: Int64
        var slots: Int64
    }

    /// Looks at a table; `nil` is one that does not exist yet.
    func judge(_ table: CheckedTable?) async throws -> CheckFinding {
        guard let table else { return finding(Totals(expectedKeys: 0), [], unknownKeys: "there is no table yet") }
        try await gather(keys(of: table), table)
        var totals = Totals(expectedKeys: try await number("SELECT count(*) AS n FROM __expected"))
        guard totals.expectedKeys > 0 else {
            switch completeness.expected {
            case .seenWithin(let duration):
                let time = CheckText.duration(duration.microseconds)
                return finding(totals, [], unknownKeys: "no key was seen within \(time)")
            case .query: return finding(totals, [], unknownKeys: "the query gives no key")
            case .values: return finding(totals, [], unknownKeys: "the values hold no key")
            }
        }
        let names = keyNames.joined(separator: ", ")
        totals.ranges = try await number("SELECT count(*) AS n FROM __missing")
        totals.missingSlots = try await number("SELECT CAST(coalesce(sum(slots), 0) AS BIGINT) AS n FROM __missing")
        totals.missingKeys = try await number("SELECT count(*) AS n FROM (SELECT DISTINCT \(names) FROM __missing)")
        return finding(totals, try await missing())
    }

    private func number(_ sql: String) async throws -> Int64 {
        try await connection.query(sql)[0].int64("n")
    }

    // MARK: SQL

    /// The columns of the key under names of our own; a key of no columns is one that all rows have.
    private var keyNames: [String] {
        completeness.key.isEmpty ? ["k0"] : completeness.key.indices.map { "k\($0)" }
    }

    /// A key column: how SQL names it, and its type.
    private typealias KeyColumn = (name: String, sql: String, type: LogicalType)

    private func keys(of table: CheckedTable) throws -> [KeyColumn] {
        guard !completeness.key.isEmpty else { return [("", "0", .integer)] }
        return try completeness.key.map { name in
            let column = try table.column(name)
            return (column.name, SQL.identifier(column.name), column.type)
        }
    }

    /// Makes the tables `__expected`, of keys, and `__missing`, of ranges of slots.
    private func gather(_ keys: [KeyColumn], _ table: CheckedTable) async throws {
        let list = zip(keys, keyNames).map { "\($0.sql) AS \($1)" }.joined(separator: ", ")
        let hasKey = keys.map { "\($0.sql) IS NOT NULL" }.joined(separator: " AND ")
        try await gatherExpected(keys, "SELECT DISTINCT \(list) FROM \(table.sql) WHERE \(hasKey)", table)
        let names = keyNames.joined(separator: ", ")
        let same = keyNames.map { "seen.\($0) = expected.\($0)" }.joined(separator: " AND ")
        let expectedNames = keyNames.map { "expected.\($0)" }.joined(separator: ", ")
        try await connection.execute(
            """
            CREATE TEMP TABLE __missing AS
            WITH seen AS (
                SELECT DISTINCT \(list), (\(table.microseconds) - \(window.start)) // \(window.slot) AS slot
                FROM \(table.sql)
                WHERE \(table.isFrom(window.start)) AND \(table.isBefore(window.end)) AND \(hasKey)
            ),
            missing AS (
                SELECT \(expectedNames), slots.slot
                FROM __expected AS expected CROSS JOIN (SELECT range AS slot FROM range(\(window.count))) AS slots
                ANTI JOIN seen ON \(same) AND seen.slot = slots.slot
            ),
            numbered AS (
                SELECT *, slot - row_number() OVER (PARTITION BY \(names) ORDER BY slot) AS run FROM missing
            )
            SELECT \(names), min(slot) AS slot, count(*) AS slots FROM numbered GROUP BY \(names), run
            """
        )
    }

    /// Makes the table `__expected`; `seen` is a SELECT of the table's own keys that ends in a condition.
    private func gatherExpected(_ keys: [KeyColumn], _ seen: String, _ table: CheckedTable) async throws {
        guard !completeness.key.isEmpty else {
            try await connection.execute("CREATE TEMP TABLE __expected AS SELECT 0 AS k0")
            return
        }
        switch completeness.expected {
        case .seenWithin(let duration):
            let start = min(window.start, window.end - duration.microseconds)
            try await connection.execute(
                "CREATE TEMP TABLE __expected AS \(seen) AND \(table.isFrom(start)) AND \(table.isBefore(window.end))"
            )
        case .values(let values):
            let rows = values.map { "(\(SQL.literal($0.text)))" }.joined(separator: ", ")
            try await completeness.checkValues(values, of: keys[0].name, keys[0].type, connection)
            try await connection.execute("CREATE TEMP TABLE __given AS FROM (VALUES \(rows)) AS listed(k0)")
            try await takeGiven(keys)
        case .query(let sql): try await gatherQueried(keys, QueryText(sql))
        }
    }

    private func gatherQueried(_ keys: [KeyColumn], _ query: QueryText) async throws {
        do {
            let parsed = try await session.show(query).parsed
            try await completeness.checkColumns(of: query, connection)
            try await connection.execute(
                """
                CREATE TEMP TABLE __given AS FROM (
                \(parsed.sql)
                ) AS given(\(keyNames.joined(separator: ", ")))
                """
            )
        } catch let error as DuckDBError {
            throw query.error(error, linesBefore: 1)
        }
        do {
            let given = try await connection.describe("FROM __given").columns
            for (index, key) in keys.enumerated() {
                let cast = ExpectedKeyCast(from: given[index].type, to: key.type)
                guard let lost = try await cast.firstLost(keyNames[index], of: "__given", connection) else { continue }
                throw query.error(.invalidValue, cast.message(lost, key.name), at: nil, hint: nil)
            }
            try await takeGiven(keys)
        } catch let error as DuckDBError {
            // A type that has no cast to that of the column.
            throw query.error(.invalidSQL, error.message, at: nil, hint: nil)
        }
    }

    /// Makes the table `__expected` of the table `__given`, whose values the key columns can hold.
    private func takeGiven(_ keys: [KeyColumn]) async throws {
        let cast = zip(keys, keyNames).map { "CAST(\($1) AS \($0.type)) AS \($1)" }.joined(separator: ", ")
        let hasKey = keyNames.map { "\($0) IS NOT NULL" }.joined(separator: " AND ")
        try await connection.execute(
            "CREATE TEMP TABLE __expected AS SELECT DISTINCT \(cast) FROM __given WHERE \(hasKey)"
        )
    }

    private func missing() async throws -> [MissingRange] {
        let texts = keyNames.map { "CAST(\($0) AS VARCHAR) AS \($0)" }.joined(separator: ", ")
        let result = try await connection.query(
            """
            SELECT \(texts), slot, slots FROM (
                FROM __missing ORDER BY \(keyNames.joined(separator: ", ")), slot LIMIT \(Self.rangesMax.listed)
            )
            """
        )
        return try result.map { row in
            let (slot, slots) = (try row.int64("slot"), try row.int64("slots"))
            return MissingRange(
                key: completeness.key.isEmpty ? [] : try keyNames.map { try row.string($0) },
                start: window.start(of: slot),
                end: window.start(of: slot + slots),
                slots: slots
            )
        }
    }

    // MARK: Words

    private func finding(_ totals: Totals, _ missing: [MissingRange], unknownKeys: String? = nil) -> CheckFinding {
        let expected = totals.expectedKeys * Int64(window.count)
        let time = "from \(CheckText.time(window.start)) to \(CheckText.time(window.end)) UTC"
        let summary: String
        if let unknownKeys {
            summary = "nothing can be expected: \(unknownKeys)"
        } else if totals.missingSlots == 0 {
            summary = "no slot of \(expected) is missing \(time)"
        } else {
            let count = "\(totals.missingKeys) of \(CheckText.count(totals.expectedKeys, "key"))"
            let keys = completeness.key.isEmpty ? "" : ", of \(count),"
            summary = "\(totals.missingSlots) of \(CheckText.count(expected, "slot")) missing\(keys) \(time)"
        }
        return CheckFinding(
            status: unknownKeys != nil || totals.missingSlots > 0 ? .fail : .pass,
            summary: summary,
            lines: lines(missing, of: totals.ranges),
            json: [
                "completeness": [
                    "from": .string(CheckText.iso(window.start)), "to": .string(CheckText.iso(window.end)),
                    "slot_seconds": .integer(window.slot / 1_000_000), "slots": .integer(Int64(window.count)),
                    "expected_keys": .integer(totals.expectedKeys), "expected_slots": .integer(expected),
                    "missing_keys": .integer(totals.missingKeys), "missing_slots": .integer(totals.missingSlots),
                    "missing_ranges": .integer(totals.ranges), "missing": .array(missing.map(json)),
                ]
            ],
            plainReason: .slotsMissing,
            since: window.start,
            isOfTime: true
        )
    }

    /// The first ranges, a line for each key.
    private func lines(_ missing: [MissingRange], of count: Int64) -> [String] {
        var lines: [String] = []
        var key: [String]?
        let told = missing.prefix(Self.rangesMax.told)
        for range in told {
            let text =
                "\(CheckText.time(range.start)) to \(CheckText.time(range.end)) (\(CheckText.count(range.slots, "slot")))"
            if key == range.key, !lines.isEmpty {
                lines[lines.count - 1] += ", \(text)"
            } else {
                let values = zip(completeness.key, range.key).map { "\($0.value) \(CheckText.value($1))" }
                let names = values.joined(separator: ", ")
                lines.append("missing\(names.isEmpty ? "" : " of \(names)"): \(text)")
            }
            key = range.key
        }
        if count > told.count { lines.append("and \(CheckText.count(count - Int64(told.count), "range")) more") }
        return lines
    }

    private func json(_ range: MissingRange) -> JSON {
        let key = zip(completeness.key, range.key).map { ($0.value, JSON.string(CheckText.shortened($1))) }
        return [
            "key": .object(JSONObject(key)), "from": .string(CheckText.iso(range.start)),
            "to": .string(CheckText.iso(range.end)), "slots": .integer(range.slots),
        ]
    }
}
