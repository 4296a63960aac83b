import ArgumentParser

/// The form in which data is written.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    /// Aligned columns for people.
    case table
    /// JSON.
    case json
    /// Comma-separated values.
    case csv
}

/// How a list is written.
struct ListOptions: ParsableArguments {
    @Option(name: [.customShort("o"), .long], help: ArgumentHelp("The form of the output.", valueName: "form"))
    var output: OutputFormat = .table

    @Flag(name: .shortAndLong, help: "Print only the names, one a line.")
    var quiet = false
}
