import StatesLanguage

/// A state machine as a picture: states in rows by their distance from the first one, branches inside their states.
struct GraphPicture {
    private static let gap = 40
    private static let margin = 16
    private static let rowHeight = 36
    private static let characterWidth = 8

    /// A state with its place inside the box around it.
    private struct Box {
        let state: StateMachine.Outline
        var x = 0
        var y = 0
        let width: Int
        let height: Int
        let inner: [Layout]
    }

    /// The states of a machine or branch.
    private struct Layout {
        var boxes: [Box] = []
        var width = 0
        var height = 0
    }

    private let layout: Layout

    init(_ outline: [StateMachine.Outline]) {
        layout = Self.layout(outline)
    }

    /// The picture.
    var svg: String {
        let width = layout.width + 2 * Self.margin
        let height = layout.height + 2 * Self.margin
        var lines = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\" "
                + "viewBox=\"0 0 \(width) \(height)\" font-family=\"sans-serif\" font-size=\"13\">",
            "<defs><marker id=\"arrow\" markerWidth=\"8\" markerHeight=\"8\" refX=\"7\" refY=\"4\" orient=\"auto\">"
                + "<path d=\"M0,0 L8,4 L0,8 z\" fill=\"#555\"/></marker></defs>",
            "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>",
        ]
        Self.draw(layout, x: Self.margin, y: Self.margin, to: &lines)
        lines.append("</svg>")
        return lines.joined(separator: "\n") + "\n"
    }

    // MARK: Places

    private static func layout(_ states: [StateMachine.Outline]) -> Layout {
        var rows: [[Box]] = []
        for (state, rank) in zip(states, ranks(of: states)) {
            while rows.count <= rank { rows.append([]) }
            rows[rank].append(box(state))
        }
        rows.removeAll { $0.isEmpty }
        let widths = rows.map { row in row.reduce(0) { $0 + $1.width } + gap * (row.count - 1) }
        var result = Layout()
        result.width = widths.max() ?? 0
        for (row, width) in zip(rows, widths) {
            var x = (result.width - width) / 2
            for var box in row {
                (box.x, box.y) = (x, result.height)
                x += box.width + gap
                result.boxes.append(box)
            }
            result.height += (row.map(\.height).max() ?? 0) + gap
        }
        result.height = max(0, result.height - gap)
        return result
    }

    private static func box(_ state: StateMachine.Outline) -> Box {
        let inner = state.branches.map(layout)
        let innerWidth = inner.reduce(0) { $0 + $1.width } + margin * (inner.count + 1)
        let innerHeight = (inner.map(\.height).max() ?? 0) + margin
        let own = characterWidth * (state.name.count + state.type.rawValue.count + 4)
        return Box(
            state: state,
            width: max(own, inner.isEmpty ? 0 : innerWidth),
            height: rowHeight + (inner.isEmpty ? 0 : innerHeight),
            inner: inner
        )
    }

    /// How many steps each state is from the first one at least; one that none leads to stands last.
    private static func ranks(of states: [StateMachine.Outline]) -> [Int] {
        let positions = Dictionary(states.enumerated().map { ($1.name, $0) }) { first, _ in first }
        var ranks = [Int?](repeating: nil, count: states.count)
        var row = states.isEmpty ? [] : [0]
        var rank = 0
        while !row.isEmpty {
            for position in row { ranks[position] = rank }
            rank += 1
            var seen: Set<Int> = []
            row = row.flatMap { states[$0].successors }.compactMap { positions[$0] }
                .filter { ranks[$0] == nil && seen.insert($0).inserted }
        }
        return ranks.map { $0 ?? rank }
    }

    // MARK: Drawing

    private static func draw(_ layout: Layout, x: Int, y: Int, to lines: inout [String]) {
        let places = Dictionary(layout.boxes.map { ($0.state.name, $0) }) { first, _ in first }
        for box in layout.boxes {
            for name in box.state.successors {
                guard let target = places[name] else { continue }
                lines.append(arrow(from: box, to: target, x: x, y: y))
            }
        }
        for box in layout.boxes { draw(box, x: x + box.x, y: y + box.y, to: &lines) }
    }

    private static func arrow(from box: Box, to target: Box, x: Int, y: Int) -> String {
        let start = (x + box.x + box.width / 2, y + box.y + box.height)
        let end = (x + target.x + target.width / 2, y + target.y)
        // An arrow back, or over to a state of the same row, bends around the boxes between.
        let bend = target.y > box.y ? 0 : gap + box.width / 2
        let middle = "C\(start.0 + bend),\(start.1 + gap / 2) \(end.0 + bend),\(end.1 - gap / 2)"
        return "<path d=\"M\(start.0),\(start.1) \(middle) \(end.0),\(end.1)\" fill=\"none\" stroke=\"#555\" "
            + "marker-end=\"url(#arrow)\"/>"
    }

    private static func draw(_ box: Box, x: Int, y: Int, to lines: inout [String]) {
        let stroke = box.state.isTerminal ? "stroke=\"#333\" stroke-width=\"2\"" : "stroke=\"#333\""
        lines.append(
            "<rect x=\"\(x)\" y=\"\(y)\" width=\"\(box.width)\" height=\"\(box.height)\" rx=\"6\" "
                + "fill=\"\(color(of: box.state.type))\" \(stroke)/>"
        )
        lines.append(
            "<text x=\"\(x + box.width / 2)\" y=\"\(y + 22)\" text-anchor=\"middle\">\(escaped(box.state.name)) "
                + "<tspan fill=\"#666\">\(box.state.type.rawValue)</tspan></text>"
        )
        var left = x + margin
        for layout in box.inner {
            draw(layout, x: left, y: y + rowHeight, to: &lines)
            left += layout.width + margin
        }
    }

    private static func color(of type: StateType) -> String {
        switch type {
        case .task: "#e3f0ff"
        case .choice: "#fff3d6"
        case .wait: "#f0e9fb"
        case .succeed: "#e0f5e4"
        case .fail: "#fde3e1"
        case .parallel, .map: "#f6f6f6"
        case .pass: "#ffffff"
        }
    }

    private static func escaped(_ text: String) -> String {
        text.map { character in
            switch character {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\"": "&quot;"
            // XML has no way to write most control characters.
            case let other where other.unicodeScalars.contains { $0.value < 0x20 }: "\u{FFFD}"
            default: String(character)
            }
        }.joined()
    }
}
