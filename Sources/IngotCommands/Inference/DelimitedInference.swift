import DuckDB
import Foundation
import IngotCore
import IngotEngine

/// Reads dialect, columns and types off delimited text: the dialect by the query engine's sniffer, the types by our own
/// tests of every value, because a type must lose nothing of what is there.
struct DelimitedInference {
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
        let sample = try await Sample(of: relation, columns: names.count, connection)
        let fields = dialect.hasHeader ? try await fields(dialect) : []
        let isRepeated = fields.contains { FieldNames.isAmbiguous($0, among: fields) }
        if isRepeated, samples.paths.count > 1 {
            throw IngotError(
                .cannotInfer,
                "a field's name stands more than once in the header of \(samples.paths[0])",
                hint: "name one file: its fields are then taken by their positions"
            )
        }
        var columns: [InferredForm.Column] = []
        for (number, name) in names.enumerated() {
            let evidence = try await ValueEvidence.gather(column: name, from: sample.relation, connection)
            // Only the first file's fields have places; those of others have the engine's names for them.
            let own = fields.indices.contains(number) ? fields[number] : name
            let field = own.trimmingCharacters(in: .whitespacesAndNewlines) == name ? name : own
            columns.append(evidence.column(named: field, records: sample.records))
        }
        let options = written(dialect, readsHeader: dialect.hasHeader && !isRepeated)
        return InferredForm(options: options, columns: columns, records: sample.records)
    }

    /// The names by which a run will know the fields of the first file.
    private func fields(_ dialect: Dialect) async throws -> [String] {
        let header = try await connection.query(
            """
            FROM read_csv(\(SQL.literal(samples.readable[0])), auto_detect=false, header=false, ignore_errors=true,
              \(cut(dialect).joined(separator: ", ")), columns={\(types(dialect.names.indices.map(String.init)))})
            LIMIT 1
            """
        )
        return FieldNames.distinct(header.first?.values.map { $0.isNull ? "" : $0.description } ?? [])
    }

    private func sniff() async throws -> Dialect {
        let row = try await connection.query(
            """
            SELECT Delimiter AS delimiter, Quote AS quote, Escape AS escape, Comment AS comment,
                CAST(SkipRows AS BIGINT) AS skip, HasHeader AS header,
                list_transform(Columns, c -> c.name) AS names
            FROM sniff_csv(\(SQL.literal(samples.readable[0])), sample_size=-1, all_varchar=true)
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
        options += cut(dialect) + ["header=\(dialect.hasHeader)"]
        if dialect.hasHeader {
            // Names come from each file's own header, since columns may stand in another order.
            options.removeAll { $0 == "auto_detect=false" }
        } else {
            options.append("columns={\(types(dialect.names))}")
            options.removeAll { $0 == "union_by_name=true" }
        }
        return options.joined(separator: ", ")
    }

    /// The options that say how records are cut.
    private func cut(_ dialect: Dialect) -> [String] {
        var options = ["delim=\(SQL.literal(dialect.delimiter))", "skip=\(dialect.skip)"]
        if dialect.quote != Self.none { options.append("quote=\(SQL.literal(dialect.quote))") }
        if dialect.escape != Self.none { options.append("escape=\(SQL.literal(dialect.escape))") }
        if dialect.comment != Self.none { options.append("comment=\(SQL.literal(dialect.comment))") }
        return options
    }

    private func types(_ names: [String]) -> String {
        names.map { "\(SQL.literal($0)): 'VARCHAR'" }.joined(separator: ", ")
    }

    /// What differs from what pipelines assume; a header that is not read is one more line to skip.
    private func written(_ dialect: Dialect, readsHeader: Bool) -> [(key: String, value: String)] {
        var options: [(String, String)] = []
        if dialect.delimiter != "," { options.append(("delimiter", YAMLText.quoted(dialect.delimiter))) }
        if dialect.quote != "\"", dialect.quote != Self.none {
            options.append(("quote", YAMLText.quoted(dialect.quote)))
        }
        if dialect.escape != Self.none, dialect.escape != dialect.quote, dialect.escape != "\"" {
            options.append(("escape", YAMLText.quoted(dialect.escape)))
        }
        if dialect.comment != Self.none { options.append(("comment", YAMLText.quoted(dialect.comment))) }
        let skipped = dialect.skip + (dialect.hasHeader && !readsHeader ? 1 : 0)
        if skipped > 0 { options.append(("skip_rows", String(skipped))) }
        if !readsHeader { options.append(("header", "false")) }
        return options
    }
}
