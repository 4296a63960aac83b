import IngotCore

/// What `seeds/<name>.yml` says of `seeds/<name>.csv`.
struct SeedSettings: Sendable {
    var description: String?
    var tags: [String]
    var delimiter: String
    var columns: [Model.Column]

    /// A seed without a file of settings.
    static let standard = SeedSettings(tags: [], delimiter: ",", columns: [])
}

extension ValueType where Value == SeedSettings {
    /// A file `seeds/<name>.yml`.
    static let seedSettings = object(
        "seed",
        "The settings of a seed, a small reference table kept in the project: `seeds/<name>.yml` beside "
            + "`seeds/<name>.csv`, which becomes the table `seeds.<name>`. The CSV file has a header. Columns without "
            + "a `data_type` have theirs inferred.",
        keys: SeedKeys.all
    ) { reader in
        let settings = SeedSettings(
            description: reader.value(SeedKeys.description),
            tags: reader.defaulted(SeedKeys.tags),
            delimiter: reader.defaulted(SeedKeys.delimiter),
            columns: reader.value(SeedKeys.columns) ?? []
        )
        Duplicates.report(settings.columns.map(\.name), what: "column", in: reader.reading)
        return settings
    }
}

private enum SeedKeys {
    static let description = Key<String>("description", .text, "What it holds.")
    static let tags = Key(
        "tags",
        ValueType<[String]>.oneOrMore(.identifier),
        default: [],
        written: "[]",
        "Words to select it by."
    )
    static let delimiter = Key<String>(
        "delimiter",
        .delimiter,
        default: ",",
        written: "\",\"",
        "What separates the fields of the CSV file."
    )
    static let columns = Key(
        "columns",
        ValueType<[Model.Column]>.list(of: .modelColumn),
        "Types, descriptions and tests of its columns."
    )
    static let all = [description.shape, tags.shape, delimiter.shape, columns.shape]
}
