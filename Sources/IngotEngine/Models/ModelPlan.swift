package import IngotCore
package import IngotProject

/// What has to be done for a model, and why.
package struct ModelPlan: Sendable, Hashable {
    /// How much is computed.
    package enum Work: Sendable, Hashable {
        /// Nothing.
        case upToDate
        /// The SELECT is checked; a view is computed when it is read.
        case view
        /// The whole table.
        case everything
        /// These stretches of whole intervals, in order.
        case intervals([IntervalRange])
        /// The rows with these keys, JSON arrays of texts, in order.
        case keys([String])
        /// What these loads brought.
        case loads([String])
    }

    /// How much is computed.
    package var work: Work
    /// Why, in a few words each.
    package var reasons: [String]
    /// The pending changes that the work takes in.
    package var taken: [PendingChange]
}

/// What a model's plan is made from.
package struct ModelFacts: Sendable {
    /// An input as it stands.
    package struct Input: Sendable, Hashable {
        /// The table or seed.
        package var name: TableName
        /// How changes of it are described to the model; `nil` where they are ignored.
        package var grain: ChangeGrain?
        /// The sequence number of its current snapshot; of a seed, a hash of its content.
        package var version: Int64
        /// Whether it is a seed, which has no history.
        package var isSeed: Bool
        /// Whether another engine has written it since the model last read it, as far as its history tells.
        package var hasForeignChanges: Bool

        package init(name: TableName, grain: ChangeGrain?, version: Int64, isSeed: Bool, hasForeignChanges: Bool) {
            self.name = name
            self.grain = grain
            self.version = version
            self.isSeed = isSeed
            self.hasForeignChanges = hasForeignChanges
        }
    }

    /// The model.
    package var model: Model
    /// A hash of all that decides what the SELECT gives besides its input.
    package var fingerprint: String
    /// What is remembered of it.
    package var state: ModelState?
    /// Whether its table exists.
    package var tableExists: Bool
    /// What changed since.
    package var pending: [PendingChange]
    /// The inputs, views expanded.
    package var inputs: [Input]

    package init(
        model: Model,
        fingerprint: String,
        state: ModelState?,
        tableExists: Bool,
        pending: [PendingChange],
        inputs: [Input]
    ) {
        self.model = model
        self.fingerprint = fingerprint
        self.state = state
        self.tableExists = tableExists
        self.pending = pending
        self.inputs = inputs
    }
}
