import DuckDB
import IngotCore
import IngotProject

extension BatchReader {
    /// Whether a group is too large to be held, and need not be: an accepted row needs neither its number nor the
    /// other rows.
    func isLarge(
        _ positions: [Int],
        _ signature: ReadSignature,
        _ objects: [BatchObject],
        _ size: Int64
    ) -> Bool {
        guard signature.form == .csv, signature.route == .direct, pipeline.routeBy == nil,
            let contract = pipeline.tables.first, contract.uniqueKey.isEmpty, !contract.keepsSourceRow,
            !positions.contains(where: { objects[$0].isHeldWhole || objects[$0].fault != nil })
        else { return false }
        return positions.reduce(0) { $0 + objects[$1].entry.size } >= size
    }

    /// Reads a large group: its accepted rows are written as they are read, and only the rejected ones are held.
    ///
    /// If there are rejected ones, the group is read once more, for the conditions that were broken only: in order, which
    /// is what numbers them.
    func readLarge(
        _ positions: [Int],
        as signature: ReadSignature,
        _ objects: inout [BatchObject],
        _ tables: inout [BatchTable],
        _ writer: BatchWriter
    ) async throws -> [(signature: ReadSignature, positions: [Int])] {
        let scan = ScanSQL(signature: signature, source: pipeline.source).select(
            paths: positions.map { objects[$0].path }
        )
        let isOne = positions.count == 1
        if !isOne {
            let firsts = [Int64](repeating: 0, count: positions.count)
            try await makePlaces("__large", positions.map { objects[$0].index }, firsts: firsts)
        }
        var records = ScannedRecords(
            signature: signature,
            pipeline: pipeline,
            origin: .select(scan, places: isOne ? nil : "__large")
        )
        try await records.discoverFields(of: tables[0], tables: tables, connection)
        try await records.addNewColumns(to: &tables[0], connection)
        let written: (files: [StagedFile], broken: [Int: Int])
        do {
            written = try await writer.writeAhead(
                records.marked(for: tables[0]),
                of: tables[0],
                from: isOne ? objects[positions[0]] : nil,
                number: tables[0].staged.count
            )
        } catch let error as DuckDBError where error.blamesInput {
            return try await split(positions, signature, error, &objects)
        }
        if !written.broken.isEmpty {
            let choice = ScannedRecords(reading: scan, like: records).choice(
                for: tables[0],
                breaking: Set(written.broken.keys)
            )
            let rejected = written.broken.values.reduce(0, +)
            guard try await holdRejected(choice, rejected, positions, signature, &objects, tables) else {
                // A condition that answers differently each time: it has to be asked once for both.
                for position in positions { objects[position].isHeldWhole = true }
                return [(signature, positions)]
            }
        }
        try await count(written.files, positions, isAll: written.broken.isEmpty, &objects)
        tables[0].staged += written.files
        return []
    }

    /// Judges the rejected records of a large group again, with numbers and reasons; answers whether they are the same.
    private func holdRejected(
        _ choice: String,
        _ rejected: Int,
        _ positions: [Int],
        _ signature: ReadSignature,
        _ objects: inout [BatchObject],
        _ tables: [BatchTable]
    ) async throws -> Bool {
        try await connection.execute("CREATE OR REPLACE TEMP TABLE __scan AS \(choice)")
        let chosen = try await connection.query("SELECT count(\(Internal.fields)) AS n FROM __scan")
        guard try chosen.scalar(as: Int.self) == rejected else { return false }
        try await locate(positions, &objects, places: "__local")
        var records = ScannedRecords(
            signature: signature,
            pipeline: pipeline,
            origin: .chosen(scan: "__scan", places: "__local")
        )
        try await records.discoverFields(of: tables[0], tables: tables, connection)
        try await connection.execute(records.insertion(into: tables[0], tables: tables))
        try await connection.execute("DROP TABLE __scan")
        return true
    }

    /// Counts each object's accepted rows in the files that hold them.
    private func count(
        _ files: [StagedFile],
        _ positions: [Int],
        isAll: Bool,
        _ objects: inout [BatchObject]
    ) async throws {
        if positions.count == 1 {
            objects[positions[0]].acceptedApart = files.reduce(0) { $0 + Int($1.rowCount) }
        } else if !files.isEmpty {
            let paths = files.map { SQL.literal($0.path) }.joined(separator: ", ")
            let counts = try await connection.query(
                """
                SELECT o.\(Internal.index) AS i, count(*) AS n
                FROM read_parquet([\(paths)], hive_partitioning=false) AS f JOIN __objects AS o
                  ON f.\(SystemColumns.sourceFile) = o.__key AND f.\(SystemColumns.sourceVersion) = o.__version
                GROUP BY ALL
                """
            )
            for row in counts { objects[try row.int("i")].acceptedApart = try row.int("n") }
        }
        if isAll {
            for position in positions { objects[position].counts.read = objects[position].acceptedApart }
        }
    }
}
