import DuckDB
import Iceberg
import IngotCore

/// Finds out from the rows of `ops.objects` how the ledger stood when the last of them was committed.
struct HistoryFold {
    /// The table that holds an object a row, in the order in which they were seen.
    static let ledger = "__ledger"
    private static let pageSize: Int64 = 5_000

    let lake: Lake
    let connection: SQLConnection

    /// Reads the history, in the order of the commits, into a temporary table.
    func read(_ table: LakeTable?) async throws {
        try await connection.execute(
            """
            CREATE OR REPLACE TEMP TABLE __history (
              o BIGINT, source VARCHAR, key VARCHAR, version VARCHAR, state VARCHAR, load_id VARCHAR, run_id VARCHAR,
              bronze VARCHAR, size BIGINT, modified BIGINT, rows_read BIGINT, rows_silver BIGINT, rows_quarantined BIGINT,
              rows_skipped BIGINT, error VARCHAR, recorded BIGINT, seen BIGINT, change VARCHAR,
              arrival BIGINT)
            """
        )
        if let table { try await insert(table) }
        // Tables that an earlier version wrote do not say why an object has a row.
        try await connection.execute(
            """
            CREATE OR REPLACE TEMP TABLE __changes AS
            SELECT * REPLACE (coalesce(change, CASE
                WHEN state = 'superseded' THEN 'displaced'
                WHEN state IN ('loaded', 'quarantined')
                  AND state = lag(state) OVER (PARTITION BY source, key, version ORDER BY o) THEN 'recounted'
                ELSE 'settled' END) AS change)
            FROM __history
            """
        )
        try await connection.execute(Self.fold)
    }

    private func insert(_ table: LakeTable) async throws {
        var files: [(path: String, sequence: Int64)] = []
        try await TableScan(lake.files, metadata: table.metadata).forEachManifest { entries in
            files += entries.lazy.filter { $0.file.content == .data }.map { ($0.file.path, $0.sequenceNumber ?? 0) }
        }
        guard !files.isEmpty else { return }
        files.sort { ($0.sequence, $0.path) < ($1.sequence, $1.path) }
        let names = Set(table.metadata.currentSchema.fields.map(\.name))
        let relation = TableRelation.select(
            files: files.map(\.path),
            schema: table.metadata.currentSchema,
            withPosition: true
        )
        let (seen, change, arrival) = ("seen_at", "change", "arrival")
        try await connection.execute(
            """
            INSERT INTO __history
            SELECT row_number() OVER (ORDER BY __file, __row), source, key, version, state, load_id, run_id, bronze, size,
              epoch_us(modified_at) * 1000, rows_read, rows_silver, rows_quarantined, rows_skipped, error,
              epoch_us(recorded_at) * 1000,
              \(names.contains(seen) ? "epoch_us(seen_at) * 1000" : "NULL"), \(names.contains(change) ? change : "NULL"),
              \(names.contains(arrival) ? arrival : "NULL")
            FROM (\(relation))
            """
        )
    }

    /// What the ledger keeps of an object's changes.
    ///
    /// A batch that displaces an object leaves its counts, its batch and its error; one that moves rows of it changes
    /// nothing but two counts; one that fails to load it again leaves its rows, their counts and the run that brought them.
    private static let fold = """
        CREATE OR REPLACE TEMP TABLE \(ledger) AS
        SELECT row_number() OVER (ORDER BY first_seen, first_o) AS i, * REPLACE (
          coalesce(arrival, row_number() OVER (PARTITION BY source, key ORDER BY seen, first_o)) AS arrival,
          CASE WHEN state = 'failed' AND published IS NOT NULL THEN published_run ELSE run_id END AS run_id)
        FROM (
          SELECT source, key, version,
            last(state ORDER BY o) FILTER (change <> 'recounted') AS state,
            CASE WHEN last(state ORDER BY o) FILTER (change <> 'recounted' AND state <> 'failed')
              IN ('loaded', 'quarantined')
              THEN last(state ORDER BY o) FILTER (change <> 'recounted' AND state <> 'failed') END AS published,
            last(load_id ORDER BY o) FILTER (change IN ('settled', 'restored')) AS load_id,
            last(run_id ORDER BY o) FILTER (change <> 'recounted') AS run_id,
            last(run_id ORDER BY o) FILTER (change <> 'recounted' AND state <> 'failed') AS published_run,
            last(bronze ORDER BY o) AS bronze, last(size ORDER BY o) AS size, last(modified ORDER BY o) AS modified,
            last(rows_read ORDER BY o) FILTER (\(hasCounts)) AS rows_read,
            last(rows_silver ORDER BY o) FILTER (\(hasCounts)) AS rows_silver,
            last(rows_quarantined ORDER BY o) FILTER (\(hasCounts)) AS rows_quarantined,
            last(rows_skipped ORDER BY o) FILTER (\(hasCounts)) AS rows_skipped,
            last(error ORDER BY o) FILTER (change IN ('settled', 'restored')) AS error,
            last(coalesce(seen, recorded) ORDER BY o) AS seen, min(coalesce(seen, recorded)) AS first_seen,
            last(arrival ORDER BY o) AS arrival,
            min(o) AS first_o, count(*) FILTER (change = 'settled') AS attempts
          FROM __changes GROUP BY ALL)
        """
    private static let hasCounts = "state <> 'failed' OR change = 'recounted'"

