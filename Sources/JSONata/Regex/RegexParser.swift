/// Reads a regular expression in JavaScript's syntax, with the leniencies that it has without the flag `u`.
struct RegexParser {
    /// Why a pattern cannot be read; the words do not matter, the caller shows the pattern.
    struct Problem: Error {}

    let units: [UInt16]
    let ignoresCase: Bool
    var position = 0
    private(set) var captureCount = 0
    /// The groups' numbers by name.
    private var names: [[UInt16]: Int] = [:]
    /// How many groups the whole pattern has, which decides what `\2` means.
    private let totalCaptures: Int
    private var depth = 0
    private static let depthMax = 50

    init(_ units: [UInt16], ignoresCase: Bool) {
        self.units = units
        self.ignoresCase = ignoresCase
        (totalCaptures, names) = RegexParser.groups(in: units)
    }

    mutating func parse() throws(Problem) -> RegexNode {
        let node = try alternatives()
        guard position == units.count else { throw Problem() }
        return node
    }

    func peek(_ offset: Int = 0) -> UInt16? {
        position + offset < units.count ? units[position + offset] : nil
    }

    func isAt(_ text: String) -> Bool {
        units[position...].starts(with: text.utf16)
    }

    mutating func take(_ text: String) -> Bool {
        guard isAt(text) else { return false }
        position += text.utf16.count
        return true
    }

    /// Counts the groups and takes down their names, before any of them is read.
    private static func groups(in units: [UInt16]) -> (Int, [[UInt16]: Int]) {
        var count = 0
        var names: [[UInt16]: Int] = [:]
        var isInSet = false
        var index = 0
        while index < units.count {
            switch units[index] {
            case .backslash: index += 1
            case UInt16(ascii: "["): isInSet = true
            case UInt16(ascii: "]"): isInSet = false
            case UInt16(ascii: "(") where !isInSet:
                let rest = units[(index + 1)...]
                let isNamed =
                    rest.starts(with: "?<".utf16) && !rest.starts(with: "?<=".utf16) && !rest.starts(with: "?<!".utf16)
                if isNamed || rest.first != UInt16(ascii: "?") { count += 1 }
                if isNamed {
                    names[Array(rest.dropFirst(2).prefix { $0 != UInt16(ascii: ">") })] = count
                }
            default: break
            }
            index += 1
        }
        return (count, names)
    }

