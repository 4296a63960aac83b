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

/// What happened to an input since a model last read it, as far as can be seen.
package enum InputHistory: Sendable, Hashable {
    /// Nothing that the model was not told of.
    case known
    /// A seed has another content.
    case changed
    /// Another engine wrote the table.
    case foreign
    /// What the model has read is not part of the table: it was made anew, or set back.
    case anew
}

/// What a model's plan is made from.
package struct ModelFacts: Sendable {
    /// An input as it stands.
    package struct Input: Sendable, Hashable {
        /// The table or seed.
        package var name: TableName
        /// How changes of it are described to the model; `nil` where they are ignored.
        package var grain: ChangeGrain?
        /// What happened to it since the model last read it.
        package var history: InputHistory

        package init(name: TableName, grain: ChangeGrain?, history: InputHistory) {
            self.name = name
            self.grain = grain
            self.history = history
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
