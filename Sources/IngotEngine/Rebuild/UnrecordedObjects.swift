import DuckDB
import IngotCore
import IngotProject

/// Finds objects whose bytes are in bronze and of which no commit ever knew: they waited, or were outdated unloaded.
struct UnrecordedObjects {
    let services: EngineServices
    let connection: SQLConnection

    /// The objects of a source; those whose file is still there are left to the next run, which looks at it anyway.
    func entries(of source: String) async throws -> (entries: [LedgerEntry], problems: [String]) {
        var entries: [LedgerEntry] = []
        var problems: [String] = []
        for try await page in services.bronze.copies(of: source, before: nil) {
            try Task.checkCancellation()
            for copy in try await unrecorded(page, of: source) {
                guard let key = copy.key else {
                    problems.append("\(copy.location) does not tell the key of its object")
                    continue
                }
                let version = try await services.bronze.version(of: copy.location)
                guard let last = try await last(key, version, before: copy.kept, of: source) else { continue }
                entries.append(
                    LedgerEntry(
                        id: 0,
                        object: ObjectVersion(source: source, key: key, version: version),
                        state: copy.kept > last.seen ? .seen : .superseded,
                        bronze: copy.location,
                        size: copy.size,
                        modified: copy.kept,
                        seen: copy.kept,
                        arrival: last.arrival + 1
                    )
                )
            }
        }
        return (Self.outdated(entries), problems)
    }

    /// The copies that no row of the history names, of keys whose file is gone.
    private func unrecorded(_ page: [BronzeCopy], of source: String) async throws -> [BronzeCopy] {
        try await connection.makeTable(
            "__copies",
            ["i INTEGER", "location VARCHAR", "key VARCHAR"],
            rows: page.enumerated().lazy.map { number, copy in
                [.integer(Int32(number)), .varchar(copy.location), copy.key.map(Value.varchar) ?? .null]
            }
        )
        return try await connection.query(
            """
            SELECT i FROM __copies AS c
            WHERE NOT EXISTS (SELECT 1 FROM \(HistoryFold.ledger) AS l WHERE l.bronze = c.location)
              AND NOT EXISTS (SELECT 1 FROM \(SourceFiles.table) AS f WHERE f.source = $1 AND f.key = c.key)
            ORDER BY i
            """,
            [.varchar(source)]
        ).map { page[try $0.int("i")] }
    }

    /// When the newest recorded version of a key was seen, and the number of the last arrival before a time; `nil` if this
    /// very version is recorded.
    private func last(
        _ key: String,
        _ version: String,
        before time: Int64,
        of source: String
    ) async throws -> (seen: Int64, arrival: Int64)? {
        let row = try await connection.query(
            """
            SELECT coalesce(max(seen), 0) AS seen, coalesce(max(arrival) FILTER (seen < $4), 0) AS arrival,
              count(*) FILTER (version = $3) AS n
            FROM \(HistoryFold.ledger) WHERE source = $1 AND key = $2
            """,
            [.varchar(source), .varchar(key), .varchar(version), .bigint(time)]
        )[0]
        return try row.int("n") > 0 ? nil : (try row.int64("seen"), try row.int64("arrival"))
    }

    /// Of the objects of one key only the newest waits, and of one version the first copy counts.
    private static func outdated(_ entries: [LedgerEntry]) -> [LedgerEntry] {
        var first: [ObjectVersion: LedgerEntry] = [:]
        for entry in entries.sorted(by: { $0.seen < $1.seen }) where first[entry.object] == nil {
            first[entry.object] = entry
        }
        let ordered = first.values.sorted { ($0.seen, $0.object.key) < ($1.seen, $1.object.key) }
        let newest = Dictionary(ordered.map { ($0.object.key, $0.object.version) }) { $1 }
        var arrivals: [String: Int64] = [:]
        return ordered.map { entry in
            var entry = entry
            entry.arrival = max(entry.arrival, (arrivals[entry.object.key] ?? 0) + 1)
            arrivals[entry.object.key] = entry.arrival
            if newest[entry.object.key] != entry.object.version { entry.state = .superseded }
            return entry
        }
    }
}
