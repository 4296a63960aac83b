import IngotEngine
import JSONTree

/// Records that a command lists, in any of the forms of output.
struct Listing {
    /// A member of the records.
    struct Column {
        /// The name in JSON and CSV.
        var name: String
        /// The heading of the table; `nil` where the table does not show it.
        var title: String?
        var isRightAligned = false

        /// A column whose heading is its name, with blanks.
        init(_ name: String, isRightAligned: Bool = false) {
            self.name = name
            title = name.split(separator: "_").joined(separator: " ")
            self.isRightAligned = isRightAligned
        }

        /// A column that only JSON and CSV show.
        static func hidden(_ name: String) -> Column {
            var column = Column(name)
            column.title = nil
            return column
        }

        /// A column of numbers, with a heading of its own where its name is long.
        static func number(_ name: String, title: String? = nil) -> Column {
            var column = Column(name, isRightAligned: true)
            if let title { column.title = title }
            return column
        }
    }

    /// A value of a record.
    enum Cell {
        case text(String?)
        case number(Int64?)
        case decimal(Double?)
        /// Nanoseconds since 1970 UTC.
        case time(Int64?)
        /// A size in bytes.
        case bytes(Int64?)
        case flag(Bool)
        case list([String])
    }

    var columns: [Column]
    var rows: [[Cell]]
    /// What a table without rows says instead.
    var emptyMessage: String
    /// Which column `--quiet` prints.
    var nameColumn = 0

    /// Writes the records.
    func write(_ options: ListOptions, to console: Console) throws {
        guard !options.quiet else {
            try console.write(rows.map { ($0[nameColumn].plain ?? "") + "\n" }.joined())
            return
        }
        try write(options.output, to: console)
    }

    /// Writes the records in a form.
    func write(_ format: OutputFormat, to console: Console) throws {
        switch format {
        case .json: try console.print(json.text(.pretty))
        case .csv:
            let lines = rows.map { CSVText.line($0.map(\.plain)) }
            try console.write(CSVText.line(columns.map(\.name)) + lines.joined())
        case .table: try writeTable(to: console)
        }
    }

    /// The records as an array of objects.
    var json: JSON {
        .array(rows.map { row in .object(JSONObject(zip(columns, row).map { ($0.name, $1.json) })) })
    }

    private func writeTable(to console: Console) throws {
        guard !rows.isEmpty else {
            console.message(emptyMessage)
            return
        }
        try console.write(tableText(for: console))
    }

    /// The records as a table.
    func tableText(for console: Console) -> String {
        let shown = columns.indices.filter { columns[$0].title != nil }
        let cells = rows.map { row in shown.map { row[$0].shown } }
        let table = TextTable(
            shown.map { TextTable.Column(title: columns[$0].title ?? "", isRightAligned: columns[$0].isRightAligned) },
            sample: cells,
            width: console.tableWidth
        )
        var text = table.heading { console.styled($0, .bold) }
        for (number, row) in cells.enumerated() { text += table.row(row, number: number + 1) }
        return text
    }
}

extension Listing.Cell {
    /// The exact value as text; `nil` where there is none.
    var plain: String? {
        switch self {
        case .text(let text): text
        case .number(let number), .bytes(let number): number.map(String.init)
        case .decimal(let number): number.map { "\($0)" }
        case .time(let time): time.map(Timestamps.iso)
        case .flag(let flag): flag ? "true" : "false"
        case .list(let texts): texts.joined(separator: ";")
        }
    }

    /// The value as people read it.
    var shown: String {
        switch self {
        case .bytes(let size?): HumanText.bytes(size)
        case .time(let time?): HumanText.time(time)
        case .decimal(let number?): HumanText.decimal(number)
        case .flag(let flag): flag ? "yes" : "no"
        case .list(let texts): texts.joined(separator: ", ")
        default: plain ?? "-"
        }
    }

    /// The value in JSON.
    var json: JSON {
        switch self {
        case .text(let text): text.map(JSON.string) ?? .null
        case .number(let number), .bytes(let number): number.map(JSON.integer) ?? .null
        case .decimal(let number): number.map(HumanText.json) ?? .null
        case .time(let time): time.map { .string(Timestamps.iso($0)) } ?? .null
        case .flag(let flag): .bool(flag)
        case .list(let texts): .array(texts.map(JSON.string))
        }
    }
}
