import JSONTree

/// A regular expression, compiled for a matcher that tracks back.
final class RegexProgram: Sendable {
    enum Instruction: Sendable {
        case unit(UInt16)
        case set(UnitSet)
        /// Matches a set as often as possible, and gives back one at a time.
        case run(UnitSet, least: Int, most: Int)
        case split(first: Int, second: Int)
        case jump(Int)
        case save(Int)
        case backreference(Int)
        case lineStart
        case lineEnd
        case wordBoundary(isNegated: Bool)
        /// Matches what follows, up to `end`, without moving on.
        case look(isNegated: Bool, end: Int)
        case loopStart(Int)
        case loopTest(Int, RegexRepetition, exit: Int)
        case loopEnter(Int, captures: Range<Int>)
        case loopEnd(Int, least: Int, test: Int)
        /// What follows is matched against what stands before the position, or after it again.
        case turn(isBackward: Bool)
        case match
    }

    let source: String
    let ignoresCase: Bool
    let isMultiline: Bool
    let instructions: [Instruction]
    /// How many groups there are, apart from the match itself.
    let captureCount: Int
    let loopCount: Int
    /// What a match begins with, where that is known.
    let first: UnitSet?

    /// Compiles a pattern; `position` is its place in the expression, for errors.
    init(_ pattern: [UInt16], flags: [UInt16], position: Int) throws(Failure) {
        source = String(decoding: pattern, as: UTF16.self)
        ignoresCase = flags.contains(UInt16(ascii: "i"))
        isMultiline = flags.contains(UInt16(ascii: "m"))
        var parser = RegexParser(pattern, ignoresCase: ignoresCase)
        let node: RegexNode
        do throws(RegexParser.Problem) {
            // The flags may be given once each, as in JavaScript.
            guard Set(flags).count == flags.count else { throw RegexParser.Problem() }
            node = try parser.parse()
        } catch {
            throw Failure("S0303", position: position, value: .string(source))
        }
        var compiler = RegexCompiler(ignoresCase: ignoresCase)
        compiler.emit(node)
        compiler.instructions.append(.match)
        instructions = compiler.instructions
        captureCount = parser.captureCount
        loopCount = compiler.loopCount
        first = compiler.first
    }
}

/// Turns the parts of a regular expression into instructions.
struct RegexCompiler {
    let ignoresCase: Bool
    var instructions: [RegexProgram.Instruction] = []
    private(set) var loopCount = 0
    private var isBackward = false

    init(ignoresCase: Bool) {
        self.ignoresCase = ignoresCase
    }

    /// The set that the first instruction needs, if it needs one.
    var first: UnitSet? {
        for instruction in instructions {
            switch instruction {
            case .save: continue
            case .unit(let unit):
                return UnitSet([unit...unit], ignoresCase: ignoresCase)
            case .set(let set): return set
            case .run(let set, let least, _): return least > 0 ? set : nil
            default: return nil
            }
        }
        return nil
    }

    mutating func emit(_ node: RegexNode) {
        switch node {
        case .empty: break
        case .unit(let unit): instructions.append(.unit(ignoresCase ? unit.caseFolded : unit))
        case .set(let set): instructions.append(.set(set))
        case .sequence(let parts):
            for part in isBackward ? parts.reversed() : parts { emit(part) }
        case .alternatives(let choices): emit(alternatives: choices)
        case .capture(let content, let index):
            instructions.append(.save(isBackward ? 2 * index + 1 : 2 * index))
            emit(content)
            instructions.append(.save(isBackward ? 2 * index : 2 * index + 1))
        case .backreference(let index): instructions.append(.backreference(index))
        case .repetition(let content, let repetition): emit(content, repetition)
        case .lineStart: instructions.append(.lineStart)
        case .lineEnd: instructions.append(.lineEnd)
        case .wordBoundary(let isNegated): instructions.append(.wordBoundary(isNegated: isNegated))
        case .look(let content, let isBehind, let isNegated):
            emit(content, isBehind: isBehind, isNegated: isNegated)
        }
    }

    private mutating func emit(alternatives choices: [RegexNode]) {
        var ends: [Int] = []
        for choice in choices.dropLast() {
            let split = instructions.count
            instructions.append(.jump(0))
            emit(choice)
            ends.append(instructions.count)
            instructions.append(.jump(0))
            instructions[split] = .split(first: split + 1, second: instructions.count)
        }
        if let last = choices.last { emit(last) }
        for end in ends { instructions[end] = .jump(instructions.count) }
    }

    private mutating func emit(_ content: RegexNode, _ repetition: RegexRepetition) {
        if !isBackward, !repetition.isLazy, let set = singleSet(content) {
            instructions.append(.run(set, least: repetition.least, most: repetition.most))
            return
        }
        let loop = loopCount
        loopCount += 1
        instructions.append(.loopStart(loop))
        let test = instructions.count
        instructions.append(.jump(0))
        instructions.append(.loopEnter(loop, captures: repetition.captures))
        emit(content)
        instructions.append(.loopEnd(loop, least: repetition.least, test: test))
        instructions[test] = .loopTest(loop, repetition, exit: instructions.count)
    }

    private func singleSet(_ content: RegexNode) -> UnitSet? {
        switch content {
        case .set(let set): set
        case .unit(let unit): UnitSet([unit...unit], ignoresCase: ignoresCase)
        default: nil
        }
    }

    private mutating func emit(_ content: RegexNode, isBehind: Bool, isNegated: Bool) {
        let look = instructions.count
        let wasBackward = isBackward
        instructions.append(.jump(0))
        if isBehind != wasBackward { instructions.append(.turn(isBackward: isBehind)) }
        isBackward = isBehind
        emit(content)
        isBackward = wasBackward
        instructions.append(.match)
        instructions[look] = .look(isNegated: isNegated, end: instructions.count)
    }
}
