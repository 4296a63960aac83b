import ArgumentParser
import IngotCore
import JSONTree

/// How one thing is written.
struct RecordOptions: ParsableArguments {
    @Option(name: [.customShort("o"), .long], help: ArgumentHelp("The form of the output.", valueName: "form"))
    var output: OutputFormat = .table
}

/// One thing with all that is known of it.
struct Record {
    /// A member of it.
    struct Member {
        var name: String
        var value: Listing.Cell

        init(_ name: String, _ value: Listing.Cell) {
            self.name = name
            self.value = value
        }
    }

    var members: [Member]

    init(_ members: [Member]) {
        self.members = members
    }

    /// The members as an object.
    var json: JSON {
        .object(JSONObject(members.map { ($0.name, $0.value.json) }))
    }

    /// Writes it: a line for each member, or an object, or a header and one line.
    func write(_ format: OutputFormat, to console: Console) throws {
        switch format {
        case .json: try console.print(json.text(.pretty))
        case .csv:
            try console.write(CSVText.line(members.map(\.name)) + CSVText.line(members.map { $0.value.plain }))
        case .table: try console.write(text())
        }
    }

    /// A line for each member that has a value; lists take a line for each element.
    func text(indent: String = "") -> String {
        let width = members.map { $0.name.count }.max() ?? 0
        return members.map { member in
            let title = member.name.split(separator: "_").joined(separator: " ")
            let head = indent + title + String(repeating: " ", count: width + 2 - title.count)
            guard case .list(let elements) = member.value, elements.count > 1 else {
                return head + PlainText.oneLine(member.value.shown) + "\n"
            }
            let blank = String(repeating: " ", count: head.count)
            return head + elements.map(PlainText.oneLine).joined(separator: "\n\(blank)") + "\n"
        }.joined()
    }
}
