import GRDB
public import IngotCore

extension SQLiteState: ModelStore {
    /// The state of every model that was computed, by name.
    public func modelStates() async throws -> [String: ModelState] {
        try await database.read { connection in
            let rows = try Row.fetchAll(connection, sql: "SELECT name, fingerprint, inputs, computed FROM model")
            return try Dictionary(
                uniqueKeysWithValues: rows.map { row in
                    let state = ModelState(
                        model: row[0],
                        fingerprint: row[1],
                        inputs: try JSONText.decode([String: Int64].self, from: row[2]),
                        computed: row[3]
                    )
                    return (state.model, state)
                }
            )
        }
    }

    /// What a model has not taken in yet.
    public func pending(model: String) async throws -> [PendingChange] {
        try await database.read { connection in
            try Row.fetchAll(
                connection,
                sql: "SELECT model, input, kind, value, generation FROM pending WHERE model = ?",
                arguments: [model]
            ).map(PendingChange.init)
        }
    }

    /// The models that have not taken in everything yet.
    public func changedModels() async throws -> Set<String> {
        try await database.read { try String.fetchSet($0, sql: "SELECT DISTINCT model FROM pending") }
    }

    /// How far the last backfill of a model has come, if there was one.
    public func backfill(model: String) async throws -> Backfill? {
        try await database.read { connection in
            try Row.fetchOne(
                connection,
                sql: """
                    SELECT fingerprint, range_start, range_end, slice_size, is_newest_first, done FROM backfill
                    WHERE model = ?
                    """,
                arguments: [model]
            ).map { row in
                Backfill(
                    model: model,
                    fingerprint: row[0],
                    start: row[1],
                    end: row[2],
                    sliceSize: row[3],
                    isNewestFirst: row[4],
                    done: row[5]
                )
            }
        }
    }

    static func write(_ backfill: Backfill, in connection: Database) throws {
        try connection.execute(
            sql: """
                INSERT OR REPLACE INTO backfill
                    (model, fingerprint, range_start, range_end, slice_size, is_newest_first, done)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                backfill.model, backfill.fingerprint, backfill.start, backfill.end, backfill.sliceSize,
                backfill.isNewestFirst, backfill.done,
            ]
        )
    }

    static func record(_ changes: [PendingChange], in connection: Database) throws {
        let insert = try connection.cachedStatement(
            sql: """
                INSERT INTO pending (model, input, kind, value, generation) VALUES (?, ?, ?, ?, 1)
                ON CONFLICT (model, input, kind, value) DO UPDATE SET generation = generation + 1
                """
        )
        for change in changes {
            let (kind, value) = change.extent.columns
            try insert.execute(arguments: [change.model, change.input, kind, value])
        }
    }

    static func clear(_ changes: [PendingChange], in connection: Database) throws {
        let delete = try connection.cachedStatement(
            sql: """
                DELETE FROM pending
                WHERE model = ? AND input = ? AND kind = ? AND value = ? AND generation = ?
                """
        )
        for change in changes {
            let (kind, value) = change.extent.columns
            try delete.execute(arguments: [change.model, change.input, kind, value, change.generation])
        }
    }

    static func write(_ state: ModelState, in connection: Database) throws {
        try connection.execute(
            sql: "INSERT OR REPLACE INTO model (name, fingerprint, inputs, computed) VALUES (?, ?, ?, ?)",
            arguments: [state.model, state.fingerprint, try JSONText.encode(state.inputs), state.computed]
        )
    }
}

extension PendingChange.Extent {
    fileprivate var columns: (kind: String, value: String) {
        switch self {
        case .interval(let start): ("interval", String(start))
        case .key(let key): ("key", key)
        case .load(let loadID): ("load", loadID)
        case .everything: ("everything", "")
        }
    }
}

extension PendingChange {
    fileprivate init(_ row: Row) throws {
        let value: String = row[3]
        let extent: Extent =
            switch row[2] as String {
            case "interval": .interval(Int64(value) ?? 0)
            case "key": .key(value)
            case "load": .load(value)
            default: .everything
            }
        self.init(model: row[0], input: row[1], extent: extent, generation: row[4])
    }
}
