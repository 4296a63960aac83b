extension ValueType where Value == Retention {
    /// How long things are kept.
    static let retention = object(
        "retention",
        "How long what is no longer in use is kept. `serve` deletes it every hour, and `ingot maintain` at once; without a "
            + "key it is kept for ever. [Operations](operations.md#keeping-less) says what is lost.",
        keys: RetentionKeys.all,
        decode: RetentionKeys.decode
    )
}

/// The keys of `retention`.
private enum RetentionKeys {
    static let bronze = Key(
        "bronze",
        .duration,
        "The exact bytes of objects. Those of objects that wait stay, and those that a `unique_key` may still need."
    )
    static let quarantine = Key(
        "quarantine",
        .duration,
        "Rejected rows. Those that lost their place to another row of their `unique_key` stay."
    )
    static let logs = Key("logs", .duration, "The record of runs: `ingot runs`.")
    static let deadLetters = Key("dead_letters", .duration, "Dead letters: `ingot dlq`.")
    static let executions = Key(
        "executions",
        .duration,
        "Executions of workflows that have ended, with their histories."
    )

    static let all = [bronze.shape, quarantine.shape, logs.shape, deadLetters.shape, executions.shape]

    @Sendable
    static func decode(_ reader: ObjectReader) -> Retention {
        Retention(
            bronze: reader.value(bronze),
            quarantine: reader.value(quarantine),
            logs: reader.value(logs),
            deadLetters: reader.value(deadLetters),
            executions: reader.value(executions)
        )
    }
}
