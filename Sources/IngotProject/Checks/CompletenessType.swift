import IngotCore

extension ValueType where Value == Check.Completeness {
    static let completeness = object(
        "completeness",
        "Which slots of time have to hold a row. A row without a time, or with a key that is NULL, fills none.",
        keys: CompletenessKeys.all,
        decode: CompletenessKeys.decode
    )
}

private enum CompletenessKeys {
    private static let hour = Duration.seconds(3_600)
    private static let day = Duration.seconds(86_400)
    private static let week = Duration.seconds(604_800)
    /// How many slots a window has at most.
    private static let slotCountMax = 100_000

    static let eventTime = EventTimeOfCheck.key
    static let slot = Key<Duration>.required(
        "slot",
        .slot,
        "The length of a slot: what divides a day evenly, a day, or a week from Monday on."
    )
    static let window = Key<Check.Completeness.Window>.required(
        "window",
        .window,
        "The time that is looked at, in UTC: the last whole hour, day, week, month or year; or a duration, for so many "
            + "whole slots before the check."
    )
    static let gracePeriod = Key<Duration>(
        "grace_period",
        ValueType<Duration>.duration.boundedForChecks(from: .zero),
        default: .zero,
        written: "0 s",
        "How long after its end a slot may still be filled: the check looks at what ended so long ago."
    )
    static let key = Key(
        "key",
        ValueType<[Located<String>]>.oneOrMore(ValueType<String>.fieldName.located),
        default: [],
        written: "[]",
        "The columns of whose values each has slots of its own. Without it all rows share them."
    )
    static let expected = Key<Check.Completeness.Keys>(
        "expected",
        .expectedKeys,
        default: .seenWithin(.seconds(7 * 86_400)),
        written: "{seen_within: 7 days}",
        "`key`: the keys that are expected in each slot."
    )

    static let all = [
        eventTime.shape, slot.shape, window.shape, gracePeriod.shape, key.shape, expected.shape,
    ]

    @Sendable
    static func decode(_ reader: ObjectReader) -> Check.Completeness? {
        let eventTime = reader.value(eventTime)
        let slot = reader.value(slot)
        let window = reader.value(window)
        let gracePeriod = reader.defaulted(gracePeriod)
        let key = reader.defaulted(key)
        let expected = reader.defaulted(expected)
        Duplicates.report(key, what: "column", in: reader.reading)
        if reader.has(CompletenessKeys.expected), !reader.isMeant(CompletenessKeys.key) {
            reader.conflict(CompletenessKeys.expected, "\"expected\" goes with \"key\"")
        }
        if case .values = expected, key.count > 1 {
            reader.conflict(
                CompletenessKeys.expected,
                "values are those of one key column, and there are \(key.count)",
                hint: "expected: {sql: SELECT ...}"
            )
        }
        guard let slot, let window else { return nil }
        if let problem = problem(of: window, slot: slot) {
            reader.reading.error(.conflictingKeys, problem, at: reader.valuePlace(CompletenessKeys.window))
        }
        return Check.Completeness(
            eventTime: eventTime,
            slot: slot,
            window: window,
            gracePeriod: gracePeriod,
            key: key,
            expected: expected
        )
    }

    /// Why a window cannot be cut into slots, if it cannot.
    private static func problem(of window: Check.Completeness.Window, slot: Duration) -> String? {
        let length: Duration
        switch window {
        case .length(let duration): length = duration
        case .calendar(.hour):
            guard slot <= hour, hour.isMultiple(of: slot) else { return "an hour is no whole number of these slots" }
            length = hour
        case .calendar(.day): length = day
        case .calendar(.week): length = week
        case .calendar(.month): length = day * 31
        case .calendar(.year): length = day * 366
        }
        guard slot <= length else { return "the window is shorter than a slot" }
        return length / slot > Double(slotCountMax) ? "the window has more than \(slotCountMax) slots" : nil
    }
}

extension Duration {
    /// Whether it is so many times another one, without a rest; of durations in whole milliseconds.
    fileprivate func isMultiple(of other: Duration) -> Bool {
        let (whole, part) = (self / .milliseconds(1), other / .milliseconds(1))
        return whole.truncatingRemainder(dividingBy: part) == 0
    }
}

extension ValueType where Value == Duration {
    /// The length of a slot.
    fileprivate static let slot = ofCheck.checked { slot, node, reading -> Duration? in
        let day = Duration.seconds(86_400)
        guard slot == day * 7 || slot >= .seconds(1) && slot <= day && day.isMultiple(of: slot) else {
            reading.error(
                .invalidValue,
                "\"\(node.text.abbreviated)\" is no length of a slot: at least a second that divides a day evenly, or a "
                    + "week",
                at: node.location,
                hint: "30 minutes, 1 hour, 1 day or 1 week"
            )
            return nil
        }
        return slot
    }
}

extension ValueType where Value == Check.Completeness.Window {
    /// A word of the calendar, or a duration.
    fileprivate static let window: ValueType = {
        let word = ValueType<Model.BatchSize>.choice
        let length = ValueType<Duration>.ofCheck
        return ValueType(.either([word.shape, length.shape])) { node, reading in
            let isLength = node.text.first.map { $0.isNumber } ?? false
            return isLength
                ? length.parse(node, reading).map(Check.Completeness.Window.length)
                : word.parse(node, reading).map(Check.Completeness.Window.calendar)
        }
    }()
}

// MARK: Expected keys

private enum ExpectedKeys {
    static let seenWithin = Key<Duration>(
        "seen_within",
        .ofCheck,
        "Those of rows so long before the end of the window, or within it."
    )
    static let sql = Key<SQLText>(
        "sql",
        .expression,
        "Those that a SELECT gives, a column for each of the key's; it reads tables, views and seeds."
    )
    static let values = Key(
        "values",
        ValueType<[Literal]>.list(of: .literal, atLeast: 1),
        "These, where the key is one column."
    )

    static let all = [seenWithin.shape, sql.shape, values.shape]
}

extension ValueType where Value == Check.Completeness.Keys {
    fileprivate static let expectedKeys = object(
        "expected",
        "The keys that a completeness check expects in each slot: one of `seen_within`, `sql` and `values`.",
        keys: ExpectedKeys.all
    ) { reader in
        let isGiven = [
            reader.isMeant(ExpectedKeys.seenWithin), reader.isMeant(ExpectedKeys.sql),
            reader.isMeant(ExpectedKeys.values),
        ]
        let found: [Check.Completeness.Keys] = [
            reader.value(ExpectedKeys.seenWithin).map { .seenWithin($0) },
            reader.value(ExpectedKeys.sql).map { .query($0) },
            reader.value(ExpectedKeys.values).map { .values($0) },
        ].compactMap(\.self)
        guard isGiven.count(where: \.self) == 1 else {
            reader.reading.error(
                .conflictingKeys,
                "\"expected\" needs exactly one of seen_within, sql, values",
                at: reader.location
            )
            return nil
        }
        return found.first
    }
}
