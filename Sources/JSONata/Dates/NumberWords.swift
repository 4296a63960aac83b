/// Numbers in English words.
enum NumberWords {
    private static let small = [
        "Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve",
        "Thirteen", "Fourteen", "Fifteen", "Sixteen", "Seventeen", "Eighteen", "Nineteen",
    ]
    private static let smallOrdinals = [
        "Zeroth", "First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth",
        "Eleventh", "Twelfth", "Thirteenth", "Fourteenth", "Fifteenth", "Sixteenth", "Seventeenth", "Eighteenth",
        "Nineteenth",
    ]
    private static let tens = ["Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety"]
    private static let magnitudes = ["Thousand", "Million", "Billion", "Trillion"]

    /// The words for a whole number that is not negative.
    static func text(_ value: Double, isOrdinal: Bool) -> String {
        guard value.isFinite else { return "" }
        return text(value, isContinued: false, isOrdinal: isOrdinal)
    }

    private static func text(_ value: Double, isContinued: Bool, isOrdinal: Bool) -> String {
        switch value {
        case ..<20:
            let words = isOrdinal ? smallOrdinals : small
            return (isContinued ? " and " : "") + words[Int(value)]
        case ..<100:
            let word = tens[Int(value / 10) - 2]
            let rest = value.truncatingRemainder(dividingBy: 10)
            let start = isContinued ? " and " : ""
            if rest > 0 { return start + word + "-" + text(rest, isContinued: false, isOrdinal: isOrdinal) }
            return start + (isOrdinal ? word.dropLast() + "ieth" : word)
        case ..<1000:
            let start = (isContinued ? ", " : "") + small[Int(value / 100)] + " Hundred"
            return start + end(value.truncatingRemainder(dividingBy: 100), isOrdinal: isOrdinal)
        default:
            var (factor, index) = (1000.0, 0)
            while index < magnitudes.count - 1, value >= factor * 1000 {
                factor *= 1000
                index += 1
            }
            let count = (value / factor).rounded(.down)
            let start = (isContinued ? ", " : "") + text(count, isContinued: false, isOrdinal: false)
            return start + " " + magnitudes[index] + end(value - count * factor, isOrdinal: isOrdinal)
        }
    }

    private static func end(_ rest: Double, isOrdinal: Bool) -> String {
        if rest > 0 { return text(rest, isContinued: true, isOrdinal: isOrdinal) }
        return isOrdinal ? "th" : ""
    }

    private static let values: [String: Double] = {
        var values: [String: Double] = ["hundred": 100, "hundredth": 100]
        for (index, word) in small.enumerated() { values[word.lowercased()] = Double(index) }
        for (index, word) in smallOrdinals.enumerated() { values[word.lowercased()] = Double(index) }
        for (index, word) in tens.enumerated() {
            values[word.lowercased()] = Double(10 * (index + 2))
            values[word.lowercased().dropLast() + "ieth"] = Double(10 * (index + 2))
        }
        var factor = 1.0
        for word in magnitudes {
            factor *= 1000
            values[word.lowercased()] = factor
            values[word.lowercased() + "th"] = factor
        }
        return values
    }()

    /// Every word for a number; the longer ones first, so that none is taken for the beginning of another.
    static let known = values.keys.sorted { ($0.utf8.count, $1) > ($1.utf8.count, $0) }

    /// The number for words in lower case; `NaN` where one of them is unknown.
    static func number(_ text: String) -> Double {
        var segments = [0.0]
        for word in words(text) {
            guard let value = values[word] else { return .nan }
            let last = segments.removeLast()
            if value < 100 {
                if last >= 1000 {
                    segments += [last, value]
                } else {
                    segments.append(last + value)
                }
            } else {
                segments.append(last * value)
            }
        }
        return segments.reduce(0, +)
    }

    /// The words between blanks, hyphens, commas and `and`.
    private static func words(_ text: String) -> [String] {
        text.utf8Parts(between: ", ")
            .flatMap { $0.utf8Parts(between: " and ") }
            .flatMap { part in
                part.split(omittingEmptySubsequences: false) { $0.isWhitespace || $0 == "-" || $0 == "\\" }
            }
            .map(String.init)
    }
}
