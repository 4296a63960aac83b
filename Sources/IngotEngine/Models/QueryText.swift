package import IngotCore
package import IngotProject

/// SQL of a user, with the way back to where it was written.
package struct QueryText: Sendable {
    /// The SQL.
    package let text: String
    private let file: SQLText?

    /// SQL that stands in a file of the project.
    package init(_ sql: SQLText) {
        text = sql.text
        file = sql
    }

    /// SQL that was typed.
    package init(_ text: String) {
        self.text = text
        file = nil
    }

    /// Where a place inside the text lies in the project's files.
    package func location(line: Int, column: Int) -> SourceLocation? {
        file?.location(line: line, column: column)
    }

    /// The place behind the text's last character.
    var end: (line: Int, column: Int) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return (lines.count, (lines.last?.unicodeScalars.count ?? 0) + 1)
    }

    /// A line of the text with a caret below a place in it.
    func excerpt(line: Int, column: Int) -> String? {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.indices.contains(line - 1) else { return nil }
        let shown = String(lines[line - 1].unicodeScalars.filter { $0 != "\r" }.map(Character.init))
        let number = "\(location(line: line, column: column)?.line ?? line)"
        // A tab stays a tab, so that the caret stands below its character however wide tabs are.
        let before = shown.unicodeScalars.prefix(max(0, column - 1)).map { $0 == "\t" ? "\t" : " " }.joined()
        let margin = String(repeating: " ", count: number.count)
        return "\(number) | \(shown)\n\(margin) | \(before)^"
    }
}
