import DuckDB
import Iceberg
import IngotCore

/// Stages what `ops.objects` learns from a batch.
struct ObjectHistory {
    /// One change of an object's state.
    struct Event {
        var entry: LedgerEntry
        var state: ObjectState
        var counts: RowCounts
        var error: String?
    }

    let lake: Lake
    let connection: SQLConnection
    let folder: String
    let run: Run
    /// When the states change, in nanoseconds since 1970 UTC.
    let time: Int64

    /// Writes the events as a file of the table.
    func stage(_ events: [Event]) async throws -> TableChange {
        let definition = TableDefinition.objects
        let shape = try TableShape(definition, table: try await lake.table(definition.name))
        guard !events.isEmpty else { return TableChange(shape: shape) }
        func texts(_ value: (Event) -> String?) -> Value { .list(events.map { value($0).map(Value.varchar) ?? .null }) }
        func numbers(_ value: (Event) -> Int) -> Value { .list(events.map { .bigint(Int64(value($0))) }) }
        try await connection.execute(
            """
            CREATE OR REPLACE TEMP TABLE __events AS
            SELECT unnest($1::VARCHAR[]) AS source, unnest($2::VARCHAR[]) AS key, unnest($3::VARCHAR[]) AS version,
              unnest($4::VARCHAR[]) AS state, $5::VARCHAR AS load_id, $6::VARCHAR AS run_id,
              unnest($7::VARCHAR[]) AS bronze, unnest($8::BIGINT[]) AS size,
              make_timestamptz(unnest($9::BIGINT[])) AS modified_at, unnest($10::BIGINT[]) AS rows_read,
              unnest($11::BIGINT[]) AS rows_silver, unnest($12::BIGINT[]) AS rows_quarantined,
              unnest($13::BIGINT[]) AS rows_skipped, unnest($14::VARCHAR[]) AS error,
              make_timestamptz($15::BIGINT) AS recorded_at
            """,
            [
                texts { $0.entry.object.source }, texts { $0.entry.object.key }, texts { $0.entry.object.version },
                texts { $0.state.rawValue }, .varchar(run.loadID), .varchar(run.id),
                texts { $0.entry.bronze }, numbers { Int($0.entry.size) },
                numbers { Int($0.entry.modified / 1000) }, numbers { $0.counts.read },
                numbers { $0.counts.silver }, numbers { $0.counts.quarantined },
                numbers { $0.counts.skipped }, texts { $0.error }, .bigint(time / 1000),
            ]
        )
        let writer = TableWriter(connection: connection, schema: shape.schema, spec: shape.spec)
        return TableChange(
            shape: shape,
            added: try await writer.write("SELECT * FROM __events", to: folder, name: "ops-objects")
        )
    }
}
