/// A check: what is expected of a table as time goes by.
public struct Check: Hashable, Sendable {
    /// What is expected.
    public enum Expectation: Hashable, Sendable {
        /// That rows come: the newest one is not too old.
        case freshness(Freshness)
        /// That no slot of time is without a row.
        case completeness(Completeness)
    }

    /// How old the newest row may be.
    public struct Freshness: Hashable, Sendable {
        /// The column that says when a row's event happened; `nil` for the one that the table's file names.
        public var eventTime: Located<String>?
        /// The age beyond which the check warns; `nil` for never.
        public var warnAfter: Duration?
        /// The age beyond which the check fails; `nil` for never.
        public var errorAfter: Duration?
    }

    /// Which slots of time hold a row, for each key.
    public struct Completeness: Hashable, Sendable {
        /// The time that is looked at.
        public enum Window: Hashable, Sendable {
            /// The last whole one of these in UTC: the day before.
            case calendar(Model.BatchSize)
            /// The last slots, as many as fit.
            case length(Duration)
        }

        /// The keys that are expected in each slot.
        public enum Keys: Hashable, Sendable {
            /// Those of rows so long before the window's end, or within it.
            case seenWithin(Duration)
            /// Those that a query gives.
            case query(SQLText)
            /// These values of the one key column.
            case values([Literal])
        }

        /// The column that says when a row's event happened; `nil` for the one that the table's file names.
        public var eventTime: Located<String>?
        /// The length of a slot: a part of a day without a rest, a day, or a week.
        public var slot: Duration
        /// The time that is looked at.
        public var window: Window
        /// How long after its end a slot may still be filled.
        public var gracePeriod: Duration
        /// The columns of whose values each has slots of its own; empty where all rows share them.
        public var key: [Located<String>]
        /// The keys that are expected.
        public var expected: Keys
    }

    /// What it means that the check does not hold.
    public enum Severity: String, Hashable, Sendable, CaseIterable {
        /// A failure.
        case error
        /// A warning.
        case warn
    }

    /// The check's name.
    public var name: Located<String>
    /// The file, relative to the project folder.
    public var file: String
    /// What it is for.
    public var description: String?
    /// Words to select it by.
    public var tags: [String]
    /// The table.
    public var table: Located<TableName>
    /// What is expected of it.
    public var expectation: Expectation
    /// What it means that this does not hold.
    public var severity: Severity
    /// The notification targets that are told when the check does not hold.
    public var notify: [Located<String>]

    /// The column of the table that says when a row's event happened, where the check names it.
    var eventTime: Located<String>? {
        switch expectation {
        case .freshness(let freshness): freshness.eventTime
        case .completeness(let completeness): completeness.eventTime
        }
    }
}

extension Project {
    /// The column that says when an event of a check's table happened: the check's own, or that of the table's file.
    public func eventTime(of check: Check) -> Located<String>? {
        if let named = check.eventTime { return named }
        let table = check.table.value
        if let model = models.first(where: { $0.table.value == table }) { return model.eventTime }
        return pipelines.lazy.flatMap(\.tables).first { $0.table.value == table }?.eventTime
    }

    /// The check of that name.
    public func check(named name: String) -> Check? {
        checks.first { $0.name.value == name }
    }
}
