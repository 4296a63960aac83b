package import IngotProject

/// How a change of an input is described to a model.
package enum ChangeGrain: Sendable, Hashable {
    /// By the intervals in which rows were added or removed.
    case intervals(eventTime: String, Model.BatchSize)
    /// By the keys of rows that were added or removed.
    case keys([String])
    /// By the batch that added rows; anything else restates everything.
    case loads
    /// Not at all: everything is computed anew.
    case everything
}

extension Model {
    /// How a change of an input is to be described to this model; `nil` where it is ignored.
    ///
    /// - Parameters:
    ///   - input: The table.
    ///   - eventTime: The column that says when a row's event happened, if the table names one.
    ///   - hasLoads: Whether its rows say which load brought them.
    ///   - keepsPlaces: Whether rows of the inputs have their places in the result by their own keys and times.
    /// - Returns: How its changes are described.
    package func grain(
        of input: TableName,
        eventTime: String?,
        hasLoads: Bool,
        keepsPlaces: Bool = true
    ) -> ChangeGrain? {
        let settings = inputs.first { $0.table.value == input }
        let unplaced: ChangeGrain? = settings?.onChange == .ignore ? nil : .everything
        guard case .incremental(let incremental) = materialization, settings?.filter ?? true else { return unplaced }
        if incremental.strategy == .append {
            return hasLoads ? .loads : unplaced
        }
        if let size = incremental.batchSize {
            return keepsPlaces ? eventTime.map { .intervals(eventTime: $0, size) } ?? unplaced : unplaced
        }
        // Whether the table has these columns is seen when it changes.
        guard input.namespace != "seeds", keepsPlaces else { return unplaced }
        return .keys(uniqueKey.map(\.value))
    }
}
