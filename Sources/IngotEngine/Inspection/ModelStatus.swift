import IngotCore
public import IngotProject

/// How a model stands.
public struct ModelStatus: Sendable {
    /// The model.
    public var model: String
    /// Its table or view.
    public var table: TableName
    /// `table`, `view` or `incremental`.
    public var materialized: String
    /// When it was computed last, in nanoseconds since 1970 UTC.
    public var computed: Int64?
    /// What it has not taken in yet, in words: `new`, `3 intervals of silver.users from 2026-01-01`.
    public var pending: [String]
}

extension Engine {
    /// How models stand.
    ///
    /// - Parameter names: The models; `nil` for all.
    public func modelStatus(_ names: Set<String>? = nil) async throws -> [ModelStatus] {
        let states = try await services.state.modelStates()
        var statuses: [ModelStatus] = []
        for model in services.project.models where names?.contains(model.name.value) ?? true {
            let name = model.name.value
            let state = states[name]
            let isView = model.materialization == .view
            var pending: [String] = []
            if !isView {
                pending = state == nil ? ["new"] : Self.words(try await services.state.pending(model: name))
            }
            statuses.append(
                ModelStatus(
                    model: name,
                    table: model.table.value,
                    materialized: Self.word(model.materialization),
                    computed: state?.computed,
                    pending: pending
                )
            )
        }
        return statuses
    }

    private static func word(_ materialization: Model.Materialization) -> String {
        switch materialization {
        case .view: "view"
        case .table: "table"
        case .incremental: "incremental"
        }
    }

    /// Changes in words, one for each input and kind.
    private static func words(_ changes: [PendingChange]) -> [String] {
        Dictionary(grouping: changes, by: \.input).sorted { $0.key < $1.key }.flatMap { input, changes in
            var words: [String] = []
            let intervals = changes.compactMap { change -> Int64? in
                if case .interval(let start) = change.extent { start } else { nil }
            }
            if let first = intervals.min() {
                let day = Timestamps.day(first * 1000)
                words.append("\(intervals.count) interval\(intervals.count == 1 ? "" : "s") of \(input) from \(day)")
            }
            let keys = changes.count { if case .key = $0.extent { true } else { false } }
            if keys > 0 { words.append("\(keys) key\(keys == 1 ? "" : "s") of \(input)") }
            let loads = changes.count { if case .load = $0.extent { true } else { false } }
            if loads > 0 { words.append("\(loads) load\(loads == 1 ? "" : "s") of \(input)") }
            if changes.contains(where: { $0.extent == .everything }) { words.append("all of \(input)") }
            return words
        }
    }
}
