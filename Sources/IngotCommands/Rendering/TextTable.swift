import IngotCore

/// Rows in aligned columns, shortened to a width where there is one; no cell is wider than `PlainText.cellWidthMax`.
struct TextTable {
    /// A column: its heading, what stands below the heading, and where its values stand.
    struct Column {
        var title: String
        /// The type, for results of queries.
        var subtitle: String?
        var isRightAligned = false
    }

    /// The least width to which a column is shortened.
    private static let columnWidthMin = 8
    private static let gap = "  "

    let columns: [Column]
    /// The width to fit; `nil` where there is no limit.
    let width: Int?
    private var widths: [Int]
    /// Whether each row is shown as lines of its own because the columns do not fit side by side.
    let isExpanded: Bool

    /// A table whose widths suit some of its rows, which should be the first ones.
    init(_ columns: [Column], sample: some Sequence<[String?]>, width: Int?) {
        self.columns = columns
        self.width = width
        var widths = columns.map { max(DisplayWidth.of($0.title), DisplayWidth.of($0.subtitle ?? "")) }
        for row in sample {
            for (index, cell) in row.enumerated() where index < widths.count {
                widths[index] = max(widths[index], DisplayWidth.of(Self.shown(cell)))
            }
        }
        let gaps = Self.gap.count * max(0, widths.count - 1)
        let least = widths.reduce(gaps) { $0 + min($1, Self.columnWidthMin) }
        isExpanded = width.map { least > $0 } ?? false
        if let width, !isExpanded { Self.shrink(&widths, to: width - gaps) }
        self.widths = widths
    }

    /// The heading, with a line below it.
    func heading(_ style: (String) -> String = { $0 }) -> String {
        guard !isExpanded else { return "" }
        var lines = [style(line(columns.map(\.title)))]
        if columns.contains(where: { $0.subtitle != nil }) { lines.append(line(columns.map { $0.subtitle ?? "" })) }
        lines.append(widths.map { String(repeating: "-", count: $0) }.joined(separator: Self.gap))
        return lines.joined(separator: "\n") + "\n"
    }

    /// A row, with its line end; its number shows where rows are expanded.
    func row(_ cells: [String?], number: Int) -> String {
        guard isExpanded else { return line(cells) + "\n" }
        // Half of the width is the values', whatever the titles are.
        let titleWidth = min(columns.map { DisplayWidth.of($0.title) }.max() ?? 0, max(1, ((width ?? .max) - 3) / 2))
        let lines = zip(columns, cells).map { column, cell in
            let title = Self.padded(
                DisplayWidth.fitted(column.title, to: titleWidth),
                titleWidth,
                isRightAligned: false
            )
            return DisplayWidth.fitted("\(title) | \(Self.shown(cell))", to: width ?? .max)
        }
        return "-- row \(number)\n" + lines.joined(separator: "\n") + "\n"
    }

    private func line(_ cells: [String?]) -> String {
        var parts: [String] = []
        for (index, cell) in cells.enumerated() where index < columns.count {
            let text = width == nil ? Self.shown(cell) : DisplayWidth.fitted(Self.shown(cell), to: widths[index])
            parts.append(Self.padded(text, widths[index], isRightAligned: columns[index].isRightAligned))
        }
        var line = parts.joined(separator: Self.gap)
        while line.last == " " { line.removeLast() }
        return line
    }

    private static func shown(_ cell: String?) -> String {
        cell.map(PlainText.cell) ?? "NULL"
    }

    private static func padded(_ text: String, _ width: Int, isRightAligned: Bool) -> String {
        let blanks = String(repeating: " ", count: max(0, width - DisplayWidth.of(text)))
        return isRightAligned ? blanks + text : text + blanks
    }

    /// Takes from the widest columns first, so that narrow ones stay whole.
    private static func shrink(_ widths: inout [Int], to total: Int) {
        var excess = widths.reduce(0, +) - total
        while excess > 0, let widest = widths.max(), widest > columnWidthMin {
            let next = max(columnWidthMin, widths.filter { $0 < widest }.max() ?? columnWidthMin)
            for index in widths.indices where widths[index] == widest && excess > 0 {
                let share = widths.count { $0 == widest }
                let cut = min(widest - next, max(1, excess / share))
                widths[index] -= cut
                excess -= cut
            }
        }
    }
}
