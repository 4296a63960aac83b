import IngotCore

/// Leads from a position in a decoded text back to the file that it was read from.
///
/// A text that was read from YAML can differ from the file: quotes, escapes, indentation and folded lines are gone.
/// The map keeps one run for each stretch that is equal in both.
struct TextMap: Hashable, Sendable {
    /// A stretch of one line of the text that stands in one piece in the file.
    struct Run: Hashable, Sendable {
        var textLine: Int
        var textColumn: Int
        var fileLine: Int
        var fileColumn: Int
    }

    let file: String
    /// In the order of the text; never empty.
    let runs: [Run]

    init(file: String, runs: [Run]) {
        self.file = file
        self.runs = runs.isEmpty ? [Run(textLine: 1, textColumn: 1, fileLine: 1, fileColumn: 1)] : runs
    }

    /// A text that stands in the file as it is, from a place on.
    init(file: String, line: Int, column: Int) {
        self.init(file: file, runs: [Run(textLine: 1, textColumn: 1, fileLine: line, fileColumn: column)])
    }

    func location(line: Int, column: Int) -> SourceLocation {
        let run = runs.last { ($0.textLine, $0.textColumn) <= (line, column) } ?? runs[0]
        let isSameLine = run.textLine == line
        return SourceLocation(
            file: file,
            line: run.fileLine + max(0, line - run.textLine),
            column: isSameLine ? run.fileColumn + max(0, column - run.textColumn) : max(1, column)
        )
    }
}
