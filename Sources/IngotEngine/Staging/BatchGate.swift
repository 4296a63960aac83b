import DuckDB
import IngotCore
import IngotProject

/// Decides which objects of a batch may be committed, and applies the decision to the judged rows.
///
/// A bad object never fails the good ones of its batch.
struct BatchGate {
    let pipeline: Pipeline
    let connection: SQLConnection

    /// Judges every object: error rates, `on_row_error`, expectations.
    func judge(_ objects: inout [BatchObject], tables: [BatchTable]) async throws {
        try await countRejected(&objects, tables: tables)
        for table in tables {
            guard let contract = table.contract else { continue }
            for expectation in contract.expectations where expectation.scope == .object {
                let check = ExpectationSQL(expectation: expectation, table: contract)
                try await judge(check, contract, rows: table.everyRow, &objects)
            }
        }
        try await apply(&objects, tables: tables)
    }

    /// Leaves a table only those new columns that a loaded object brings.
    func keepColumns(of objects: [BatchObject], in tables: inout [BatchTable]) async throws {
        let loaded = objects.filter { $0.fault == nil && $0.failure == nil }
        guard loaded.count < objects.count else { return }
        let fields = loaded.flatMap { $0.signature?.fields ?? [] }.map { SourceField(name: $0.name, column: "") }
        let indices = Value.list(loaded.map { .integer(Int32($0.index)) })
        for number in tables.indices {
            // Files that are staged already have the columns that there were.
            guard tables[number].staged.isEmpty else { continue }
            let names = NewColumnNames(tables[number])
            let named = Set(fields.compactMap(names.name))
            var kept: [String] = []
            for column in tables[number].newColumns {
                // Records of JSON name their fields themselves.
                let filled = try await connection.query(
                    """
                    SELECT count(*) AS n FROM \(tables[number].everyRow)
                    WHERE \(SQL.identifier(column)) IS NOT NULL AND list_contains($1::INTEGER[], \(Internal.index))
                    """,
                    [indices]
                )
                if try named.contains(column) || filled.scalar(as: Int.self) > 0 {
                    kept.append(column)
                }
            }
            tables[number].newColumns = kept
        }
    }

    private func countRejected(_ objects: inout [BatchObject], tables: [BatchTable]) async throws {
        var judged = [Int](repeating: 0, count: objects.count)
        var rejected = [Int](repeating: 0, count: objects.count)
        for table in tables {
            let counts = try await connection.query(
                """
                SELECT \(Internal.index) AS i, count(*) AS n, count(*) FILTER (\(Internal.rejected)) AS r
                FROM \(table.rows) GROUP BY ALL
                """
            )
            for row in counts {
                let index = try row.int("i")
                judged[index] += try row.int("n")
                rejected[index] += try row.int("r")
            }
        }
        for (index, object) in objects.enumerated() where object.fault == nil && object.failure == nil {
            judged[index] += object.acceptedApart + object.rejectedApart
            rejected[index] += object.rejectedApart
            guard judged[index] == object.counts.read else {
                throw IngotError(
                    .rowsUnbalanced,
                    "\(object.entry.object.key) has \(object.counts.read) records, but \(judged[index]) were judged"
                )
            }
            guard rejected[index] > 0 else { continue }
            if pipeline.onRowError == .fail {
                objects[index].failure = try await firstReasons(of: object, count: rejected[index], tables)
            } else if let limit = pipeline.maxErrorRate,
                Double(rejected[index]) > limit * Double(object.counts.read)
            {
                let share = Double(rejected[index]) / Double(object.counts.read)
                objects[index].fault = BatchObject.Fault(
                    .maxErrorRate,
                    "\(rejected[index]) of \(object.counts.read) rows are rejected, a share of "
                        + "\((share * 1000).rounded() / 1000), more than max_error_rate \(limit)"
                )
            }
        }
    }

    /// What is wrong with the first rejected row, for an object that fails because of it.
    private func firstReasons(of object: BatchObject, count: Int, _ tables: [BatchTable]) async throws -> String {
        for table in tables {
            let first = try await connection.query(
                """
                SELECT n, reasons[1].rule AS rule, reasons[1]."column" AS name, reasons[1].message AS message
                FROM (\(table.rejectedRows(of: object))) ORDER BY n LIMIT 1
                """
            )
            guard let row = first.first else { continue }
            let column = try row.get("name", as: String?.self).map { " \($0)" } ?? ""
            return "\(count) rows are rejected, the first is row \(try row.int("n")): "
                + "\(try row.string("rule"))\(column): \(try row.string("message"))"
        }
        return "\(count) rows are rejected"
    }

