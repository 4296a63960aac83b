import DuckDB
import IngotCore
import IngotProject

extension BatchReader {
    /// Whether a group is too large to be held, and can be read twice instead.
    ///
    /// Twice is possible where an accepted row needs neither its number nor the other rows.
    func isLarge(_ positions: [Int], _ signature: ReadSignature, _ objects: [BatchObject]) -> Bool {
        guard signature.form == .csv, signature.route == .direct, pipeline.routeBy == nil,
            let contract = pipeline.tables.first, contract.uniqueKey.isEmpty, !contract.keepsSourceRow,
            !positions.contains(where: { objects[$0].isHeldWhole })
        else { return false }
        return positions.reduce(0) { $0 + objects[$1].entry.size } >= largeReadSize
    }

    /// Reads a large group for the first time: counts its records, and keeps what is rejected.
    ///
    /// The scan runs in parallel and keeps the order of records, which is what numbers the rejected ones.
    func readLarge(
        _ positions: [Int],
        as signature: ReadSignature,
        _ objects: inout [BatchObject],
        _ tables: inout [BatchTable]
    ) async throws -> [(signature: ReadSignature, positions: [Int])] {
        let places = "__large_\(tables[0].large.count)"
        try await makePlaces(
            places,
            positions.map { objects[$0].index },
            firsts: [Int64](repeating: 0, count: positions.count)
        )
        let scan = ScanSQL(signature: signature, source: pipeline.source)
        var records = ScannedRecords(
            signature: signature,
            pipeline: pipeline,
            origin: .select(scan.select(paths: positions.map { objects[$0].path }), places: places)
        )
        try await records.discoverFields(of: tables[0], tables: tables, connection)
        try await records.addNewColumns(to: &tables[0], connection)
        let judged = records.judged(for: tables[0], tables: tables)
        do {
            try await connection.execute(
                """
                CREATE OR REPLACE TEMP TABLE __scan AS
                SELECT place.__position AS \(Internal.index), \(Internal.rejected), \(Internal.reasons),
                  CASE WHEN \(Internal.rejected) THEN \(Internal.raw) END AS \(Internal.raw)
                FROM (\(judged)) AS judged JOIN \(places) AS place ON judged.\(Internal.index) = place.__object
                """
            )
        } catch let error as DuckDBError where error.blamesInput {
            return try await split(positions, signature, error, &objects)
        }
        try await locate(positions, &objects, places: "__local")
        try await connection.execute(
            """
            INSERT INTO \(tables[0].rows) BY NAME
            SELECT place.__object AS \(Internal.index), scan.rowid - place.__first + 1 AS \(Internal.row),
              TRUE AS \(Internal.rejected), scan.\(Internal.reasons), scan.\(Internal.raw)
            FROM __scan AS scan JOIN __local AS place ON scan.\(Internal.index) = place.__position
            WHERE scan.\(Internal.rejected)
            """
        )
        let accepted = try await connection.query(
            "SELECT \(Internal.index) AS i, count(*) FILTER (NOT \(Internal.rejected)) AS n FROM __scan GROUP BY ALL"
        )
        for row in accepted {
            objects[positions[try row.int("i")]].acceptedApart = try row.int("n")
        }
        try await connection.execute("DROP TABLE __scan")
        tables[0].large.append(judged)
        return []
    }
}
