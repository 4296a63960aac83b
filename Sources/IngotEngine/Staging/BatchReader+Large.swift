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
        guard signature.form == .csv, pipeline.routeBy == nil,
            let contract = pipeline.tables.first, contract.uniqueKey.isEmpty, !contract.keepsSourceRow,
            !positions.contains(where: { objects[$0].isHeldWhole })
        else { return false }
        return positions.reduce(0) { $0 + objects[$1].entry.size } >= size
    }

    /// Reads a large group: its rows are written as they are read, but for rejected ones that are few.
    func readLarge(
        _ positions: [Int],
        as signature: ReadSignature,
        _ objects: inout [BatchObject],
        _ tables: inout [BatchTable],
        _ ahead: WritingAhead
    ) async throws -> [(signature: ReadSignature, positions: [Int])] {
        let alone = positions.filter { signature.route == .repaired || objects[$0].fault != nil }
        let others = positions.filter { !alone.contains($0) }
        var waiting: [(signature: ReadSignature, positions: [Int])] = []
        for position in alone {
            waiting += try await readInOrder(position, as: signature, &objects, &tables, ahead.writer)
        }
        if !others.isEmpty {
            waiting += try await readAtOnce(others, as: signature, &objects, &tables, ahead)
        }
        return waiting
    }

    /// Reads objects on all threads: their accepted rows are written, and the rejected ones collected.
    private func readAtOnce(
        _ positions: [Int],
        as signature: ReadSignature,
        _ objects: inout [BatchObject],
        _ tables: inout [BatchTable],
        _ ahead: WritingAhead
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
        let rejected = RejectedRecords(
            indices: isOne ? [0] : positions.map { objects[$0].index },
            sizeMax: ahead.rejectedSizeMax
        )
        let files: [StagedFile]
        do {
            files = try await ahead.writer.writeAccepted(
                records.marked(for: tables[0], collecting: rejected),
                where: Internal.sound,
                of: tables[0],
                from: isOne ? objects[positions[0]] : nil,
                number: tables[0].staged.count
            )
        } catch let error as DuckDBError where error.blamesInput {
            return try await split(positions, signature, error, &objects)
        } catch let error as DuckDBError where error.blamesStatement {
            return holdWhole(positions, signature, &objects)
        }
        // The commit syncs all files; these are on their way to the device while the rejected rows are seen to.
        async let synced: Void = ahead.writer.lake.storage.sync(files.map(\.path))
        try await count(files, positions, &objects)
        let mayMiscount = positions.contains { objects[$0].textSize > pipeline.source.maxLineSize.bytes }
        let group = positions.map { objects[$0] }
        let numbered =
            !rejected.isEmpty || mayMiscount ? try await rejected.numbered(group, signature, walk) : nil
        if numbered == nil {
            var miscounted: [Int] = []
            for (position, index) in zip(positions, rejected.indices) {
                let count = objects[position].acceptedApart + rejected.count(at: index)
                if try await !walk.isRight(count, of: objects[position], signature) { miscounted.append(position) }
            }
            guard miscounted.isEmpty else {
                return try await splitMiscounted(miscounted, of: positions, signature, &objects)
            }
        }
        if !rejected.isEmpty {
            let isSame =
                if let numbered {
                    try await hold(numbered, positions, signature, &objects, tables)
                } else if try await !isRepeatable() {
                    false
                } else {
                    try await writeRejected(rejected, positions, signature, &objects, &tables[0], ahead.writer)
                }
            // A condition that answers differently each time has to be asked once for both.
            guard isSame else { return holdWhole(positions, signature, &objects) }
        }
        tables[0].staged += files
        // An error of the device is told once, so it must not be lost.
        try await synced
        return []
    }

    /// Judges the rejected records of a large group again, with numbers and reasons; answers whether they are the same.
    private func hold(
        _ numbered: RejectedRecords.Numbered,
        _ positions: [Int],
        _ signature: ReadSignature,
        _ objects: inout [BatchObject],
        _ tables: [BatchTable]
    ) async throws -> Bool {
        let group = positions.map { objects[$0] }
        for (position, count) in zip(positions, numbered.counts) { objects[position].counts.read = count }
        try await fill("__rejected", with: numbered, group)
        var held = ScannedRecords(signature: signature, pipeline: pipeline, origin: .numbered("__rejected"))
        try await held.discoverFields(of: tables[0], tables: tables, connection)
        try await connection.execute(held.insertion(into: tables[0], tables: tables))
        try await connection.execute("DROP TABLE __rejected")
        let indices = Value.list(group.map { .integer(Int32($0.index)) })
        let own = "list_contains($1::INTEGER[], \(Internal.index))"
        let outcome = try await connection.query(
            "SELECT count(*) FILTER (\(Internal.rejected)) AS n, count(*) AS all FROM \(tables[0].rows) WHERE \(own)",
            [indices]
        )
        let count = numbered.numbers.count
        for row in outcome where try row.int("n") != count || row.int("all") != count {
            try await connection.execute("DELETE FROM \(tables[0].rows) WHERE \(own)", [indices])
            return false
        }
        return true
    }

    /// Makes a temporary table of rejected records, in their order.
    private func fill(
        _ table: String,
        with numbered: RejectedRecords.Numbered,
        _ group: [BatchObject]
    ) async throws {
        let rows = numbered.rows
        let fields = (0..<rows.textCount).map { "\(Internal.field($0)) VARCHAR" }
        try await connection.makeTable(
            table,
            ["\(Internal.index) INTEGER", "\(Internal.row) BIGINT"] + fields,
            rows: numbered.order.lazy.map { row in
                let texts = (0..<rows.textCount).map { text in
                    Value.varchar(String(decoding: rows.bytes[rows.range(row, text)], as: UTF8.self))
                }
                let object = group[numbered.positions[row]]
                return [.integer(Int32(object.index)), .bigint(numbered.numbers[row])] + texts
            }
        )
    }

    /// Counts each object's accepted rows in the files that hold them; unless rejected ones are found, these are all.
    private func count(
        _ files: [StagedFile],
        _ positions: [Int],
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
        for position in positions { objects[position].counts.read = objects[position].acceptedApart }
    }
}
