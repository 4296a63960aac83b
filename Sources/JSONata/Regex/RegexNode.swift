/// A part of a regular expression.
indirect enum RegexNode {
    case empty
    case unit(UInt16)
    case set(UnitSet)
    case sequence([RegexNode])
    case alternatives([RegexNode])
    case capture(RegexNode, index: Int)
    case backreference(Int)
    case repetition(RegexNode, RegexRepetition)
    case lineStart
    case lineEnd
    case wordBoundary(isNegated: Bool)
    case look(RegexNode, isBehind: Bool, isNegated: Bool)
}

/// How often a part may repeat.
struct RegexRepetition: Sendable {
    var least: Int
    /// `Int.max` where there is no end.
    var most: Int
    var isLazy = false
    /// The groups inside, which every round begins without.
    var captures: Range<Int>
}

/// A set of UTF-16 code units.
struct UnitSet: Sendable, Equatable {
    private var ranges: [ClosedRange<UInt16>] = []
    private var isNegated = false
    private var ignoresCase = false
    /// The answers for ASCII, which are looked up most.
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    init(_ ranges: [ClosedRange<UInt16>], isNegated: Bool = false, ignoresCase: Bool = false) {
        self.ranges = ranges
        self.isNegated = isNegated
        self.ignoresCase = ignoresCase
        for unit in UInt16(0)..<128 where search(unit) {
            if unit < 64 { low |= 1 << UInt64(unit) } else { high |= 1 << UInt64(unit - 64) }
        }
    }

    @inline(__always)
    func contains(_ unit: UInt16) -> Bool {
        if unit < 64 { return low & (1 << UInt64(unit)) != 0 }
        if unit < 128 { return high & (1 << UInt64(unit - 64)) != 0 }
        return search(unit)
    }

    private func search(_ unit: UInt16) -> Bool {
        var isFound = ranges.contains { $0.contains(unit) }
        if !isFound, ignoresCase {
            let folded = unit.caseFolded
            isFound = ranges.contains { range in
                range.contains(folded) || range.contains(folded.lowercased)
            }
        }
        return isFound != isNegated
    }

    static let digits: [ClosedRange<UInt16>] = [0x30...0x39]
    static let wordUnits: [ClosedRange<UInt16>] = [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A]
    static let spaces: [ClosedRange<UInt16>] = [
        0x09...0x0D, 0x20...0x20, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x2028...0x2029, 0x202F...0x202F,
        0x205F...0x205F, 0x3000...0x3000, 0xFEFF...0xFEFF,
    ]
    static let lineEnds: [ClosedRange<UInt16>] = [0x0A...0x0A, 0x0D...0x0D, 0x2028...0x2029]

    /// What is in none of the ranges, which have to be in order.
    static func complement(_ ranges: [ClosedRange<UInt16>]) -> [ClosedRange<UInt16>] {
        var result: [ClosedRange<UInt16>] = []
        var next: UInt32 = 0
        for range in ranges {
            if next < range.lowerBound { result.append(UInt16(next)...(range.lowerBound - 1)) }
            next = UInt32(range.upperBound) + 1
        }
        if next <= 0xFFFF { result.append(UInt16(next)...0xFFFF) }
        return result
    }
}

extension UInt16 {
    /// The unit that stands for all its cases, as JavaScript compares without regard to case.
    var caseFolded: UInt16 {
        if self < 128 { return self >= 97 && self <= 122 ? self - 32 : self }
        guard let scalar = Unicode.Scalar(self) else { return self }
        let mapped = scalar.properties.uppercaseMapping.utf16
        guard mapped.count == 1, let unit = mapped.first, unit >= 128 else { return self }
        return unit
    }

    fileprivate var lowercased: UInt16 {
        guard let scalar = Unicode.Scalar(self) else { return self }
        let mapped = scalar.properties.lowercaseMapping.utf16
        guard mapped.count == 1, let unit = mapped.first else { return self }
        return unit
    }

    var isWordUnit: Bool {
        isDigit || self >= 65 && self <= 90 || self >= 97 && self <= 122 || self == 95
    }

    var isLineEnd: Bool {
        self == 0x0A || self == 0x0D || self == 0x2028 || self == 0x2029
    }
}
