import JSONTree

/// A picture of a date and time such as `[Y0001]-[M01]-[D01]` (XPath functions and operators, 9.8.4).
struct DatePicture {
    enum Part {
        case literal(String)
        case marker(Marker)
    }

    /// One component of a date, and how it is written.
    struct Marker {
        let component: Character
        /// How the component is written: a picture of an integer, or `n`, `N`, `Nn` for a name.
        private(set) var presentation = ""
        private(set) var modifier: Character?
        private(set) var widthMin: Int?
        private(set) var widthMax: Int?
        private(set) var names: IntegerPicture.LetterCase?
        private(set) var integer: IntegerPicture?
        /// How many digits of the year are written.
        private(set) var digitMax: Int?

        init(_ text: String) throws(Failure) {
            let text = String(String.UnicodeScalarView(text.unicodeScalars.filter { !$0.properties.isWhitespace }))
            component = text.first ?? " "
            var format = text.dropFirst()
            if let comma = format.lastIndex(of: ",") {
                readWidth(String(format[format.index(after: comma)...]))
                format = format[..<comma]
            }
            if format.count > 1, let last = format.last, "atco".contains(last) {
                modifier = last
                format.removeLast()
            }
            if format.isEmpty {
                guard let standard = Marker.standards[component] else {
                    throw Failure("D3132", value: .string(String(component)))
                }
                presentation = standard
            } else {
                presentation = String(format)
            }
            try readPresentation()
        }

        private static let standards: [Character: String] = [
            "Y": "1", "M": "1", "D": "1", "d": "1", "F": "n", "W": "1", "w": "1", "X": "1", "x": "1", "H": "1",
            "h": "1", "P": "n", "m": "01", "s": "01", "f": "1", "Z": "01:01", "z": "01:01", "C": "n", "E": "n",
        ]

        private mutating func readWidth(_ text: String) {
            let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
            func width(_ part: Substring) -> Int? {
                let number = NumberText.leadingInteger(part.unicodeScalars)
                return (0...1000).contains(number) ? Int(exactly: number) : nil
            }
            widthMin = parts.first.flatMap(width)
            widthMax = parts.count > 1 ? width(parts[1]) : nil
        }

        private mutating func readPresentation() throws(Failure) {
            if presentation.first == "n" {
                names = .lower
            } else if presentation.first == "N" {
                names = presentation.dropFirst().first == "n" ? .title : .upper
            } else if "YMDdFWwXxHhmsf".contains(component) {
                var picture = try IntegerPicture(presentation + (modifier.map { ";\($0)" } ?? ""))
                if let widthMin, let digits = picture.mandatoryDigits, digits < widthMin {
                    picture.mandatoryDigits = widthMin
                }
                if "YMD".contains(component) {
                    if let widthMax {
                        digitMax = widthMax
                        picture.mandatoryDigits = widthMax
                    } else if let digits = picture.mandatoryDigits, digits + picture.optionalDigits >= 2 {
                        digitMax = digits + picture.optionalDigits
                    }
                }
                picture.width = digitMax
                integer = picture
            }
            if component == "Z" || component == "z" { integer = try IntegerPicture(presentation) }
        }
    }

    private(set) var parts: [Part] = []

    init(_ picture: String) throws(Failure) {
        var literal = ""
        var rest = picture[...]
        while let character = rest.popFirst() {
            guard character == "[" else {
                literal.append(character)
                continue
            }
            append(literal: literal)
            literal = ""
            if rest.first == "[" {
                rest.removeFirst()
                parts.append(.literal("["))
                continue
            }
            guard let close = rest.firstIndex(of: "]") else { throw Failure("D3135") }
            parts.append(.marker(try Marker(String(rest[..<close]))))
            rest = rest[rest.index(after: close)...]
        }
        append(literal: literal)
    }

    private mutating func append(literal: String) {
        guard !literal.isEmpty else { return }
        parts.append(.literal(literal.utf8Parts(between: "]]").joined(separator: "]")))
    }

    static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    static let days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
}

extension CalendarDate {
    /// The component of a date that a picture names; nothing for those that are no numbers.
    func component(_ name: Character) -> Int? {
        switch name {
        case "Y": year
        case "M": month
        case "D": day
        case "d": dayOfYear
        case "F": weekday
        case "W": week
        case "w": weekOfMonth
        case "X": weekYear
        case "x": weekMonth
        case "H": hour
        case "h": hour % 12 == 0 ? 12 : hour % 12
        case "m": minute
        case "s": second
        case "f": millisecond
        default: nil
        }
    }
}
