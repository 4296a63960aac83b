import DuckDB
import IngotCore

/// Reads dialect, columns and types off delimited text: the dialect by the query engine's sniffer, the types by our own
/// tests of every value, because a type must lose nothing of what is there.
struct DelimitedInference {
    /// How much text is looked at for types.
    private static let recordsMax = 1_000_000

    /// How the sniffer says that there is none.
    private static let none = "(empty)"

    let samples: SampleFiles
    let connection: DuckDB.Connection

    /// How the text is cut.
    private struct Dialect {
        var delimiter: String
        var quote: String
        var escape: String
        var comment: String
        var skip: Int64
        var hasHeader: Bool
        var names: [String]
    }

    func form() async throws -> InferredForm {
        let dialect = try await sniff()
        let relation = "read_csv(\(samples.sql), \(options(dialect)))"
        let names = try await connection.describe("FROM \(relation)").columns.map(\.name)
        let limited = "(FROM \(relation) LIMIT \(Self.recordsMax))"
        let records = try await connection.query("SELECT count(*) FROM \(limited)").scalar(as: Int64.self)
        var columns: [InferredForm.Column] = []
        for name in names {
            let evidence = try await ValueEvidence.gather(column: name, from: limited, connection)
            columns.append(evidence.column(named: name, records: records))
        }
        return InferredForm(options: written(dialect, names: names), columns: columns, records: records)
    }

    private func sniff() async throws -> Dialect {
        let row = try await connection.query(
            """
            SELECT Delimiter AS delimiter, Quote AS quote, Escape AS escape, Comment AS comment,
                CAST(SkipRows AS BIGINT) AS skip, HasHeader AS header,
                list_transform(Columns, c -> c.name) AS names
            FROM sniff_csv(\(SQL.literal(samples.paths[0])), sample_size=-1, all_varchar=true)
            """
        )
        guard let first = row.first else {
            throw IngotError(.cannotInfer, "the file \(samples.paths[0]) has no records")
        }
        let text = { (name: String) in try first.get(name, as: String?.self) ?? Self.none }
        return Dialect(
            delimiter: try text("delimiter"),
            quote: try text("quote"),
            escape: try text("escape"),
            comment: try text("comment"),
            skip: try first.int64("skip"),
            hasHeader: try first.bool("header"),
            names: try first.list("names").map(\.description)
        )
    }

    private func options(_ dialect: Dialect) -> String {
        var options = ["all_varchar=true", "ignore_errors=true", "union_by_name=true", "auto_detect=false"]
        options.append("delim=\(SQL.literal(dialect.delimiter))")
        options.append("header=\(dialect.hasHeader)")
        options.append("skip=\(dialect.skip)")
        if dialect.quote != Self.none { options.append("quote=\(SQL.literal(dialect.quote))") }
        if dialect.escape != Self.none { options.append("escape=\(SQL.literal(dialect.escape))") }
        if dialect.comment != Self.none { options.append("comment=\(SQL.literal(dialect.comment))") }
        let types = dialect.names.map { "\(SQL.literal($0)): 'VARCHAR'" }
        if dialect.hasHeader {
            // Names come from each file's own header, since columns may stand in another order.
            options.removeAll { $0 == "auto_detect=false" }
        } else {
            options.append("columns={\(types.joined(separator: ", "))}")
            options.removeAll { $0 == "union_by_name=true" }
        }
        return options.joined(separator: ", ")
    }

    /// What differs from what pipelines assume.
    private func written(_ dialect: Dialect, names: [String]) -> [(key: String, value: String)] {
        var options: [(String, String)] = []
        if dialect.delimiter != "," { options.append(("delimiter", YAMLText.quoted(dialect.delimiter))) }
        if dialect.quote != "\"", dialect.quote != Self.none {
            options.append(("quote", YAMLText.quoted(dialect.quote)))
        }
        if dialect.escape != Self.none, dialect.escape != dialect.quote, dialect.escape != "\"" {
            options.append(("escape", YAMLText.quoted(dialect.escape)))
        }
        if dialect.comment != Self.none { options.append(("comment", YAMLText.quoted(dialect.comment))) }
        if dialect.skip > 0 { options.append(("skip_rows", String(dialect.skip))) }
        if !dialect.hasHeader {
            options.append(("header", "false"))
        }
        return options
    }
}
