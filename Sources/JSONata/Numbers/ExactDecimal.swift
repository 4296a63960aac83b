/// A double written out in decimal, to its last digit.
///
/// Rounding needs all digits: the shortest ones that identify a double do not say on which side of a half it lies.
struct ExactDecimal {
    /// The digits, without leading zeros.
    private(set) var digits: [UInt8]
    /// How many of the digits stand before the point; negative for zeros after it.
    private(set) var exponent: Int

    /// Writes out a finite number that is not negative.
    init(_ number: Double) {
        guard number > 0 else {
            digits = [0]
            exponent = 1
            return
        }
        let significand = number.significandBitPattern | (number.isNormal ? 1 << 52 : 0)
        let power = (number.isNormal ? Int(number.exponentBitPattern) : 1) - 1075
        var integer = BigDecimalInteger(significand)
        // A fraction of 2^-n is a fraction of 10^-n with 5^n as many units.
        for _ in 0..<abs(power) { integer.multiply(by: power > 0 ? 2 : 5) }
        digits = integer.digits
        exponent = digits.count - max(-power, 0)
    }

    /// The number rounded to so many significant digits, halves away from zero, as `0.digits × 10^exponent`.
    func significantDigits(_ count: Int) -> (digits: [UInt8], exponent: Int) {
        rounded(keeping: count)
    }

    /// The number with so many digits after the point, halves away from zero.
    func fixed(_ places: Int) -> String {
        let (kept, point) = rounded(keeping: exponent + places)
        var text = kept
        // The digits may begin after the point, or be fewer than wanted.
        if point < 1 { text = Array(repeating: 0, count: 1 - point) + text }
        let integerCount = max(point, 1)
        text += Array(repeating: 0, count: max(0, integerCount + places - text.count))
        let integer = text[..<integerCount]
        let fraction = text[integerCount..<integerCount + places]
        let digits = { (values: ArraySlice<UInt8>) in
            String(decoding: values.map { $0 + UInt8(ascii: "0") }, as: UTF8.self)
        }
        return digits(integer) + (places > 0 ? "." + digits(fraction) : "")
    }

    private func rounded(keeping count: Int) -> (digits: [UInt8], exponent: Int) {
        guard count < digits.count else { return (digits, exponent) }
        guard count >= 0 else { return ([0], exponent - count) }
        var kept = Array(digits[..<count])
        guard digits[count] >= 5 else { return kept.isEmpty ? ([0], exponent + 1) : (kept, exponent) }
        var index = count - 1
        while index >= 0, kept[index] == 9 {
            kept[index] = 0
            index -= 1
        }
        if index >= 0 {
            kept[index] += 1
            return (kept, exponent)
        }
        return ([1] + kept, exponent + 1)
    }
}

/// A large integer in limbs of nine decimal digits, the lowest first.
private struct BigDecimalInteger {
    private var limbs: [UInt32]
    private static let base: UInt64 = 1_000_000_000

    init(_ value: UInt64) {
        limbs = []
        var rest = value
        repeat {
            limbs.append(UInt32(rest % Self.base))
            rest /= Self.base
        } while rest > 0
    }

    mutating func multiply(by factor: UInt64) {
        var carry: UInt64 = 0
        for index in limbs.indices {
            let product = UInt64(limbs[index]) * factor + carry
            limbs[index] = UInt32(product % Self.base)
            carry = product / Self.base
        }
        if carry > 0 { limbs.append(UInt32(carry)) }
    }

    var digits: [UInt8] {
        var digits: [UInt8] = []
        for limb in limbs {
            var rest = limb
            for _ in 0..<9 {
                digits.append(UInt8(rest % 10))
                rest /= 10
            }
        }
        while digits.last == 0, digits.count > 1 { digits.removeLast() }
        return digits.reversed()
    }
}
