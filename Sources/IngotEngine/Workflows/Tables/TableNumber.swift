/// A number of DynamoDB: decimal and exact, with up to 38 significant digits, and zero or from 1E-130 to below 1E+126 in
/// size.
struct TableNumber: Sendable, Hashable {
    private static let digitCountMax = 38
    private static let magnitudes = -130...125
    /// Beyond any that is allowed, and far from overflowing.
    private static let exponentMax = 1_000_000

    private let isNegative: Bool
    /// The digits, without zeros at either end; none for zero.
    private let digits: [UInt8]
    /// The power of ten of the first digit.
    private let magnitude: Int

    /// The power of ten of the last digit.
    private var last: Int {
        magnitude - digits.count + 1
    }

    /// A whole number that is not negative.
    init(_ count: Int) {
        let text = String(count)
        let digits = text.utf8.map { $0 - UInt8(ascii: "0") }.dropLast(while: { $0 == 0 })
        self.init(trimmed: digits, magnitude: text.utf8.count - 1, isNegative: false)
    }

    /// Reads a number such as `-17.4E37`.
    ///
    /// - Throws: `TableFailure` where the text is none, or one that cannot be kept exactly.
    init(_ text: String) throws {
        var bytes = Array(text.utf8)[...]
        func take(_ characters: String) -> UInt8? {
            bytes.first.flatMap { characters.utf8.contains($0) ? bytes.removeFirst() : nil }
        }
        func takeDigits() -> [UInt8] {
            var digits: [UInt8] = []
            while let digit = take("0123456789") { digits.append(digit - UInt8(ascii: "0")) }
            return digits
        }
        let isNegative = take("+-") == UInt8(ascii: "-")
        let whole = takeDigits()
        let fraction = take(".") == nil ? [] : takeDigits()
        var exponent = 0
        var isNumber = !(whole.isEmpty && fraction.isEmpty)
        if take("eE") != nil {
            let isExponentNegative = take("+-") == UInt8(ascii: "-")
            let digits = takeDigits()
            isNumber = isNumber && !digits.isEmpty
            for digit in digits { exponent = min(exponent * 10 + Int(digit), Self.exponentMax) }
            if isExponentNegative { exponent.negate() }
        }
        guard isNumber, bytes.isEmpty else {
            throw TableFailure.validation("The parameter cannot be converted to a numeric value: \(text)")
        }
        try self.init(digits: whole + fraction, first: whole.count - 1 + exponent, isNegative: isNegative)
    }

    /// A number of these digits, the first of which counts for this power of ten.
    private init(digits: [UInt8], first: Int, isNegative: Bool) throws {
        let significant = digits.drop { $0 == 0 }
        let magnitude = first - (digits.count - significant.count)
        let trimmed = significant.dropLast(while: { $0 == 0 })
        self.init(trimmed: trimmed, magnitude: magnitude, isNegative: isNegative)
        guard !trimmed.isEmpty else { return }
        guard magnitude <= Self.magnitudes.upperBound else { throw Self.overflow }
        guard magnitude >= Self.magnitudes.lowerBound else {
            throw TableFailure.validation(
                "Number underflow. Attempting to store a number with magnitude smaller than supported range"
            )
        }
        guard trimmed.count <= Self.digitCountMax else {
            throw TableFailure.validation("Attempting to store more than 38 significant digits in a Number")
        }
    }

    private init(trimmed digits: ArraySlice<UInt8>, magnitude: Int, isNegative: Bool) {
        self.digits = Array(digits)
        self.magnitude = digits.isEmpty ? 0 : magnitude
        self.isNegative = isNegative && !digits.isEmpty
    }

    private static let overflow = TableFailure.validation(
        "Number overflow. Attempting to store a number with magnitude larger than supported range"
    )
}

extension TableNumber: Comparable {
    static func < (left: TableNumber, right: TableNumber) -> Bool {
        if left.sign != right.sign { return left.sign < right.sign }
        return left.isNegative ? right.isSmaller(than: left) : left.isSmaller(than: right)
    }

    private var sign: Int {
        digits.isEmpty ? 0 : isNegative ? -1 : 1
    }

    /// Whether it is nearer to zero than a number of the same sign.
    private func isSmaller(than other: TableNumber) -> Bool {
        if magnitude != other.magnitude { return magnitude < other.magnitude }
        return digits.lexicographicallyPrecedes(other.digits)
    }
}

extension TableNumber {
    /// The exact sum.
    ///
    /// - Throws: `TableFailure` where it needs more digits or is larger than numbers can be, both as an overflow, as the
    ///   service does.
    static func + (left: TableNumber, right: TableNumber) throws -> TableNumber {
        guard !left.digits.isEmpty else { return right }
        guard !right.digits.isEmpty else { return left }
        let (large, small) = left.isSmaller(than: right) ? (right, left) : (left, right)
        let last = min(large.last, small.last)
        let first = large.magnitude + 1
        // From the last digit on, as one adds by hand; the larger one decides about the sign.
        var sum = [UInt8](repeating: 0, count: first - last + 1)
        var carry = 0
        for power in last...first {
            let other = Int(small.digit(at: power))
            let digit = Int(large.digit(at: power)) + carry + (left.isNegative == right.isNegative ? other : -other)
            carry = digit < 0 ? -1 : digit / 10
            sum[first - power] = UInt8(digit < 0 ? digit + 10 : digit % 10)
        }
        let significant = sum.drop { $0 == 0 }.dropLast(while: { $0 == 0 })
        guard significant.count <= digitCountMax else { throw overflow }
        return try TableNumber(digits: sum, first: first, isNegative: large.isNegative)
    }

    /// The exact difference.
    ///
    /// - Throws: What `+` throws.
    static func - (left: TableNumber, right: TableNumber) throws -> TableNumber {
        let negated = TableNumber(
            trimmed: right.digits[...],
            magnitude: right.magnitude,
            isNegative: !right.isNegative
        )
        return try left + negated
    }

    private func digit(at power: Int) -> UInt8 {
        digits.indices.contains(magnitude - power) ? digits[magnitude - power] : 0
    }
}

extension TableNumber: CustomStringConvertible {
    /// The number without an exponent.
    var description: String {
        guard !digits.isEmpty else { return "0" }
        let text = String(decoding: digits.map { $0 + UInt8(ascii: "0") }, as: UTF8.self)
        let number: String
        if magnitude < 0 {
            number = "0." + String(repeating: "0", count: -magnitude - 1) + text
        } else if last >= 0 {
            number = text + String(repeating: "0", count: last)
        } else {
            number = "\(text.prefix(magnitude + 1)).\(text.dropFirst(magnitude + 1))"
        }
        return isNegative ? "-" + number : number
    }
}

extension BidirectionalCollection {
    /// The elements without those at the end that fit.
    fileprivate func dropLast(while condition: (Element) -> Bool) -> SubSequence {
        var end = endIndex
        while end > startIndex, condition(self[index(before: end)]) { end = index(before: end) }
        return self[..<end]
    }
}
