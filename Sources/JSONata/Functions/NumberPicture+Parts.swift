extension NumberPicture {
    /// A picture taken apart: what stands before and after the number, and the number's own parts.
    struct Parts {
        private let picture: String
        private let text: [String]
        let prefix: String
        let suffix: String
        private let active: [String]
        private let mantissa: [String]
        let exponent: [String]?
        let integer: [String]
        let fraction: [String]

        /// Takes a picture apart; one without any mark is taken for the number's own part.
        init(_ picture: String, _ symbols: Symbols) {
            self.picture = picture
            text = picture.unicodeScalars.map { String(Character($0)) }
            let marks = symbols.digits + [symbols.decimal, symbols.grouping, symbols.digit, symbols.separator]
            let isMark: (String) -> Bool = { marks.contains($0) }
            let first = text.firstIndex(where: isMark) ?? 0
            let end = text.lastIndex(where: isMark).map { $0 + 1 } ?? text.count
            prefix = text[..<first].joined()
            suffix = text[end...].joined()
            active = Array(text[first..<end])
            if let place = text[first...].firstIndex(of: symbols.exponent), place <= end {
                // The place counts from the picture's start, as in the reference implementation.
                mantissa = Array(active.prefix(place))
                exponent = Array(active.dropFirst(place + 1))
            } else {
                mantissa = active
                exponent = nil
            }
            if let point = mantissa.firstIndex(of: symbols.decimal) {
                integer = Array(mantissa[..<point])
                fraction = Array(mantissa[(point + 1)...])
            } else {
                integer = mantissa
                fraction = Array(text[end...])
            }
        }

        /// Whether a symbol, which may be longer than a character, stands anywhere in the picture.
        func contains(_ symbol: String) -> Bool {
            picture.firstUTF8Range(of: symbol) != nil
        }

        /// The code of the last rule that the picture breaks.
        func offence(_ symbols: Symbols) -> String? {
            let digits = symbols.digits
            let isDigit: (String) -> Bool = { digits.contains($0) }
            let count: (String) -> Int = { symbol in picture.utf8Parts(between: symbol).count - 1 }
            let allowed =
                digits + [
                    symbols.decimal, symbols.exponent, symbols.grouping, symbols.digit, symbols.separator,
                ]
            var rules: [(code: String, isBroken: Bool)] = [
                ("D3081", count(symbols.decimal) > 1),
                ("D3082", count(symbols.percent) > 1),
                ("D3083", count(symbols.perMille) > 1),
                ("D3084", contains(symbols.percent) && contains(symbols.perMille)),
                ("D3085", !mantissa.contains { isDigit($0) || $0 == symbols.digit }),
                ("D3086", active.contains { !allowed.contains($0) }),
            ]
            if let point = text.firstIndex(of: symbols.decimal) {
                let neighbours = [point - 1, point + 1].filter(text.indices.contains).map { text[$0] }
                rules.append(("D3087", neighbours.contains(symbols.grouping)))
            } else {
                rules.append(("D3088", integer.last == symbols.grouping))
            }
            let firstOptional = integer.firstIndex(of: symbols.digit) ?? 0
            let lastOptional = fraction.lastIndex(of: symbols.digit) ?? fraction.count
            let hasExponent = exponent.map { !$0.isEmpty } ?? false
            rules += [
                ("D3089", zip(text, text.dropFirst()).contains { $0 == symbols.grouping && $1 == symbols.grouping }),
                ("D3090", integer.prefix(upTo: firstOptional).contains(where: isDigit)),
                ("D3091", fraction.suffix(from: lastOptional).contains(where: isDigit)),
                ("D3092", hasExponent && (contains(symbols.percent) || contains(symbols.perMille))),
                ("D3093", exponent.map { $0.isEmpty || !$0.allSatisfy(isDigit) } ?? false),
            ]
            return rules.last { $0.isBroken }?.code
        }
    }

    /// How many digits a picture asks for, and where it groups them.
    struct Layout {
        private(set) var integerMin: Int
        private(set) var fractionMin: Int
        private(set) var fractionMax: Int
        let exponentMin: Int
        /// How many digits the mantissa has before the point, where there is an exponent.
        let scale: Int
        let integerGroups: [Int]
        let fractionGroups: [Int]
        /// The size of all groups, where it is the same for all; otherwise 0.
        let regularGroup: Int

        init(_ parts: Parts, _ symbols: Symbols) {
            let digits = symbols.digits
            let isDigit: (String) -> Bool = { digits.contains($0) }
            let isPlace: (String) -> Bool = { isDigit($0) || $0 == symbols.digit }
            integerMin = parts.integer.count(where: isDigit)
            scale = integerMin
            fractionMin = parts.fraction.count(where: isDigit)
            fractionMax = parts.fraction.count(where: isPlace)
            exponentMin = parts.exponent?.count(where: isDigit) ?? 0
            if integerMin == 0, fractionMax == 0 {
                if parts.exponent != nil {
                    fractionMin = 1
                    fractionMax = 1
                } else {
                    integerMin = 1
                }
            }
            if parts.exponent != nil, integerMin == 0, parts.integer.contains(symbols.digit) { integerMin = 1 }
            if integerMin == 0, fractionMin == 0 { fractionMin = 1 }
            integerGroups = parts.integer.indices.filter { parts.integer[$0] == symbols.grouping }
                .map { parts.integer[$0...].count(where: isPlace) }
            fractionGroups = parts.fraction.indices.filter { parts.fraction[$0] == symbols.grouping }
                .map { parts.fraction[..<$0].count(where: isPlace) }
            regularGroup = GroupPositions.regularSize(integerGroups)
        }
    }
}

/// Where the digits of a number are grouped.
enum GroupPositions {
    /// The size of the groups, if the separators stand at every multiple of it; otherwise 0.
    static func regularSize(_ positions: [Int]) -> Int {
        guard let first = positions.first else { return 0 }
        let size = positions.dropFirst().reduce(first, greatestCommonDivisor)
        let areAllThere = (1...positions.count).allSatisfy { positions.contains($0 * size) }
        return areAllThere ? size : 0
    }

    private static func greatestCommonDivisor(_ left: Int, _ right: Int) -> Int {
        right == 0 ? left : greatestCommonDivisor(right, left % right)
    }
}
