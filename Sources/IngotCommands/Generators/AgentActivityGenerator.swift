/// Events of call-centre agents as CSV: online, calls, breaks, offline.
struct AgentActivityGenerator: Generator {
    let name = "agent-activity"
    let summary = "CSV of call-centre events: Done On, Extension, Action, Details"
    let suffix = "csv"

    private static let extensions = ["201", "202", "203", "204", "205", "206"]
    private static let breaks = ["Lunch", "Break", "Meeting", "Backoffice"]

    func text(_ settings: GeneratorSettings, _ draw: inout SeededDraw) -> String {
        var text = "Done On,Extension,Action,Details\n"
        for number in settings.first..<settings.first + settings.count {
            // One event every 80 seconds, all agents together.
            let time = settings.start.adding(number * 80 + draw.below(80)).american
            let agent = Self.extensions[number % Self.extensions.count]
            var fields =
                switch draw.below(5) {
                case 0: [time, agent, "OFFLINE", draw.pick(Self.breaks)]
                case 1: [time, agent, "ONLINE", ""]
                default: [time, agent, "REMVCEON", "\"Call \(number + 1),\nanswered\""]
                }
            if draw.happens(settings.dirtyShare) { spoil(&fields, &draw) }
            text += fields.joined(separator: ",") + "\n"
        }
        return text
    }

    private func spoil(_ fields: inout [String], _ draw: inout SeededDraw) {
        switch draw.below(3) {
        case 0: fields[0] = "yesterday"
        case 1: fields[1] = ""
        default: fields.removeLast(2)
        }
    }
}
