package import IngotCore
package import IngotEngine
package import StatesLanguage

/// An execution as a tree of lines.
package struct ExecutionTreeText {
    /// How many iterations of a Map state are shown of those that run, and of those that failed.
    private static let iterationCountMax = 5
    private static let indent = "    "

    private let execution: StoredExecution
    private let tree: ExecutionTree
    /// Nanoseconds since 1970 UTC.
    private let now: Int64
    /// How wide a line may be; nil for any width.
    private let width: Int?

    /// Joins an execution and what has become of its states.
    package init(execution: StoredExecution, tree: ExecutionTree, now: Int64, width: Int?) {
        self.execution = execution
        self.tree = tree
        self.now = now
        self.width = width
    }

    /// The lines, each with its end.
    package func text(_ outline: [StateMachine.Outline]) -> String {
        let length = HumanText.seconds(Double((execution.ended ?? now) - execution.started) / 1e9)
        let name = "\(execution.workflow):\(execution.name)"
        var lines = ["\(name) \(execution.status.rawValue)  \(HumanText.time(execution.started))  \(length)"]
        lines += states(outline, of: tree.root, onlyReached: false).map { "  \($0)" }
        if let error = execution.error { lines.append("error: \(PlainText.cell(error))") }
        if let cause = execution.cause { lines.append("cause: \(PlainText.cell(cause))") }
        return lines.map { DisplayWidth.fitted($0, to: width ?? .max) + "\n" }.joined()
    }

    // MARK: States

    private func states(
        _ outline: [StateMachine.Outline],
        of strand: ExecutionTree.Strand?,
        onlyReached: Bool
    ) -> [String] {
        let shown = outline.filter { !onlyReached || strand?.stays[$0.name] != nil }
        let width = shown.map { DisplayWidth.of(PlainText.cell($0.name)) }.max() ?? 0
        return shown.flatMap { state -> [String] in
            let name = PlainText.cell(state.name)
            let padded = name + String(repeating: " ", count: width - DisplayWidth.of(name))
            guard let stay = strand?.stays[state.name] else {
                return ["- \(name)"] + parts(of: state, nil).map { Self.indent + $0 }
            }
            let details = [time(of: stay), length(of: stay)] + counts(of: stay)
            var lines = [([sign(of: stay) + " " + padded] + details.compactMap(\.self)).joined(separator: "  ")]
            lines += failure(of: stay).map { Self.indent + $0 }
            lines += parts(of: state, stay).map { Self.indent + $0 }
            return lines
        }
    }

    private func sign(of stay: ExecutionTree.Stay) -> String {
        switch stay.status {
        // An execution can end in a state that is not left.
        case .running: execution.status == .succeeded ? "+" : ">"
        case .succeeded: "+"
        case .caught: "~"
        case .failed: "!"
        case .stopped: "x"
        }
    }

    private func time(of stay: ExecutionTree.Stay) -> String? {
        stay.entered.map { HumanText.time($0.nanosecondsSinceEpoch) }
    }

    private func length(of stay: ExecutionTree.Stay) -> String? {
        guard let entered = stay.entered else { return nil }
        let end = stay.ended?.nanosecondsSinceEpoch ?? execution.ended ?? now
        return HumanText.seconds(max(0, Double(end - entered.nanosecondsSinceEpoch) / 1e9))
    }

    private func counts(of stay: ExecutionTree.Stay) -> [String] {
        var counts: [String] = []
        if stay.attemptCount > 1 { counts.append(HumanText.count(stay.attemptCount, "attempt")) }
        if stay.enteredCount > 1 { counts.append("entered \(HumanText.count(stay.enteredCount, "time"))") }
        return counts
    }

    private func failure(of stay: ExecutionTree.Stay) -> [String] {
        let words = [stay.error, stay.cause].compactMap(\.self).filter { !$0.isEmpty }
        return words.isEmpty ? [] : [PlainText.cell(words.joined(separator: ": "))]
    }

    // MARK: Branches and iterations

    private func parts(of state: StateMachine.Outline, _ stay: ExecutionTree.Stay?) -> [String] {
        if state.type == .map, let stay { return iterations(of: state, stay) }
        let strands = stay.map(tree.strands) ?? []
        return state.branches.enumerated().flatMap { number, branch in
            let title = state.type == .map ? "for each item" : "branch \(number + 1)"
            let strand = strands.first { $0.number == number }
            return ["\(title):"] + states(branch, of: strand, onlyReached: false).map { Self.indent + $0 }
        }
    }

    private func iterations(of state: StateMachine.Outline, _ stay: ExecutionTree.Stay) -> [String] {
        guard !stay.isDistributed else {
            let items = "\(HumanText.count(stay.itemCount, "item")), each an execution of its own"
            return stay.itemCount > 0 ? [items] : []
        }
        let strands = tree.strands(of: stay)
        let begunCount = stay.succeededCount + strands.count
        let groups: [(status: ExecutionTree.Status, word: String)] = [
            (.failed, "failed"), (.running, "running"), (.stopped, "stopped"),
        ]
        var counts = stay.succeededCount > 0 ? ["\(HumanText.grouped(stay.succeededCount)) succeeded"] : []
        var lines: [String] = []
        for (status, word) in groups {
            let members = strands.filter { $0.status == status }
            if !members.isEmpty { counts.append("\(HumanText.grouped(members.count)) \(word)") }
            guard status != .stopped else { continue }
            for strand in members.prefix(Self.iterationCountMax) {
                lines.append("iteration \(strand.number):")
                lines += states(state.branches.first ?? [], of: strand, onlyReached: true).map { Self.indent + $0 }
            }
            let leftOut = members.count - Self.iterationCountMax
            if leftOut > 0 { lines.append("and \(HumanText.grouped(leftOut)) more \(word)") }
        }
        if stay.itemCount > begunCount { counts.append("\(HumanText.grouped(stay.itemCount - begunCount)) not begun") }
        let title = HumanText.count(max(stay.itemCount, begunCount), "iteration")
        return [title + (counts.isEmpty ? "" : ": " + counts.joined(separator: ", "))] + lines
    }
}
