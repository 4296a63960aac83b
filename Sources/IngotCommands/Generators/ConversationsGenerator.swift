/// Items of a table of conversations as JSON lines: a user, a list of messages, sometimes feedback.
struct ConversationsGenerator: Generator {
    let name = "conversations"
    let summary = "JSON lines of items: conversations with messages, and feedback"
    let suffix = "jsonl"

    private static let cities = ["Bogotá (Centro)", "Medellín", "Cali (Norte)", "Quito"]
    private static let questions = ["¿Dónde veo mi saldo?", "How do I open an account?", "¿Cuál es el horario? 🙂"]
    private static let answers = ["En la aplicación | en la web.", "With your id card.\\nThat is all.", "De 8 a 17."]

    func text(_ settings: GeneratorSettings, _ draw: inout SeededDraw) -> String {
        var text = ""
        for number in settings.first..<settings.first + settings.count {
            let time = settings.start.adding(number * 600 + draw.below(600)).iso
            let user = "USER#\(draw.number(1...max(1, settings.count / 4)))"
            let item = number % 4 == 3 ? feedback(user, time, &draw) : conversation(user, time, &draw)
            text += draw.happens(settings.dirtyShare) ? String(item.dropLast(5)) : item
            text += "\n"
        }
        return text
    }

    private func conversation(_ user: String, _ time: String, _ draw: inout SeededDraw) -> String {
        let turns = draw.number(1...3)
        let messages = (0..<turns).map { _ in
            #"{"from": "user", "text": "\#(draw.pick(Self.questions))", "timestamp": "\#(time)"}, "#
                + #"{"from": "bot", "text": "\#(draw.pick(Self.answers))", "timestamp": "\#(time)"}"#
        }
        return #"{"PK": "\#(user)", "SK": "CONVERSATION#\#(time)", "CreatedAt": "\#(time)", "#
            + #""UserData": {"nombre": "\#(user.dropFirst(5))", "ciudad": "\#(draw.pick(Self.cities))"}, "#
            + #""Conversation": [\#(messages.joined(separator: ", "))]}"#
    }

    private func feedback(_ user: String, _ time: String, _ draw: inout SeededDraw) -> String {
        #"{"PK": "\#(user)", "SK": "FEEDBACK#\#(time)", "CreatedAt": "\#(time)", "#
            + #""Feedback": {"type": "\#(draw.pick(["like", "dislike", "mixed"]))", "comment": "ok", "option": null}}"#
    }
}
