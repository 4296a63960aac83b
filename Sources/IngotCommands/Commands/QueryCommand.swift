import ArgumentParser
import IngotCore
import IngotEngine
import IngotLocal
import IngotProject

/// `ingot query`.
struct QueryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query",
        abstract: "Query the project's tables with SQL.",
        discussion: """
            One statement that reads: SELECT, FROM, WITH, VALUES, DESCRIBE, SUMMARIZE, SHOW or EXPLAIN, in DuckDB's \
            SQL. Tables are named silver.users, gold.daily, quarantine.users, ops.objects, seeds.rates; the \
            project's name works as a database too. Nothing can be changed, and no files outside the lake are read.

            JSON is an array with an object a row: numbers keep all their digits, times are ISO 8601. CSV is a header \
            and rows; a missing value is empty, an empty text is "". A table is for reading: it shows at most 1,000 \
            columns of a value, and an ellipsis where more follows. The year before year 1 is 0000 in JSON and CSV, \
            and the one before that -0001, as ISO 8601 counts.

            Examples:
              ingot query 'SELECT count(*) FROM silver.users'
              ingot query -f report.sql --output csv > report.csv
              echo 'FROM gold.daily LIMIT 5' | ingot query -
            """
    )

    @OptionGroup var global: GlobalOptions

    @Argument(help: ArgumentHelp("The SQL; - reads it from the standard input.", valueName: "sql"))
    var sql: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Read the SQL from a file.", valueName: "file"),
        completion: .file(extensions: ["sql"])
    )
    var file: String?

    @Option(name: [.customShort("o"), .long], help: ArgumentHelp("The form of the output.", valueName: "form"))
    var output: OutputFormat = .table

    @Option(name: .long, help: ArgumentHelp("Print at most so many rows.", valueName: "rows"))
    var limit: Int?

    func validate() throws {
        guard (sql == nil) != (file == nil) else {
            throw ValidationError("Give the SQL as an argument, or a file with -f, or - for the standard input.")
        }
        if let limit, limit < 0 { throw ValidationError("--limit is a number of rows, 0 or more.") }
    }

    func run() async throws {
        let (text, origin) = try source()
        let console = global.console
        try await global.withEngine(for: .querying) { local, _ in
            var writer = ResultWriter(output, console: console, limit: limit)
            do {
                try await ReadOnlyQuery(local.engine).run(text, from: origin) { header in
                    try writer.begin(header)
                } _: { batch in
                    try writer.write(batch)
                }
            } catch is ResultWriter.LimitReached {
                // The rows that were asked for are written.
            }
            try writer.finish()
        }
    }

    /// The SQL and what errors call it.
    private func source() throws -> (sql: String, origin: String) {
        if let sql, sql != "-" { return (sql, "query") }
        let text = try InputFile(file ?? "-")
        return (text.text, text.name)
    }
}
