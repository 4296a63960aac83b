import IngotCore

extension ValueType where Value == Check.Freshness {
    static let freshness = object(
        "freshness",
        "How old the newest row may be. Rows of a time that is still to come do not count.",
        keys: FreshnessKeys.all,
        decode: FreshnessKeys.decode
    )
}

private enum FreshnessKeys {
    static let eventTime = EventTimeOfCheck.key
    static let warnAfter = Key<Duration>("warn_after", .age, "The age beyond which the check warns.")
    static let errorAfter = Key<Duration>("error_after", .age, "The age beyond which the check fails.")

    static let all = [eventTime.shape, warnAfter.shape, errorAfter.shape]

    @Sendable
    static func decode(_ reader: ObjectReader) -> Check.Freshness? {
        let eventTime = reader.value(eventTime)
        let warnAfter = reader.value(warnAfter)
        let errorAfter = reader.value(errorAfter)
        if !reader.isMeant(FreshnessKeys.warnAfter), !reader.isMeant(FreshnessKeys.errorAfter) {
            reader.reading.error(
                .missingKey,
                "freshness needs the key \"warn_after\" or \"error_after\"",
                at: reader.location
            )
            return nil
        }
        if let warnAfter, let errorAfter, warnAfter >= errorAfter {
            reader.conflict(FreshnessKeys.warnAfter, "warn_after has to be shorter than error_after, or it never warns")
        }
        return Check.Freshness(eventTime: eventTime, warnAfter: warnAfter, errorAfter: errorAfter)
    }
}

/// The key that names the column of a checked table which places a row in time.
enum EventTimeOfCheck {
    static let key = Key(
        "event_time",
        ValueType<String>.fieldName.located,
        "The column that says when a row's event happened, a date or timestamp. Without it the `event_time` of the "
            + "table's own file."
    )
}

// MARK: Ages

/// The units of dbt's `{count, period}`.
private enum Period: String, CaseIterable, Choice {
    case minute
    case hour
    case day

    var summary: String {
        switch self {
        case .minute: "Minutes."
        case .hour: "Hours."
        case .day: "Days of 24 hours."
        }
    }

    var duration: Duration {
        switch self {
        case .minute: .seconds(60)
        case .hour: .seconds(3_600)
        case .day: .seconds(86_400)
        }
    }
}

private enum AgeKeys {
    static let count = Key<Int>.required("count", .integer(1...1_000_000), "How many.")
    static let period = Key<Period>.required("period", .choice, "Of what.")
}

extension ValueType where Value == Duration {
    private static let counted = object(
        "age",
        "An age as dbt writes it, `{count: 12, period: hour}`.",
        keys: [AgeKeys.count.shape, AgeKeys.period.shape]
    ) { reader in
        let count = reader.value(AgeKeys.count)
        let period = reader.value(AgeKeys.period)
        guard let count, let period else { return nil }
        return period.duration * count
    }

    /// A duration, or one as dbt writes it.
    fileprivate static let age = ValueType(.either([duration.shape, counted.shape])) { node, reading in
        node.isScalar ? duration.parse(node, reading) : counted.parse(node, reading)
    }.boundedForChecks(from: .seconds(1))
}
