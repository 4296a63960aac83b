import IngotCore

/// Words of which one can be chosen in a project file, each with its meaning.
protocol Choice: RawRepresentable<String>, CaseIterable, Sendable {
    /// What the word means, in one sentence.
    var summary: String { get }
}

extension ValueType where Value: Choice {
    /// One of the words of a type; the case of letters does not matter.
    static var choice: ValueType {
        let choices = Value.allCases.map { (value: $0.rawValue, summary: $0.summary) }
        return ValueType(.choice(choices)) { node, reading in
            if node.isScalar, let value = Value.allCases.first(where: { $0.rawValue == node.text.lowercased() }) {
                return value
            }
            let words = choices.map(\.value)
            let known = words.joined(separator: ", ")
            guard node.isScalar else {
                reading.error(.wrongType, "expected one of \(known), found \(node.summary)", at: node.location)
                return nil
            }
            let snake = node.text.lowercased().map { $0 == "-" || $0 == " " ? "_" : String($0) }.joined()
            reading.error(
                .invalidValue,
                "\"\(node.text.abbreviated)\" is not one of: \(known)",
                at: node.location,
                hint: NearestMatch.find(node.text, among: words) ?? NearestMatch.find(snake, among: words)
            )
            return nil
        }
    }
}
