import DuckDB
import IngotCore
import IngotEngine

/// Writes the result of a query as its rows come.
struct ResultWriter {
    /// As many rows as were asked for are written.
    struct LimitReached: Error {}

    /// How many rows settle the widths of a table's columns.
    private static let sampleSize = 500

    private let format: OutputFormat
    private let console: Console
    private let limit: Int?
    private var columns: [DuckDB.Column] = []
    private var names: [String] = []
    private var isPlan = false
    private var count = 0
    private var waiting: [[String?]] = []
    private var table: TextTable?

    init(_ format: OutputFormat, console: Console, limit: Int?) {
        self.format = format
        self.console = console
        self.limit = limit
    }

    /// Takes the columns.
    mutating func begin(_ header: ReadOnlyQuery.Header) throws {
        columns = header.columns
        names = Self.distinct(columns.map(\.name))
        isPlan = header.isPlan && format == .table
        switch format {
        case .csv: try console.write(CSVText.line(names))
        case .json: try console.write("[")
        case .table: break
        }
        if limit == 0 { throw LimitReached() }
    }

    /// Writes some rows.
    mutating func write(_ batch: Batch) throws {
        var text = ""
        for row in batch {
            if format == .table {
                waiting.append(row.values.map(shown))
            } else {
                append(row, to: &text)
            }
            count += 1
            if count == limit { break }
        }
        try console.write(text)
        if format == .table, table != nil || waiting.count >= Self.sampleSize { try writeWaiting() }
        if count == limit { throw LimitReached() }
    }

    /// Writes what is left, and the end.
    mutating func finish() throws {
        switch format {
        case .json: try console.write(count == 0 ? "]\n" : "\n]\n")
        case .csv: break
        case .table:
            try writeWaiting()
            if console.isOutputTerminal, !isPlan { console.message("(\(HumanText.count(count, "row")))") }
        }
    }

    /// What a table shows of a value; a plan is shown whole.
    private func shown(_ value: Value) -> String? {
        guard !value.isNull else { return nil }
        return isPlan ? value.description : PlainText.cell(value.description)
    }

    private func append(_ row: Row, to text: inout String) {
        if format == .csv {
            text += CSVText.line(row.values.map { $0.isNull ? nil : PortableValue.text($0) })
            return
        }
        text += count == 0 ? "\n  {" : ",\n  {"
        for (index, value) in row.values.enumerated() {
            if index > 0 { text += ", " }
            Value.appendQuoted(names[index], to: &text)
            text += ": "
            PortableValue.appendJSON(value, to: &text)
        }
        text += "}"
    }

    private mutating func writeWaiting() throws {
        if isPlan {
            for row in waiting { try console.write((row.last ?? nil) ?? "") }
            waiting = []
            return
        }
        var text = ""
        if table == nil {
            let made = TextTable(
                columns.map {
                    TextTable.Column(
                        title: PlainText.cell($0.name),
                        subtitle: PlainText.cell("\($0.type)".lowercased()),
                        isRightAligned: $0.type.isNumber
                    )
                },
                sample: waiting,
                width: console.tableWidth
            )
            text = made.heading { console.styled($0, .bold) }
            table = made
        }
        let first = count - waiting.count + 1
        for (index, row) in waiting.enumerated() { text += table?.row(row, number: first + index) ?? "" }
        waiting = []
        try console.write(text)
    }

    /// The names with a number behind those that came before, so that an object has each once.
    static func distinct(_ names: [String]) -> [String] {
        var taken: Set<String> = []
        return names.map { name in
            var candidate = name
            var number = 0
            while !taken.insert(candidate).inserted {
                number += 1
                candidate = "\(name)_\(number)"
            }
            return candidate
        }
    }
}

extension LogicalType {
    /// Whether values are numbers, which stand at the right.
    fileprivate var isNumber: Bool {
        switch resolved {
        case .tinyint, .smallint, .integer, .bigint, .hugeint, .utinyint, .usmallint, .uinteger, .ubigint, .uhugeint,
            .bignum, .float, .double, .decimal:
            true
        default: false
        }
    }
}
