import JSONTree

/// Formats and reads integers by pictures such as `0001`, `#,##0`, `I` or `Ww;o`.
struct IntegerPicture {
    enum Primary {
        case decimal
        case letters
        case roman
        case words
        /// A numbering that this implementation does not know.
        case sequence(String)
    }

    enum LetterCase {
        case upper
        case lower
        case title
    }

    struct Separator {
        let position: Int
        let character: String
    }

    private(set) var primary = Primary.decimal
    private(set) var letterCase = LetterCase.lower
    private(set) var isOrdinal = false
    /// The code of the digit zero.
    private(set) var zero: UInt32 = 0x30
    var mandatoryDigits: Int?
    private(set) var optionalDigits = 0
    /// The separators between digits, by how many digits stand right of them.
    private(set) var separators: [Separator] = []
    /// The distance between separators, where it is the same for all; otherwise 0.
    private(set) var regularDistance = 0
    /// How many digits a number that is read has, where that is given.
    var width: Int?

    private static let decimalZeros: [UInt32] = [
        0x30, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6,
        0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0,
        0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
    ]

    /// Whether the separators are all the same and stand at the same distance.
    var isRegular: Bool {
        regularDistance > 0
    }

    init(_ picture: String) throws(Failure) {
        var format = picture[...]
        if let semicolon = picture.lastIndex(of: ";") {
            format = picture[..<semicolon]
            isOrdinal = picture[semicolon...].dropFirst().first == "o"
        }
        switch format {
        case "A": (primary, letterCase) = (.letters, .upper)
        case "a": primary = .letters
        case "I": (primary, letterCase) = (.roman, .upper)
        case "i": primary = .roman
        case "W": (primary, letterCase) = (.words, .upper)
        case "Ww": (primary, letterCase) = (.words, .title)
        case "w": primary = .words
        default: try readDigits(String(format))
        }
    }

    private mutating func readDigits(_ format: String) throws(Failure) {
        var digits = 0
        var position = 0
        var family: UInt32?
        for scalar in format.unicodeScalars.reversed() {
            if let zero = IntegerPicture.decimalZeros.first(where: { ($0...$0 + 9).contains(scalar.value) }) {
                guard family == nil || family == zero else { throw Failure("D3131") }
                family = zero
                digits += 1
                position += 1
            } else if scalar == "#" {
                optionalDigits += 1
                position += 1
            } else {
                separators.append(Separator(position: position, character: String(Character(scalar))))
            }
        }
        guard let family else {
            primary = .sequence(format)
            return
        }
        zero = family
        mandatoryDigits = digits
        let areSame = separators.allSatisfy { $0.character == separators[0].character }
        regularDistance = areSame ? GroupPositions.regularSize(separators.map(\.position)) : 0
    }

    @Sendable static func format(_ call: Invocation) throws(Failure) -> Value {
        guard let number = call[0].number, let picture = call[1].string else { return .undefined }
        try call.evaluator.spend(16 * picture.utf8.count)
        let format = try IntegerPicture(picture)
        if case .roman = format.primary {
            try call.evaluator.allocate(bytes: Int(exactly: (number.magnitude / 1000).rounded()) ?? .max)
        }
        return .string(try format.format(number.rounded(.down)))
    }

    @Sendable static func parse(_ call: Invocation) throws(Failure) -> Value {
        guard let text = call[0].string, let picture = call[1].string else { return .undefined }
        try call.evaluator.spend(16 * picture.utf8.count + text.utf8.count)
        return .number(try IntegerPicture(picture).parse(text))
    }

    // MARK: - Writing

    /// Writes a whole number.
    func format(_ number: Double) throws(Failure) -> String {
        let sign = number < 0 ? "-" : ""
        let value = number.magnitude
        switch primary {
        case .letters: return sign + Numerals.letters(value, isUpper: letterCase == .upper)
        case .roman:
            let text = Numerals.roman(value)
            return sign + (letterCase == .upper ? text.uppercased() : text)
        case .words:
            let text = NumberWords.text(value, isOrdinal: isOrdinal)
            switch letterCase {
            case .upper: return sign + text.uppercased()
            case .lower: return sign + text.lowercased()
            case .title: return sign + text
            }
        case .decimal: return sign + decimal(value)
        case .sequence(let token): throw Failure("D3130", value: .string(token))
        }
    }

    private func decimal(_ value: Double) -> String {
        var digits = Array(NumberText.text(value).unicodeScalars)
        digits = Array(repeating: "0", count: max(0, (mandatoryDigits ?? 0) - digits.count)) + digits
        if zero != 0x30 {
            digits = digits.map { Unicode.Scalar($0.value &+ zero &- 0x30) ?? $0 }
        }
        let text = grouped(digits.map { String(Character($0)) })
        return isOrdinal ? text.joined() + ordinalSuffix(text) : text.joined()
    }

    private func grouped(_ digits: [String]) -> [String] {
        var text = digits
        if isRegular {
            for distance in stride(from: regularDistance, to: digits.count, by: regularDistance) {
                text.insert(separators[0].character, at: digits.count - distance)
            }
        } else {
            for separator in separators.reversed() where separator.position <= text.count {
                text.insert(separator.character, at: text.count - separator.position)
            }
        }
        return text
    }

    private func ordinalSuffix(_ text: [String]) -> String {
        guard text.count < 2 || text[text.count - 2] != "1" else { return "th" }
        switch text.last {
        case "1": return "st"
        case "2": return "nd"
        case "3": return "rd"
        default: return "th"
        }
    }

    // MARK: - Reading

    /// A regular expression for what `parse` reads.
    func pattern() throws(Failure) -> String {
        switch primary {
        case .letters: return letterCase == .upper ? "[A-Z]+" : "[a-z]+"
        case .roman: return letterCase == .upper ? "[MDCLXVI]+" : "[mdclxvi]+"
        case .words: return "(?:" + (NumberWords.known + ["and", "[\\-, ]"]).joined(separator: "|") + ")+"
        case .decimal: return "[0-9]" + occurrences + (isOrdinal ? "(?:th|st|nd|rd)" : "")
        case .sequence(let token): throw Failure("D3130", value: .string(token))
        }
    }

    private var occurrences: String {
        guard let width, width > 0 else { return "+" }
        return optionalDigits == 0 ? "{\(width)}" : "{\(max(0, width - optionalDigits)),\(width)}"
    }

    /// Reads a number; what is none gives `NaN`.
    func parse(_ text: String) throws(Failure) -> Double {
        switch primary {
        case .letters: return Numerals.fromLetters(text, isUpper: letterCase == .upper)
        case .roman: return Numerals.fromRoman(letterCase == .upper ? text : text.uppercased())
        case .words: return NumberWords.number(text.lowercased())
        case .decimal: return fromDecimal(text)
        case .sequence(let token): throw Failure("D3130", value: .string(token))
        }
    }

    private func fromDecimal(_ text: String) -> Double {
        var scalars = Array(text.unicodeScalars)
        if isOrdinal { scalars.removeLast(min(2, scalars.count)) }
        let ignored = isRegular ? [","] : separators.map(\.character)
        scalars.removeAll { ignored.contains(String(Character($0))) }
        if zero != 0x30 {
            scalars = scalars.map { Unicode.Scalar($0.value &- zero &+ 0x30) ?? $0 }
        }
        return NumberText.leadingInteger(scalars)
    }
}
