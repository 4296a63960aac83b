import DuckDB
import Iceberg
import IngotCore
import IngotProject

/// Stages what `ops.objects` learns from a batch.
struct ObjectHistory {
    /// Why an object has a row.
    enum Change: String {
        /// The batch took the object in, or out.
        case settled
        /// The object came back in the place of one that the batch took out.
        case restored
        /// Another version of its key took its place.
        case displaced
        /// Rows of it moved between silver and quarantine, because they compete with the batch's.
        case recounted
    }

    /// One change of an object's state.
    struct Event {
        var change: Change
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
        try await connection.makeTable(
            "__events",
            definition.columns.map { "\(SQL.identifier($0.name)) \($0.type.sql)" },
            rows: events.lazy.map(row)
        )
        let writer = TableWriter(connection: connection, schema: shape.schema, spec: shape.spec)
        return TableChange(
            shape: shape,
            added: try await writer.write("SELECT * FROM __events", to: folder, name: "ops-objects")
        )
    }

    private func row(_ event: Event) -> [Value] {
        let (object, counts) = (event.entry.object, event.counts)
        let texts = [object.source, object.key, object.version, event.state.rawValue, run.loadID, run.id]
        let numbers = [counts.read, counts.silver, counts.quarantined, counts.skipped].map { Value.bigint(Int64($0)) }
        return texts.map(text) + [text(event.entry.bronze), .bigint(event.entry.size)]
            + [.timestampTZ(microseconds: event.entry.modified / 1000)] + numbers
            + [text(event.error), .timestampTZ(microseconds: time / 1000)]
            + [.timestampTZ(microseconds: event.entry.seen / 1000), text(event.change.rawValue)]
            + [.bigint(event.entry.arrival)]
    }

    private func text(_ text: String?) -> Value {
        text.map(Value.varchar) ?? .null
    }
}