    private mutating func alternatives() throws(Problem) -> RegexNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= RegexParser.depthMax else { throw Problem() }
        var choices = [try sequence()]
        while take("|") { choices.append(try sequence()) }
        return choices.count == 1 ? choices[0] : .alternatives(choices)
    }

    private mutating func sequence() throws(Problem) -> RegexNode {
        var parts: [RegexNode] = []
        while let unit = peek(), unit != UInt16(ascii: "|"), unit != UInt16(ascii: ")") {
            let firstCapture = captureCount
            let part = try atom()
            parts.append(try quantified(part, captures: firstCapture + 1..<captureCount + 1))
        }
        return parts.count == 1 ? parts[0] : parts.isEmpty ? .empty : .sequence(parts)
    }

    private mutating func quantified(_ part: RegexNode, captures: Range<Int>) throws(Problem) -> RegexNode {
        guard var repetition = try quantifier(captures) else { return part }
        switch part {
        case .lineStart, .lineEnd, .wordBoundary, .look(_, isBehind: true, _): throw Problem()
        default: break
        }
        repetition.isLazy = take("?")
        return .repetition(part, repetition)
    }

    private mutating func quantifier(_ captures: Range<Int>) throws(Problem) -> RegexRepetition? {
        if take("*") { return RegexRepetition(least: 0, most: .max, captures: captures) }
        if take("+") { return RegexRepetition(least: 1, most: .max, captures: captures) }
        if take("?") { return RegexRepetition(least: 0, most: 1, captures: captures) }
        guard let (least, most) = braces() else { return nil }
        guard least <= most else { throw Problem() }
        return RegexRepetition(least: least, most: most, captures: captures)
    }

    /// Reads `{2}`, `{2,}` or `{2,3}`; anything else in braces is plain text.
    private mutating func braces() -> (Int, Int)? {
        let start = position
        if take("{"), let least = number() {
            if take("}") { return (least, least) }
            if take(",") {
                let most = number() ?? .max
                if take("}") { return (least, most) }
            }
        }
        position = start
        return nil
    }

    private mutating func number() -> Int? {
        let start = position
        var value = 0
        while let unit = peek(), unit.isDigit {
            let (scaled, isOverflow) = value.multipliedReportingOverflow(by: 10)
            value = isOverflow || scaled > .max - 9 ? .max - 9 : scaled + Int(unit) - 48
            position += 1
        }
        return position > start ? value : nil
    }

    private mutating func atom() throws(Problem) -> RegexNode {
        guard let unit = peek() else { return .empty }
        switch unit {
        case UInt16(ascii: "("): return try group()
        case UInt16(ascii: "["): return try set()
        case .backslash: return try escape()
        case UInt16(ascii: "*"), UInt16(ascii: "+"), UInt16(ascii: "?"): throw Problem()
        case UInt16(ascii: "{"):
            // Braces that could be a quantifier have nothing to repeat here.
            let start = position
            guard braces() == nil else { throw Problem() }
            position = start + 1
            return .unit(unit)
        default: break
        }
        position += 1
        switch unit {
        case UInt16(ascii: "."): return .set(UnitSet(UnitSet.lineEnds, isNegated: true))
        case UInt16(ascii: "^"): return .lineStart
        case .dollar: return .lineEnd
        default: return .unit(unit)
        }
    }

    private mutating func group() throws(Problem) -> RegexNode {
        position += 1
        var index: Int?
        var look: (isBehind: Bool, isNegated: Bool)?
        if take("?:") {
        } else if take("?=") {
            look = (false, false)
        } else if take("?!") {
            look = (false, true)
        } else if take("?<=") {
            look = (true, false)
        } else if take("?<!") {
            look = (true, true)
        } else {
            if take("?<") {
                let name = units[position...].prefix { $0 != UInt16(ascii: ">") }
                guard !name.isEmpty, name.endIndex < units.count else { throw Problem() }
                position = name.endIndex + 1
            } else if peek() == UInt16(ascii: "?") {
                throw Problem()
            }
            captureCount += 1
            index = captureCount
        }
        let content = try alternatives()
        guard take(")") else { throw Problem() }
        if let look { return .look(content, isBehind: look.isBehind, isNegated: look.isNegated) }
        return index.map { .capture(content, index: $0) } ?? content
    }

    /// Reads what a backslash makes of the text after it, outside of a set.
    private mutating func escape() throws(Problem) -> RegexNode {
        guard let unit = peek(1) else { throw Problem() }
        switch unit {
        case UInt16(ascii: "b"), UInt16(ascii: "B"):
            position += 2
            return .wordBoundary(isNegated: unit == UInt16(ascii: "B"))
        case UInt16(ascii: "k") where !names.isEmpty:
            position += 2
            guard take("<") else { throw Problem() }
            let name = units[position...].prefix { $0 != UInt16(ascii: ">") }
            guard let index = names[Array(name)] else { throw Problem() }
            position = name.endIndex + 1
            return .backreference(index)
        case UInt16(ascii: "1")...UInt16(ascii: "9"):
            let start = position
            position += 1
            if let index = number(), index <= totalCaptures { return .backreference(index) }
            position = start
        default: break
        }
        switch try escapedUnits() {
        case .unit(let unit): return .unit(unit)
        case .ranges(let ranges): return .set(UnitSet(ranges))
        }
    }

    private mutating func set() throws(Problem) -> RegexNode {
        position += 1
        let isNegated = take("^")
        var ranges: [ClosedRange<UInt16>] = []
        while !take("]") {
            let first = try setItem()
            guard case .unit(let low) = first, isAt("-"), let after = peek(1), after != UInt16(ascii: "]") else {
                ranges += first.ranges
                continue
            }
            position += 1
            let last = try setItem()
            guard case .unit(let high) = last else {
                ranges += first.ranges + [UInt16(ascii: "-")...UInt16(ascii: "-")] + last.ranges
                continue
            }
            guard low <= high else { throw Problem() }
            ranges.append(low...high)
        }
        return .set(UnitSet(ranges, isNegated: isNegated, ignoresCase: ignoresCase))
    }

    private mutating func setItem() throws(Problem) -> RegexEscape {
        guard let unit = peek() else { throw Problem() }
        guard unit == .backslash else {
            position += 1
            return .unit(unit)
        }
        if peek(1) == UInt16(ascii: "b") {
            position += 2
            return .unit(0x08)
        }
        return try escapedUnits()
    }
}
