import DuckDB
import Iceberg
import IngotCore
import IngotProject

/// Deletes old rejected rows that nothing can bring back to silver.
struct QuarantineSweep {
    let services: EngineServices
    let lake: Lake
    let connection: SQLConnection
    let consumers: ChangeConsumers

    /// Deletes rows that were taken in before a time, and records it with them.
    ///
    /// - Parameters:
    ///   - name: The table.
    ///   - before: The time, in nanoseconds since 1970 UTC.
    ///   - run: The run that records it; it is finished if there was anything to delete.
    /// - Throws: `IngotError` with `tableChanged` if a batch came first, and then the next sweep does it.
    func sweep(_ name: TableName, before: Int64, _ run: inout Run) async throws {
        guard let table = try await lake.table(name) else { return }
        let folder = try await lake.storage.makeStagingFolder(run.loadID)
        do {
            let shape = try TableShape(.quarantine(name), table: table)
            let removal = RowRemoval(lake: lake, connection: connection, folder: folder)
            let outcome = try await removal.remove(
                from: table,
                shape: shape,
                filter: .compare(SystemColumns.ingestedAt, .lessThan, .timestamptz(before / 1000)),
                condition: Self.condition(before: before),
                name: "quarantine-rest"
            )
            if let removed = outcome.removedRows {
                run.inputs = try await connection.query("SELECT count(*) AS n FROM (\(removed))")[0].int("n")
                var change = TableChange(shape: shape, rewrites: outcome.rewrites, removedRows: removed)
                change.base = TableChange.Base(metadataLocation: table.metadataLocation)
                try await commit(change, &run)
            }
        } catch {
            try? await lake.storage.removeStagingFolder(run.loadID)
            throw error
        }
        try await lake.storage.removeStagingFolder(run.loadID)
    }

    /// A row that lost its key's place comes back when the winner goes, so it stays.
    private static func condition(before: Int64) -> String {
        """
        (\(SystemColumns.ingestedAt) < make_timestamptz(\(before / 1000))
          AND NOT list_contains([r.rule FOR r IN reasons], \(SQL.literal(RejectionRule.uniqueKey.rawValue))))
        """
    }

    private func commit(_ change: TableChange, _ run: inout Run) async throws {
        let capture = ChangeCapture(connection: connection, consumers: consumers, loadID: run.loadID)
        run.status = .succeeded
        run.targets = [change.shape.definition.name.description]
        let commit = BatchCommit(pointers: [], run: run, pending: try await capture.pending([change]))
        let settings = services.project.environment.settings
        let committer = BatchCommitter(lake: lake, state: services.state, settings: settings, clock: services.clock)
        try await committer.commit([change], commit)
    }
}
