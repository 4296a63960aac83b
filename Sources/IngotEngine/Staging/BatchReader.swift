import DuckDB
import IngotCore
import IngotProject

/// Reads the objects of a batch and judges every row, into the batch's temporary tables.
///
/// Objects of one signature are read by one statement. Where the engine refuses an object, that object alone is read
/// again from a copy that was split record by record; where that is impossible too, it gets a fault, and the others go
/// on.
struct BatchReader {
    let pipeline: Pipeline
    let connection: SQLConnection
    let repair: RecordRepair
    let walk: RecordWalk
    /// How rows of large objects are written as they are read; `nil` where all are to be held.
    let ahead: WritingAhead?

    /// Makes the temporary tables, empty.
    func prepare(_ tables: [BatchTable]) async throws {
        for table in tables {
            try await connection.execute(table.creation())
        }
    }

    /// Reads every object that can be read; of one that has a fault as a whole, the rows are kept too.
    func read(_ objects: inout [BatchObject], into tables: inout [BatchTable]) async throws {
        for (position, object) in objects.enumerated() where object.isToBeSplit {
            try await makeCopy(position, &objects)
        }
        var waiting: [(signature: ReadSignature, positions: [Int])] = []
        for (position, object) in objects.enumerated() {
            guard let signature = object.signature, object.fault?.rule != .unreadable, object.failure == nil else {
                continue
            }
            if let known = waiting.firstIndex(where: { $0.signature == signature }) {
                waiting[known].positions.append(position)
            } else {
                waiting.append((signature, [position]))
            }
        }
        while var group = waiting.popLast() {
            waiting += try await setApartOpenQuotes(&group.positions, group.signature, &objects)
            if let ahead, isLarge(group.positions, group.signature, objects, ahead.size) {
                waiting += try await readLarge(group.positions, as: group.signature, &objects, &tables, ahead)
            } else {
                waiting += try await read(group.positions, as: group.signature, &objects, &tables)
            }
        }
    }

    /// Takes out of a group of delimited texts what the engine would read without noticing that a quote is open: those
    /// are split, and what cannot be looked at is read in groups that are small enough.
    private func setApartOpenQuotes(
        _ positions: inout [Int],
        _ signature: ReadSignature,
        _ objects: inout [BatchObject]
    ) async throws -> [(signature: ReadSignature, positions: [Int])] {
        guard signature.form == .csv, signature.route == .direct, pipeline.source.csv?.quote != nil,
            positions.count > QuoteScan.safeCount
        else { return [] }
        var sound: [Int] = []
        var unknown: [Int] = []
        var apart: [(signature: ReadSignature, positions: [Int])] = []
        for position in positions {
            switch try QuoteScan.findsOpenQuote(in: objects[position], signature, pipeline.source) {
            case false: sound.append(position)
            case true: apart.append((signature, [position]))
            default: unknown.append(position)
            }
        }
        for start in stride(from: 0, to: unknown.count, by: QuoteScan.safeCount) {
            apart.append((signature, Array(unknown[start..<min(start + QuoteScan.safeCount, unknown.count)])))
        }
        if sound.isEmpty, let first = apart.popLast() { sound = first.positions }
        positions = sound
        return apart
    }

