/// Floating-point numbers as DuckDB writes them: the fewest digits that read back the same, `1e+16` from 16 digits on.
///
/// Of one FLOAT in a hundred DuckDB writes more digits than that; here it is the fewest always.
enum NumberText {
    static func text(_ value: Double) -> String {
        guard value.isFinite else { return nonFinite(isNaN: value.isNaN, isNegative: value.sign == .minus) }
        return layOut(shortest: value.description)
    }

    static func text(_ value: Float) -> String {
        guard value.isFinite else { return nonFinite(isNaN: value.isNaN, isNegative: value.sign == .minus) }
        return layOut(shortest: value.description)
    }

    private static func nonFinite(isNaN: Bool, isNegative: Bool) -> String {
        (isNegative ? "-" : "") + (isNaN ? "nan" : "inf")
    }

    /// Swift's own text has the same digits; only where it puts the point and the exponent differs.
    private static func layOut(shortest: String) -> String {
        let isNegative = shortest.hasPrefix("-")
        let unsigned = isNegative ? shortest.dropFirst() : shortest[...]
        let parts = unsigned.split(separator: "e")
        let mantissa = parts[0].split(separator: ".")
        let fraction = mantissa.count > 1 && mantissa[1] != "0" ? mantissa[1] : ""
        var exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        // The number is 0.d1d2d3... times ten to the `point`.
        var digits = Array((mantissa[0] + fraction).utf8)
        var point = mantissa[0].count + exponent
        while digits.count > 1, digits[0] == UInt8(ascii: "0") {
            digits.removeFirst()
            point -= 1
        }
        while digits.count > 1, digits[digits.count - 1] == UInt8(ascii: "0") {
            digits.removeLast()
        }
        let sign = isNegative ? "-" : ""
        guard digits != [UInt8(ascii: "0")] else { return sign + "0.0" }
        exponent = point - 1
        let text = String(decoding: digits, as: UTF8.self)
        if exponent < -4 || exponent >= 16 {
            let tail = text.count > 1 ? ".\(text.dropFirst())" : ""
            let padding = exponent.magnitude < 10 ? "0" : ""
            return "\(sign)\(text.prefix(1))\(tail)e\(exponent < 0 ? "-" : "+")\(padding)\(exponent.magnitude)"
        }
        if point <= 0 {
            return "\(sign)0.\(String(repeating: "0", count: -point))\(text)"
        }
        if digits.count <= point {
            return "\(sign)\(text)\(String(repeating: "0", count: point - digits.count)).0"
        }
        return "\(sign)\(text.prefix(point)).\(text.dropFirst(point))"
    }
}
