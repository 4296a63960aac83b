import IngotCore
import IngotEngine
import IngotProject
import JSONTree

/// A trace as a tree of records.
struct TraceText {
    /// A record of a trace, and what it leads to.
    private struct Node {
        var title: String
        /// The name of the member in JSON; several nodes of one name make a list.
        var name: String
        var record: Record
        var isList = false
    }

    private var nodes: [Node] = []

    /// A row's trace.
    init(_ trace: RowTrace) {
        nodes.append(
            Node(title: "row", name: "row", record: Record(trace.values.map { .init($0.column, .text($0.value)) }))
        )
        if let object = trace.object { append(object, row: trace.row) }
        if !trace.inputs.isEmpty {
            let made: [Record.Member] = [
                .init("inputs", .list(trace.inputs.map(\.description))), .init("interval", .text(trace.interval)),
            ]
            nodes.append(Node(title: "computed from", name: "computed", record: Record(made)))
        }
        for source in trace.sources {
            let members: [Record.Member] = [
                .init("table", .text(source.table.description)), .init("object_count", .number(Int64(source.count))),
                .init("objects", .list(source.objects)),
            ]
            nodes.append(Node(title: "with rows of", name: "sources", record: Record(members), isList: true))
        }
        append(trace.runs)
    }

    /// An object's trace.
    init(_ trace: ObjectTrace) {
        append(trace.object, row: nil)
        for place in trace.places {
            let members: [Record.Member] = [
                .init("table", .text(place.table.description)), .init("rows", .number(place.rows)),
            ]
            nodes.append(Node(title: "rows in", name: "places", record: Record(members), isList: true))
        }
        for reach in trace.reach {
            let members: [Record.Member] = [
                .init("table", .text(reach.table.description)), .init("input", .text(reach.input.description)),
                .init("interval_count", .number(Int64(reach.count))), .init("intervals", .list(reach.intervals)),
            ]
            nodes.append(Node(title: "reaches", name: "reach", record: Record(members), isList: true))
        }
        append(trace.runs)
    }

    private mutating func append(_ entry: LedgerEntry, row: Int64?) {
        let listing = ObjectsCommand.listing([entry])
        var members = zip(listing.columns, listing.rows[0]).map { Record.Member($0.name, $1) }
        if let row { members.insert(.init("row", .number(row)), at: 2) }
        nodes.append(Node(title: "object", name: "object", record: Record(members)))
    }

    private mutating func append(_ runs: [Run]) {
        let listing = RunsCommand.List.listing(runs)
        for row in listing.rows {
            let members = zip(listing.columns, row).map { Record.Member($0.name, $1) }
            nodes.append(Node(title: "run", name: "runs", record: Record(members), isList: true))
        }
    }

    private var json: JSON {
        var object = JSONObject()
        for node in nodes where !node.isList { object[node.name] = node.record.json }
        for name in ["sources", "places", "reach", "runs"] {
            let records = nodes.filter { $0.isList && $0.name == name }
            if !records.isEmpty { object[name] = .array(records.map(\.record.json)) }
        }
        return .object(object)
    }

    private func text(_ console: Console) -> String {
        nodes.map { console.styled($0.title, .bold) + "\n" + $0.record.text(indent: "  ") }.joined()
    }

    /// Writes traces.
    static func write(_ traces: [TraceText], _ format: OutputFormat, to console: Console) throws {
        if format == .json {
            try console.print(JSON.array(traces.map(\.json)).text(.pretty))
        } else {
            try console.write(traces.map { $0.text(console) }.joined(separator: "\n"))
        }
    }
}