    /// Reads one group; returns the groups to read instead, if the engine refused it.
    private func read(
        _ positions: [Int],
        as signature: ReadSignature,
        _ objects: inout [BatchObject],
        _ tables: inout [BatchTable]
    ) async throws -> [(signature: ReadSignature, positions: [Int])] {
        let scan = ScanSQL(signature: signature, source: pipeline.source)
        do {
            let select = scan.select(paths: positions.map { objects[$0].path })
            try await connection.execute("CREATE OR REPLACE TEMP TABLE __scan AS \(select)")
        } catch let error as DuckDBError where error.blamesInput {
            return try await split(positions, signature, error, &objects)
        } catch let error as DuckDBError where error.blamesStatement {
            return try await isolate(positions, signature, error, &objects, tables)
        }
        try await locate(positions, &objects, places: "__local")
        var miscounted: [Int] = []
        for position in positions {
            let object = objects[position]
            if try await !walk.isRight(object.counts.read, of: object, signature) { miscounted.append(position) }
        }
        guard miscounted.isEmpty else {
            return try await splitMiscounted(miscounted, of: positions, signature, &objects)
        }
        var records = ScannedRecords(
            signature: signature,
            pipeline: pipeline,
            origin: .table(scan: "__scan", places: "__local"),
            hasFaults: positions.contains { objects[$0].fault != nil }
        )
        do {
            try await findNewKeys(in: records, tables, &objects)
            for number in tables.indices {
                try await records.discoverFields(of: tables[number], tables: tables, connection)
                try await records.addNewColumns(to: &tables[number], connection)
                try await connection.execute(records.insertion(into: tables[number], tables: tables))
            }
        } catch let error as DuckDBError where error.blamesInput || error.blamesStatement {
            return try await isolate(positions, signature, error, &objects, tables)
        }
        try await connection.execute("DROP TABLE __scan")
        return []
    }

    /// Faults the objects whose records of JSON have fields that no table knows, where the pipeline says so.
    ///
    /// Those of delimited text are known from its header.
    private func findNewKeys(
        in records: ScannedRecords,
        _ tables: [BatchTable],
        _ objects: inout [BatchObject]
    ) async throws {
        guard records.isJSON, pipeline.schemaEvolution == .failOnNewColumns else { return }
        let known = Set(pipeline.declaredFields + pipeline.declaredPaths.compactMap(ScannedRecords.member(ofPath:)))
        var new: [Int: [String]] = [:]
        for row in try await connection.query(records.keys()) {
            let key = try row.string("key")
            if !known.contains(key) { new[try row.int("i"), default: []].append(key) }
        }
        for (index, keys) in new where objects[index].fault == nil {
            objects[index].fault = .newColumns(keys)
        }
    }

    /// Narrows a group down to the objects for which an expression of the contract fails, or whose fields make SQL that
    /// the engine refuses; these fail, and are tried again by the next run.
    private func isolate(
        _ positions: [Int],
        _ signature: ReadSignature,
        _ error: DuckDBError,
        _ objects: inout [BatchObject],
        _ tables: [BatchTable]
    ) async throws -> [(signature: ReadSignature, positions: [Int])] {
        let indices = Value.list(positions.map { .integer(Int32(objects[$0].index)) })
        for table in tables {
            let removal = "DELETE FROM \(table.rows) WHERE list_contains($1::INTEGER[], \(Internal.index))"
            try await connection.execute(removal, [indices])
        }
        for position in positions { objects[position].counts.read = 0 }
        guard positions.count > 1 else {
            let what =
                error.blamesStatement ? "its fields cannot be put into SQL" : "an expression of the contract failed"
            objects[positions[0]].failure = "\(what): \(error.message)"
            return []
        }
        let middle = positions.count / 2
        return [(signature, Array(positions[..<middle])), (signature, Array(positions[middle...]))]
    }

    /// Counts each object's records, and notes where they begin in the scan.
    ///
    /// The scan keeps the order of objects and records, so an object's records are one run of row ids; that is
    /// checked, because record numbers are computed from it.
    func locate(_ positions: [Int], _ objects: inout [BatchObject], places: String) async throws {
        let runs = try await connection.query(
            """
            SELECT \(Internal.index) AS i, min(rowid) AS first, max(rowid) AS last, count(*) AS n
            FROM __scan GROUP BY ALL
            """
        )
        var firsts = [Int64](repeating: 0, count: positions.count)
        for run in runs {
            let (index, first, last) = (try run.int("i"), try run.int64("first"), try run.int64("last"))
            let count = try run.int("n")
            guard last - first + 1 == Int64(count) else {
                let key = objects[positions[index]].entry.object.key
                throw IngotError(.rowsUnbalanced, "the records of \(key) were read mixed with those of other objects")
            }
            firsts[index] = first
            objects[positions[index]].counts.read = count
        }
        try await makePlaces(places, positions.map { objects[$0].index }, firsts: firsts)
    }

