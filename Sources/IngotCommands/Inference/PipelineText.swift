import Foundation

/// The text of a pipeline's file, written from what was read off files.
struct PipelineText {
    let name: String
    let samples: SampleFiles
    let form: InferredForm
    /// The project folder.
    let folder: String

    var text: String {
        let columns = form.columns.enumerated().map { column($1, name: names[$0]) }
        let width = columns.map(\.entry.count).max() ?? 0
        let lines = columns.map { column in
            guard !column.note.isEmpty else { return column.entry }
            let blanks = String(repeating: " ", count: min(60, width) - min(60, column.entry.count) + 1)
            return "\(column.entry)\(blanks)# \(column.note)"
        }
        return """
            # Written by `ingot init --from`, from \(HumanText.count(Int(form.records), "record")) of \
            \(HumanText.count(samples.paths.count, "file")). Look it over: types and comments
            # tell what these files show, not what later ones may hold. Then: ingot validate, ingot run
            pipeline: \(name)
            source:
            \(source)
            # What happens to a row that does not fit: quarantine (kept with its reasons), skip, or fail.
            on_row_error: quarantine
            columns:
            \(lines.joined(separator: "\n"))
            silver:
              table: silver.\(name)
            \(suggestions)
            """
    }

    /// The columns' names: those of the fields in lower case, each once.
    private var names: [String] {
        ResultWriter.distinct(
            form.columns.enumerated().map { NameSuggestion.name(for: $1.field, otherwise: "column_\($0 + 1)") }
        )
    }

    private var source: String {
        let paths = samples.paths.map { path in
            path.hasPrefix(folder + "/") ? String(path.dropFirst(folder.count + 1)) : path
        }
        let directories = Set(samples.paths.map { URL(fileURLWithPath: $0).deletingLastPathComponent().path })
        var lines: [String] = []
        if samples.paths.count == 1 {
            lines.append("path: \(YAMLText.quoted(paths[0])) # a folder takes in what arrives there")
        } else {
            let common = Self.commonFolder(of: directories)
            let relative = common.hasPrefix(folder + "/") ? String(common.dropFirst(folder.count + 1)) : common
            lines.append("path: \(YAMLText.quoted(relative + "/"))")
        }
        lines.append("format: \(samples.format.rawValue)")
        if samples.paths.count > 1, let suffix = samples.suffix {
            lines.append("path_glob_filter: \(YAMLText.quoted("*.\(suffix)"))")
        }
        lines += form.options.map { "\($0.key): \($0.value)" }
        return lines.map { "  \($0)" }.joined(separator: "\n")
    }

    /// The innermost folder that holds all of some folders.
    static func commonFolder(of folders: Set<String>) -> String {
        let paths = folders.map { $0.split(separator: "/") }
        guard var common = paths.first else { return "" }
        for path in paths { common = Array(zip(common, path).prefix { $0 == $1 }.map(\.0)) }
        return "/" + common.joined(separator: "/")
    }

    private func column(_ column: InferredForm.Column, name: String) -> (entry: String, note: String) {
        var keys = ["name: \(YAMLText.plain(name))"]
        let hasHeader = !form.options.contains { $0.key == "header" }
        if hasHeader, name != column.field { keys.append("from: \(YAMLText.quoted(column.field))") }
        keys.append(
            "data_type: \(column.type.contains { ",\"[]{}".contains($0) } ? YAMLText.quoted(column.type) : column.type)"
        )
        if let format = column.format { keys.append("format: \(YAMLText.quoted(format))") }
        var notes = column.notes
        if column.isComplete { notes.append("never missing: not_null: true?") }
        return ("  - {\(keys.joined(separator: ", "))}", notes.joined(separator: "; "))
    }

    /// What a person might add.
    private var suggestions: String {
        let columns = zip(names, form.columns)
        var lines: [String] = []
        if let time = columns.first(where: { $0.1.type.hasPrefix("timestamp") || $0.1.type == "date" }) {
            lines.append("  # event_time: \(time.0)")
            lines.append("  # partition_by: [day(\(time.0))]")
        }
        if let key = columns.first(where: { $0.1.isUnique && $0.1.isComplete }) {
            lines.append("# Every value of \(key.0) occurs once in these files. To keep the newest row of each:")
            lines.append("# unique_key: [\(key.0)]")
        }
        lines.append("# rules:")
        lines.append("#   - {name: a_rule, expression: \(names.first.map { "\($0) IS NOT NULL" } ?? "TRUE")}")
        return lines.joined(separator: "\n") + "\n"
    }
}