    private func judge(
        _ check: ExpectationSQL,
        _ contract: SilverTable,
        rows: String,
        _ objects: inout [BatchObject]
    ) async throws {
        let found = try await connection.query(check.perObject(rows: rows))
        var observed = [Int: (total: Int, compared: Int, failing: Int)](minimumCapacity: found.count)
        for row in found {
            observed[try row.int("i")] = (try row.int("total"), try row.int("compared"), try row.int("failing"))
        }
        for (index, object) in objects.enumerated() where object.fault == nil && object.failure == nil {
            // A file may hold no record of this table's kind at all; then there is nothing to judge.
            if pipeline.routeBy != nil, observed[index] == nil { continue }
            let (total, compared, failing) = observed[index] ?? (0, 0, 0)
            guard let complaint = check.complaint(total: total, compared: compared, failing: failing) else { continue }
            switch contract.onExpectationFailure {
            case .warn: objects[index].warnings.append(complaint)
            case .fail: objects[index].failure = complaint
            case .quarantineObject: objects[index].fault = BatchObject.Fault(.expectation, complaint)
            }
        }
    }

    /// Makes the rows agree with what was decided of their objects.
    private func apply(_ objects: inout [BatchObject], tables: [BatchTable]) async throws {
        let failed = objects.filter { $0.failure != nil }.map(\.index)
        let faulty = objects.filter { $0.fault != nil && $0.failure == nil }
        for table in tables {
            if !failed.isEmpty {
                try await connection.execute(
                    "DELETE FROM \(table.rows) WHERE list_contains($1::INTEGER[], \(Internal.index))",
                    [.list(failed.map { .integer(Int32($0)) })]
                )
            }
            for object in faulty {
                guard let fault = object.fault, object.counts.read > 0 else { continue }
                try await connection.execute(
                    """
                    UPDATE \(table.rows) SET \(Internal.rejected) = TRUE,
                      \(Internal.reasons) = \(fault.added(to: Internal.reasons))
                    WHERE \(Internal.index) = $1
                    """,
                    [.integer(Int32(object.index))]
                )
            }
            if pipeline.onRowError == .skip {
                let kept = faulty.map { Value.integer(Int32($0.index)) }
                try await connection.execute(
                    """
                    DELETE FROM \(table.rows)
                    WHERE \(Internal.rejected) AND NOT list_contains($1::INTEGER[], \(Internal.index))
                    """,
                    [.list(kept)]
                )
            }
        }
        if let table = tables.first {
            try await mark(faulty.filter { $0.counts.read == 0 }, in: table)
        }
    }

    /// An object without records leaves one mark in quarantine, record 0, so that its reason is found there.
    private func mark(_ objects: [BatchObject], in table: BatchTable) async throws {
        for object in objects {
            guard let fault = object.fault else { continue }
            try await connection.execute(
                """
                INSERT INTO \(table.rows) BY NAME
                SELECT $1::INTEGER AS \(Internal.index), 0 AS \(Internal.row), TRUE AS \(Internal.rejected),
                  [{'rule': $2, 'column': CAST(NULL AS VARCHAR), 'message': $3}] AS \(Internal.reasons)
                """,
                [.integer(Int32(object.index)), .varchar(fault.rule.rawValue), .varchar(fault.message)]
            )
        }
    }

    /// Counts what became of every object's rows, once nothing changes any more.
    func count(_ objects: inout [BatchObject], tables: [BatchTable]) async throws {
        for index in objects.indices {
            let isSkipping = pipeline.onRowError == .skip && objects[index].fault == nil
            objects[index].counts.silver = objects[index].acceptedApart
            objects[index].counts.quarantined = isSkipping ? 0 : objects[index].rejectedApart
        }
        for table in tables {
            let counts = try await connection.query(
                """
                SELECT \(Internal.index) AS i, count(*) FILTER (NOT \(Internal.rejected)) AS silver,
                  count(*) FILTER (\(Internal.rejected) AND \(Internal.row) > 0) AS quarantined
                FROM \(table.rows) GROUP BY ALL
                """
            )
            for row in counts {
                let index = try row.int("i")
                guard objects.indices.contains(index) else { continue }
                objects[index].counts.silver += try row.int("silver")
                objects[index].counts.quarantined += try row.int("quarantined")
            }
        }
        for index in objects.indices where objects[index].failure == nil {
            let counts = objects[index].counts
            let missing = counts.read - counts.silver - counts.quarantined
            let maySkip = pipeline.onRowError == .skip && objects[index].fault == nil
            guard missing == 0 || (maySkip && missing > 0) else {
                throw IngotError(
                    .rowsUnbalanced,
                    "\(objects[index].entry.object.key) has \(counts.read) records, but \(counts.silver) go to silver "
                        + "and \(counts.quarantined) to quarantine"
                )
            }
            objects[index].counts.skipped = missing
        }
    }
}