    /// Makes the table that says which object of the batch each object of a scan is, and where its records begin.
    func makePlaces(_ name: String, _ indices: [Int], firsts: [Int64]) async throws {
        try await connection.makeTable(
            name,
            ["__position INTEGER", "__object INTEGER", "__first BIGINT"],
            rows: indices.indices.lazy.map { position in
                [.integer(Int32(position)), .integer(Int32(indices[position])), .bigint(firsts[position])]
            }
        )
    }

    /// Decides what to do with a group that the engine refused.
    func split(
        _ positions: [Int],
        _ signature: ReadSignature,
        _ error: DuckDBError,
        _ objects: inout [BatchObject]
    ) async throws -> [(signature: ReadSignature, positions: [Int])] {
        let named = positions.filter { error.names(objects[$0].path) }
        if positions.count > 1 {
            guard named.isEmpty || named.count == positions.count else {
                let others = positions.filter { !named.contains($0) }
                return [(signature, others), (signature, named)]
            }
            let middle = positions.count / 2
            return [(signature, Array(positions[..<middle])), (signature, Array(positions[middle...]))]
        }
        let position = positions[0]
        guard signature.route == .direct, signature.form == .csv || signature.form == .jsonLines else {
            objects[position].fault = .unreadable(error, objects[position], as: pipeline.source.format)
            return []
        }
        try await makeCopy(position, &objects)
        guard objects[position].repairedCopy != nil, let repaired = objects[position].signature else { return [] }
        return [(repaired, positions)]
    }

    /// Splits those of a group of which the engine did not read every record; answers what to read instead.
    func splitMiscounted(
        _ miscounted: [Int],
        of positions: [Int],
        _ signature: ReadSignature,
        _ objects: inout [BatchObject]
    ) async throws -> [(signature: ReadSignature, positions: [Int])] {
        for position in positions { objects[position].forgetRows() }
        var groups: [(signature: ReadSignature, positions: [Int])] = []
        for position in miscounted {
            try await makeCopy(position, &objects)
            if objects[position].repairedCopy != nil, let repaired = objects[position].signature {
                groups.append((repaired, [position]))
            }
        }
        let others = positions.filter { !miscounted.contains($0) }
        if !others.isEmpty { groups.append((signature, others)) }
        return groups
    }

    /// Splits an object into a copy that the engine reads in its place; where that is impossible, it gets a fault.
    private func makeCopy(_ position: Int, _ objects: inout [BatchObject]) async throws {
        guard var signature = objects[position].signature else { return }
        do {
            let copy = try await repair.repair(objects[position], signature)
            objects[position].repairedCopy = copy.path
            objects[position].recordCount = copy.records
        } catch let fault as RecordRepair.Unreadable {
            objects[position].fault = BatchObject.Fault(.unreadable, fault.message)
            return
        }
        signature.route = .repaired
        signature.compression = .none
        objects[position].signature = signature
    }
}

extension BatchObject {
    /// Whether the engine cannot read the object as it is, so that a copy has to be made before it is tried.
    fileprivate var isToBeSplit: Bool {
        signature?.route == .repaired && repairedCopy == nil && fault?.rule != .unreadable && failure == nil
    }
}

extension DuckDBError {
    /// Whether what was read is at fault, and not the machine, the statement or the caller.
    var blamesInput: Bool {
        switch kind {
        case .interrupt, .outOfMemory, .parser, .binder, .catalog, .internal, .fatal, .permission, .settings: false
        case .io: !isOutOfSpace && !isOfDevice
        default: true
        }
    }

    /// Whether the engine refuses the SQL itself, which names the fields of what is read: other objects' may do.
    var blamesStatement: Bool {
        [.parser, .binder, .catalog].contains(kind)
    }

    /// Whether a file could not be opened or used at all, whatever is in it.
    private var isOfDevice: Bool {
        [
            "Cannot open file", "No files found that match", "Could not read from file", "Could not write file",
            "Input/output error",
        ].contains { message.contains($0) }
    }

    /// Whether the disk is full.
    var isOutOfSpace: Bool {
        message.contains("No space left") || message.contains("max_temp_directory_size")
    }

    /// Whether the error is about this file.
    func names(_ path: String) -> Bool {
        message.contains(path) || details.contains(path)
    }
}