    /// The objects after a number, a page of them, each with the mark of the file in its source that looks like it.
    func page(after number: Int64) async throws -> [(number: Int64, entry: LedgerEntry, entityTag: String?)] {
        try await connection.query(
            """
            SELECT l.*, f.tag FROM \(Self.ledger) AS l LEFT JOIN \(SourceFiles.table) AS f
              ON l.source = f.source AND l.key = f.key AND l.size = f.size AND l.modified = f.modified // 1000 * 1000
            WHERE i > $1 AND i <= $1 + \(Self.pageSize) ORDER BY i
            """,
            [.bigint(number)]
        ).map { row in
            let state = ObjectState(rawValue: try row.string("state")) ?? .superseded
            let published = (try row.get("published") as String?).flatMap(ObjectState.init)
            var counts = RowCounts()
            if state != .failed || published != nil {
                counts.read = try row.int("rows_read")
                counts.silver = try row.int("rows_silver")
                counts.quarantined = try row.int("rows_quarantined")
                counts.skipped = try row.int("rows_skipped")
            }
            let entry = LedgerEntry(
                id: try row.int64("i"),
                object: ObjectVersion(
                    source: try row.string("source"),
                    key: try row.string("key"),
                    version: try row.string("version")
                ),
                state: state,
                bronze: try row.string("bronze"),
                size: try row.int64("size"),
                modified: try row.int64("modified"),
                seen: try row.int64("seen"),
                loadID: try row.get("load_id"),
                runID: try row.get("run_id"),
                counts: counts,
                attempts: try row.int("attempts"),
                error: try row.get("error"),
                published: published,
                isUndone: state == .undone,
                arrival: try row.int64("arrival")
            )
            return (entry.id, entry, try row.get("tag"))
        }
    }

    /// The attempts that the history tells of, a page of them after a number.
    func runs(after number: Int64, targets: (String) -> [String]) async throws -> [(number: Int64, run: Run)] {
        if number == 0 {
            try await connection.execute(
                """
                CREATE OR REPLACE TEMP TABLE __runs AS
                SELECT row_number() OVER (ORDER BY first_o) AS i, * FROM (
                  SELECT run_id, load_id, source, min(recorded) AS started, min(o) AS first_o,
                    count(*) FILTER (change = 'settled') AS inputs,
                    coalesce(sum(rows_read) FILTER (state <> 'failed'), 0)::BIGINT AS r,
                    coalesce(sum(rows_silver) FILTER (state <> 'failed'), 0)::BIGINT AS s,
                    coalesce(sum(rows_quarantined) FILTER (state <> 'failed'), 0)::BIGINT AS q,
                    coalesce(sum(rows_skipped) FILTER (state <> 'failed'), 0)::BIGINT AS k,
                    list_slice(coalesce(list(key || '@' || version ORDER BY o) FILTER (state <> 'undone'), []), 1, 1000)
                      AS objects
                  FROM __changes WHERE change IN ('settled', 'restored') GROUP BY run_id, load_id, source)
                """
            )
        }
        return try await connection.query(
            "SELECT * FROM __runs WHERE i > $1 AND i <= $1 + 500 ORDER BY i",
            [.bigint(number)]
        ).map { row in
            let run = Run(
                id: try row.string("run_id"),
                loadID: try row.string("load_id"),
                kind: .ingest,
                name: try row.string("source"),
                status: .succeeded,
                started: try row.int64("started"),
                ended: try row.int64("started"),
                inputs: try row.int("inputs"),
                counts: RowCounts(
                    read: try row.int("r"),
                    silver: try row.int("s"),
                    quarantined: try row.int("q"),
                    skipped: try row.int("k")
                ),
                sources: try row.list("objects").map(\.description),
                targets: targets(try row.string("source"))
            )
            return (try row.int64("i"), run)
        }
    }
}
