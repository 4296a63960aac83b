import JSONTree

/// Numbers as JavaScript writes them.
enum NumberText {
    /// The shortest text that reads as the number: plain digits from 1e-6 up to 1e21, an exponent beyond.
    static func text(_ number: Double) -> String {
        guard number.isFinite else { return number.isNaN ? "NaN" : number < 0 ? "-Infinity" : "Infinity" }
        if let integer = Int64(exactly: number), integer.magnitude < 1 << 53 { return String(integer) }
        let (digits, exponent) = shortestDigits(number.magnitude)
        let sign = number < 0 ? "-" : ""
        return sign + layOut(digits, exponent: exponent)
    }

    /// The number as JSON; an integer where it has no fraction, null where it is not finite.
    static func json(_ number: Double) -> JSON {
        if let integer = Int64(exactly: number), integer.magnitude <= 1 << 53 { return .integer(integer) }
        return JSONNumber(text: text(number)).map(JSON.number) ?? .null
    }

    /// The number rounded to the 15 significant digits that `$string` writes.
    static func rounded(_ number: Double) -> Double {
        guard number.isFinite, number != 0 else { return number }
        if let integer = Int64(exactly: number), integer.magnitude < 1_000_000_000_000_000 { return number }
        let digits = shortestDigits(number.magnitude).digits
        guard digits.count > 15 else { return number }
        let kept = ExactDecimal(number.magnitude).significantDigits(15)
        let text = kept.digits.map { String($0) }.joined()
        // The greatest numbers would be rounded up to infinity.
        guard let magnitude = Double("0.\(text)e\(kept.exponent)"), magnitude.isFinite else { return number }
        return number < 0 ? -magnitude : magnitude
    }

    /// The shortest digits `d` and the exponent `e` with `0.d × 10^e` the number.
    private static func shortestDigits(_ number: Double) -> (digits: [UInt8], exponent: Int) {
        var digits: [UInt8] = []
        var exponent = 0
        var isFraction = false
        var bytes = number.description.utf8[...]
        while let byte = bytes.popFirst() {
            switch byte {
            case UInt8(ascii: "."): isFraction = true
            case UInt8(ascii: "e"):
                exponent += Int(String(decoding: bytes, as: UTF8.self)) ?? 0
                bytes = bytes[bytes.endIndex...]
            default:
                if !isFraction { exponent += 1 }
                digits.append(byte - UInt8(ascii: "0"))
            }
        }
        while digits.first == 0, digits.count > 1 {
            digits.removeFirst()
            exponent -= 1
        }
        while digits.last == 0, digits.count > 1 { digits.removeLast() }
        return (digits, exponent)
    }

    private static func layOut(_ digits: [UInt8], exponent: Int) -> String {
        let text = String(decoding: digits.map { $0 + UInt8(ascii: "0") }, as: UTF8.self)
        if exponent > 21 || exponent <= -6 {
            let power = exponent - 1
            let fraction = digits.count > 1 ? "." + text.dropFirst() : ""
            return "\(text.prefix(1))\(fraction)e\(power < 0 ? "-" : "+")\(power.magnitude)"
        }
        if exponent <= 0 { return "0." + String(repeating: "0", count: -exponent) + text }
        if digits.count <= exponent { return text + String(repeating: "0", count: exponent - digits.count) }
        return text.prefix(exponent) + "." + text.dropFirst(exponent)
    }
}
