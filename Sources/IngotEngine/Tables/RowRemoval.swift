import DuckDB
import Iceberg
import IngotCore

/// Removes rows from a table by replacing the files that hold them: wholly removed, or written anew without the rows.
struct RowRemoval {
    /// What a removal does.
    struct Outcome: Sendable {
        /// The files to replace.
        var rewrites: [FileRewrite]
        /// A SELECT that gives the removed rows, as long as the table's files are there; `nil` if there are none.
        var removedRows: String?
    }

    let lake: Lake
    let connection: SQLConnection
    /// Where what stays of files is staged.
    let folder: String

    /// Stages the removal of the rows for which a condition is true.
    ///
    /// - Parameters:
    ///   - table: The table as it stands.
    ///   - shape: What files are written with.
    ///   - filter: Finds the files that can hold such rows.
    ///   - condition: SQL over the table's columns.
    ///   - name: Names the staged files.
    /// - Returns: The files to replace, and the rows that go.
    /// - Throws: `IngotError` with `deleteFiles` or `foreignFile`; `DuckDBError`, `IcebergError`.
    func remove(
        from table: LakeTable,
        shape: TableShape,
        filter: Predicate,
        condition: String,
        name: String
    ) async throws -> Outcome {
        let tasks = try await TableScan(lake.files, metadata: table.metadata, filter: filter).tasks()
        guard !tasks.isEmpty else { return Outcome(rewrites: [], removedRows: nil) }
        try Self.refuseDeletes(tasks, of: table)
        let files = tasks.map(\.file)
        let relation = TableRelation.select(files: files.map(\.path), schema: shape.schema, withPosition: true)
        let counts = try await connection.query(
            """
            SELECT __file AS f, count(*) AS n, count(*) FILTER (\(condition)) AS m
            FROM (\(relation)) GROUP BY ALL HAVING m > 0 ORDER BY f
            """
        )
        let concerned = try counts.map { (position: try $0.int("f"), isWhole: try $0.int("n") == $0.int("m")) }
        try await refuseUnfit(concerned.filter { !$0.isWhole }.map { files[$0.position] }, of: table, shape.schema)
        var rewrites: [FileRewrite] = []
        for (position, isWhole) in concerned {
            let rest = isWhole ? nil : try await rest(of: files[position], shape, condition, "\(name)-\(position)")
            rewrites.append(FileRewrite(old: files[position], rest: rest))
        }
        guard !rewrites.isEmpty else { return Outcome(rewrites: [], removedRows: nil) }
        let touched = TableRelation.select(files: rewrites.map(\.old.path), schema: shape.schema)
        return Outcome(rewrites: rewrites, removedRows: "SELECT * FROM (\(touched)) WHERE \(condition)")
    }

    private func rest(
        of file: DataFile,
        _ shape: TableShape,
        _ condition: String,
        _ name: String
    ) async throws -> StagedFile? {
        let relation = TableRelation.select(files: [file.path], schema: shape.schema)
        // What stays belongs to the file's own partition, so nothing is divided.
        let writer = TableWriter(connection: connection, schema: shape.schema, spec: .unpartitioned)
        let staged = try await writer.write(
            "SELECT * FROM (\(relation)) WHERE NOT coalesce(\(condition), FALSE)",
            to: folder,
            name: name
        )
        return staged.first
    }

    /// What stays of a file of another engine must not lose anything.
    private func refuseUnfit(_ files: [DataFile], of table: LakeTable, _ schema: Schema) async throws {
        let unfit = try await RewritableFiles(connection: connection, schema: schema).unfit(files)
        guard let first = unfit.min() else { return }
        throw IngotError(
            .foreignFile,
            "rows of \(table.name) have to leave \(first), which another engine wrote in a way that cannot be kept",
            hint: "rewrite the table's data files with that engine, then: ingot run"
        )
    }

    /// Another engine may have deleted rows by position or by value; Ingot's own writing never does.
    private static func refuseDeletes(_ tasks: [TableScan.Task], of table: LakeTable) throws {
        guard tasks.contains(where: { !$0.deletes.isEmpty }) else { return }
        throw IngotError(
            .deleteFiles,
            "\(table.name) holds delete files of another engine, and its rows cannot be replaced until they are merged",
            hint: "rewrite the table's data files with that engine, then: ingot run"
        )
    }
}
