import DuckDB
import Iceberg
import IngotCore
import IngotProject

/// Writes the judged rows of a batch as files of silver and quarantine, and stages the removal of displaced rows.
struct BatchWriter {
    let lake: Lake
    let pipeline: Pipeline
    let connection: SQLConnection
    let folder: String
    let loadID: String
    /// When the batch is taken in, in nanoseconds since 1970 UTC.
    let ingestedAt: Int64

    /// Stages everything that a batch changes in its tables.
    ///
    /// - Parameters:
    ///   - tables: The judged rows; `__objects` describes their objects.
    ///   - displaced: Objects whose rows are removed.
    ///   - moves: Rows that move between silver and quarantine, for each of the tables.
    /// - Returns: The changes, one for each table.
    /// - Throws: `DuckDBError`, `IcebergError`, `IngotError`.
    func write(
        _ tables: [BatchTable],
        displaced: [ObjectVersion],
        moves: [UniqueKeys.Moves]
    ) async throws -> [TableChange] {
        var changes: [TableChange] = []
        for (table, moves) in zip(tables, moves) {
            if let definition = definition(of: table) {
                changes.append(try await silver(definition, table, removal(displaced, moves.silver)))
            }
        }
        // A route's unknown records share the quarantine of a table that bears the pipeline's name.
        for name in tables.map(\.quarantine).uniqued() {
            let parts = zip(tables, moves).filter { $0.0.quarantine == name }
            let moved = parts.compactMap(\.1.quarantine)
            changes.append(
                try await quarantine(name, parts.map(\.0), removal(displaced, Self.union(moved)))
            )
        }
        return changes
    }

    private func silver(
        _ definition: TableDefinition,
        _ table: BatchTable,
        _ removal: UniqueKeys.RowSelection?
    ) async throws -> TableChange {
        let existing = try await lake.table(definition.name)
        let shape = try TableShape(definition, table: existing)
        let select = """
            SELECT \(columns(of: shape))
            FROM \(table.rows) AS r JOIN __objects AS o USING (\(Internal.index)) WHERE NOT r.\(Internal.rejected)
            """
        var change = try await change(shape, existing, select, removal)
        change.added += table.staged
        return change
    }

    /// Writes the accepted rows of a SELECT ahead of the others, because they are too many to be held.
    ///
    /// - Parameters:
    ///   - select: Rows like the table's.
    ///   - condition: Which of them, `r`, are accepted.
    ///   - table: The table that they belong to; columns that it gets later are NULL in them.
    ///   - object: The object that all rows come from, if it is one.
    ///   - number: Distinguishes the files from those of other calls.
    /// - Returns: The files.
    /// - Throws: `DuckDBError`, `IcebergError`, `IngotError`.
    func writeAccepted(
        _ select: String,
        where condition: String,
        of table: BatchTable,
        from object: BatchObject?,
        number: Int
    ) async throws -> [StagedFile] {
        guard let definition = definition(of: table) else { return [] }
        let shape = try TableShape(definition, table: try await lake.table(definition.name))
        let writer = TableWriter(connection: connection, schema: shape.schema, spec: shape.spec)
        // One object's key and version are constants, which cost less than a join.
        let join = object == nil ? " JOIN __objects AS o USING (\(Internal.index))" : ""
        var files = try await writer.write(
            "SELECT \(columns(of: shape, from: object)) FROM (\(select)) AS r\(join) WHERE \(condition)",
            to: folder,
            name: "\(definition.name.namespace)-\(definition.name.name)-ahead-\(number)",
            isLarge: true
        )
        setConstants(of: object, in: &files)
        return files
    }

    /// Writes the rejected rows of one object ahead of the others, because they are too many to be held.
    ///
    /// - Parameters:
    ///   - select: Judged rows of the object; of one with a fault all are rejected.
    ///   - table: The table that they belong to.
    ///   - object: The object.
    ///   - number: Distinguishes the files from those of other calls.
    /// - Returns: The files.
    /// - Throws: `DuckDBError`, `IcebergError`, `IngotError`.
    func writeRejected(
        _ select: String,
        of table: BatchTable,
        from object: BatchObject,
        number: Int
    ) async throws -> [StagedFile] {
        let definition = TableDefinition.quarantine(table.quarantine)
        let shape = try TableShape(definition, table: try await lake.table(definition.name))
        let reasons = object.fault?.added(to: "r.\(Internal.reasons)") ?? "r.\(Internal.reasons)"
        let condition = object.fault == nil ? "r.\(Internal.rejected)" : "TRUE"
        var files = try await TableWriter(connection: connection, schema: shape.schema, spec: shape.spec).write(
            """
            SELECT \(quarantineColumns(from: object)), r.\(Internal.raw) AS raw, \(reasons) AS reasons
            FROM (\(select)) AS r WHERE \(condition)
            """,
            to: folder,
            name: "\(definition.name.namespace)-\(definition.name.name)-ahead-\(number)",
            isLarge: true
        )
        setConstants(of: object, in: &files)
        return files
    }

    private func setConstants(of object: BatchObject?, in files: inout [StagedFile]) {
        for position in files.indices {
            for (name, text) in constants(of: object) { files[position].setConstant(name, text) }
        }
    }

    private func definition(of table: BatchTable) -> TableDefinition? {
        table.contract.map {
            TableDefinition.silver($0, newColumns: table.newColumns, rescued: pipeline.rescuedDataColumn?.value)
        }
    }

