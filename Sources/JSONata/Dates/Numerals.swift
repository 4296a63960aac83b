/// Numbers as letters (a, b, ..., z, aa, ab) and as Roman numerals.
enum Numerals {
    static func letters(_ value: Double, isUpper: Bool) -> String {
        guard value.isFinite else { return "" }
        let first: UInt8 = isUpper ? UInt8(ascii: "A") : UInt8(ascii: "a")
        var letters: [UInt8] = []
        var rest = value
        while rest >= 1 {
            letters.append(first + UInt8((rest - 1).truncatingRemainder(dividingBy: 26)))
            rest = ((rest - 1) / 26).rounded(.down)
        }
        return String(decoding: letters.reversed(), as: UTF8.self)
    }

    static func fromLetters(_ text: String, isUpper: Bool) -> Double {
        let first: Double = isUpper ? 65 : 97
        return text.utf16.reduce(0) { $0 * 26 + Double($1) - first + 1 }
    }

    private static let numerals: [(value: Double, text: String)] = [
        (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
        (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
    ]

    static func roman(_ value: Double) -> String {
        guard value.isFinite else { return "" }
        var text = ""
        var rest = value
        for numeral in numerals {
            while rest >= numeral.value {
                text += numeral.text
                rest -= numeral.value
            }
        }
        return text
    }

    static func fromRoman(_ text: String) -> Double {
        let values: [Character: Double] = ["M": 1000, "D": 500, "C": 100, "L": 50, "X": 10, "V": 5, "I": 1]
        var total = 0.0
        var greatest = 1.0
        for letter in text.reversed() {
            guard let value = values[letter] else { return .nan }
            if value < greatest {
                total -= value
            } else {
                greatest = value
                total += value
            }
        }
        return total
    }
}

extension NumberText {
    /// The integer that a text begins with, as JavaScript's `parseInt` reads it; `NaN` where there is none.
    static func leadingInteger(_ scalars: some Sequence<Unicode.Scalar>) -> Double {
        var rest = Array(scalars)[...]
        rest = rest.drop { $0.properties.isWhitespace }
        let isNegative = rest.first == "-"
        if isNegative || rest.first == "+" { rest.removeFirst() }
        let digits = rest.prefix { ("0"..."9").contains($0) }
        guard !digits.isEmpty else { return .nan }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: digits)
        let value = Double(String(text)) ?? .nan
        return isNegative ? -value : value
    }
}
