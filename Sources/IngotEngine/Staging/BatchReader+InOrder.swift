import DuckDB
import IngotCore
import IngotProject

/// Objects that are read record by record, because rejected rows are written that have numbers.
extension BatchReader {
    /// Reads an object record by record, once for what is accepted and once for the rest; it has a fault, so that all of
    /// it is rejected, or was split, so that its records have numbers.
    func readInOrder(
        _ position: Int,
        as signature: ReadSignature,
        _ objects: inout [BatchObject],
        _ tables: inout [BatchTable],
        _ writer: BatchWriter
    ) async throws -> [(signature: ReadSignature, positions: [Int])] {
        guard try await isRepeatable() else { return holdWhole([position], signature, &objects) }
        var records = numberedRecords(of: objects[position], signature)
        try await records.discoverFields(of: tables[0], tables: tables, connection)
        try await records.addNewColumns(to: &tables[0], connection)
        var table = tables[0]
        do {
            if objects[position].fault == nil {
                let accepted = try await writer.writeAccepted(
                    records.judged(for: table, tables: tables),
                    where: "NOT r.\(Internal.rejected)",
                    of: table,
                    from: objects[position],
                    number: table.staged.count
                )
                table.staged += accepted
                objects[position].acceptedApart = accepted.reduce(0) { $0 + Int($1.rowCount) }
            }
            if isSkipping(objects[position]), let count = objects[position].recordCount {
                objects[position].rejectedApart = count - objects[position].acceptedApart
            } else {
                try await writeRejected(records, &objects[position], &table, writer)
            }
        } catch let error as DuckDBError where error.blamesInput && signature.route == .direct {
            objects[position].forgetRows()
            return try await split([position], signature, error, &objects)
        } catch let error as DuckDBError where error.blamesInput || error.blamesStatement {
            return holdWhole([position], signature, &objects)
        }
        let object = objects[position]
        objects[position].counts.read = object.acceptedApart + object.rejectedApart
        if let count = object.recordCount, count != object.counts.read {
            return holdWhole([position], signature, &objects)
        }
        guard try await walk.isRight(object.counts.read, of: object, signature) else {
            return try await splitMiscounted([position], of: [position], signature, &objects)
        }
        tables[0] = table
        return []
    }

    /// Has objects read again as others are, so that each condition is asked once of a record, and objects can be told
    /// apart.
    func holdWhole(
        _ positions: [Int],
        _ signature: ReadSignature,
        _ objects: inout [BatchObject]
    ) -> [(signature: ReadSignature, positions: [Int])] {
        for position in positions {
            objects[position].isHeldWhole = true
            objects[position].forgetRows()
        }
        return [(signature, positions)]
    }

    /// Whether an object's rejected rows are counted and not kept.
    private func isSkipping(_ object: BatchObject) -> Bool {
        pipeline.onRowError == .skip && object.fault == nil
    }

    /// An object's records, which are read one after the other, with their numbers.
    private func numberedRecords(of object: BatchObject, _ signature: ReadSignature) -> ScannedRecords {
        let scan = ScanSQL(signature: signature, source: pipeline.source).numbered(path: object.path, as: object.index)
        return ScannedRecords(
            signature: signature,
            pipeline: pipeline,
            origin: .numbered("(\(scan))"),
            hasFaults: object.fault != nil
        )
    }

    /// Writes an object's rejected rows as they are read again, for they may be too many to be held.
    private func writeRejected(
        _ records: ScannedRecords,
        _ object: inout BatchObject,
        _ table: inout BatchTable,
        _ writer: BatchWriter
    ) async throws {
        let files = try await writer.writeRejected(
            records.judged(for: table, tables: [table]),
            of: table,
            from: object,
            number: table.stagedRejected.count
        )
        table.stagedRejected += files
        object.rejectedApart = files.reduce(0) { $0 + Int($1.rowCount) }
        object.saysFaultApart = object.fault != nil
    }

    /// Writes the rejected rows of a group of which the accepted ones are written; answers whether they are as many as
    /// when those were.
    func writeRejected(
        _ rejected: RejectedRecords,
        _ positions: [Int],
        _ signature: ReadSignature,
        _ objects: inout [BatchObject],
        _ table: inout BatchTable,
        _ writer: BatchWriter
    ) async throws -> Bool {
        let before = table
        for (position, index) in zip(positions, rejected.indices) {
            let count = rejected.count(at: index)
            guard count > 0 else { continue }
            if isSkipping(objects[position]) {
                objects[position].rejectedApart = count
            } else {
                var records = numberedRecords(of: objects[position], signature)
                try await records.discoverFields(of: table, tables: [table], connection)
                do {
                    try await writeRejected(records, &objects[position], &table, writer)
                } catch let error as DuckDBError where error.blamesInput || error.blamesStatement {
                    objects[position].rejectedApart = 0
                }
            }
            guard objects[position].rejectedApart == count else {
                table = before
                return false
            }
            objects[position].counts.read = objects[position].acceptedApart + count
        }
        return true
    }
}