    /// Stages what changes in a quarantine table: it takes the rejected rows of temporary tables, and loses others.
    private func quarantine(
        _ name: TableName,
        _ judged: [BatchTable],
        _ removal: UniqueKeys.RowSelection?
    ) async throws -> TableChange {
        let definition = TableDefinition.quarantine(name)
        let existing = try await lake.table(definition.name)
        let shape = try TableShape(definition, table: existing)
        var filled: [String] = []
        for rows in judged.map(\.rows) {
            let rejected = try await connection.query("SELECT count(*) AS n FROM \(rows) WHERE \(Internal.rejected)")
            if try rejected.scalar(as: Int.self) > 0 { filled.append(rows) }
        }
        let selects = filled.map { rows in
            """
            SELECT \(quarantineColumns()), r.\(Internal.raw) AS raw, r.\(Internal.reasons) AS reasons
            FROM \(rows) AS r JOIN __objects AS o USING (\(Internal.index)) WHERE r.\(Internal.rejected)
            """
        }
        let select = selects.isEmpty ? nil : selects.joined(separator: "\nUNION ALL\n")
        var change = try await change(shape, existing, select, removal)
        change.added += judged.flatMap(\.stagedRejected)
        return change
    }

    private func change(
        _ shape: TableShape,
        _ existing: LakeTable?,
        _ select: String?,
        _ removed: UniqueKeys.RowSelection?
    ) async throws -> TableChange {
        let name = "\(shape.definition.name.namespace)-\(shape.definition.name.name)"
        var change = TableChange(shape: shape)
        if let select {
            let writer = TableWriter(connection: connection, schema: shape.schema, spec: shape.spec)
            change.added = try await writer.write(select, to: folder, name: name)
        }
        if let existing, let removed {
            let removal = RowRemoval(lake: lake, connection: connection, folder: folder)
            let outcome = try await removal.remove(
                from: existing,
                shape: shape,
                filter: .oneOf(SystemColumns.sourceFile, removed.files.map { .string($0) }),
                condition: removed.condition,
                name: "\(name)-rest"
            )
            change.rewrites = outcome.rewrites
            change.removedRows = outcome.removedRows
        }
        return change
    }

    private func removal(
        _ displaced: [ObjectVersion],
        _ moved: UniqueKeys.RowSelection?
    ) -> UniqueKeys.RowSelection? {
        guard !displaced.isEmpty else { return moved }
        let gone = UniqueKeys.RowSelection(files: displaced.map(\.key), condition: Self.comesFrom(displaced))
        return Self.union([gone] + (moved.map { [$0] } ?? []))
    }

    /// The rows that any of the selections holds.
    private static func union(_ selections: [UniqueKeys.RowSelection]) -> UniqueKeys.RowSelection? {
        guard selections.count > 1 else { return selections.first }
        return UniqueKeys.RowSelection(
            files: selections.flatMap(\.files).uniqued(),
            condition: "(\(selections.map(\.condition).joined(separator: " OR ")))"
        )
    }

    /// The condition that a row came from one of these objects.
    static func comesFrom(_ objects: [ObjectVersion]) -> String {
        let pairs = objects.map { "(\(SQL.literal($0.key)), \(SQL.literal($0.version)))" }.joined(separator: ", ")
        return "(\(SystemColumns.sourceFile), \(SystemColumns.sourceVersion)) IN (\(pairs))"
    }

    private func columns(of shape: TableShape, from object: BatchObject? = nil) -> String {
        let own = Set(shape.definition.columns.map(\.name))
        let system = Set(SystemColumns.silver(sourceRow: true).map(\.name))
        return shape.schema.fields.map { field in
            let name = SQL.identifier(field.name)
            if system.contains(field.name) { return "\(systemValue(field.name, from: object)) AS \(name)" }
            // A column that the contract no longer has stays in the table, NULL in new rows.
            guard own.contains(field.name) else { return "CAST(NULL AS \(field.type.sql)) AS \(name)" }
            return "r.\(name)"
        }.joined(separator: ", ")
    }

    private func quarantineColumns(from object: BatchObject? = nil) -> String {
        SystemColumns.quarantine.map { column in
            "\(systemValue(column.name, from: object)) AS \(SQL.identifier(column.name))"
        }.joined(separator: ", ")
    }

    /// The system columns that have one value in every row of an object.
    private func constants(of object: BatchObject?) -> [String: String] {
        guard let object = object?.entry.object else { return [:] }
        return [
            SystemColumns.sourceFile: object.key, SystemColumns.sourceVersion: object.version,
            SystemColumns.loadID: loadID,
        ]
    }

    /// A system column's value for a row `r` of an object `o`, or of the object at hand.
    private func systemValue(_ name: String, from object: BatchObject? = nil) -> String {
        if let constant = constants(of: object)[name] {
            // As an enumeration a constant is one byte a row for the engine, and a dictionary of one text in the file.
            let text = SQL.literal(constant)
            return "CAST(\(text) AS ENUM(\(text)))"
        }
        return switch name {
        case SystemColumns.sourceFile: "o.__key"
        case SystemColumns.sourceVersion: "o.__version"
        case SystemColumns.sourceRow: "r.\(Internal.row)"
        case SystemColumns.loadID: SQL.literal(loadID)
        default: "make_timestamptz(\(ingestedAt / 1000))"
        }
    }
}
