/// A string in which matches are looked for.
final class RegexSubject {
    let units: [UInt16]

    init(_ text: String) {
        units = Array(text.utf16)
    }

    func text(_ range: Range<Int>) -> String {
        String(decoding: units[range.clamped(to: 0..<units.count)], as: UTF16.self)
    }
}

/// Where a match and its groups are.
struct RegexMatch {
    /// The ends of the match and of its groups, in code units; negative where a group took no part.
    let ends: [Int]

    var range: Range<Int> {
        ends[0]..<ends[1]
    }

    func group(_ index: Int) -> Range<Int>? {
        let (start, end) = (ends[2 * index], ends[2 * index + 1])
        return start >= 0 && end >= start ? start..<end : nil
    }
}

/// Runs a compiled regular expression, with a stack of its own to come back to.
struct RegexMatcher {
    private enum Entry {
        case branch(instruction: Int, position: Int)
        case run(instruction: Int, least: Int, position: Int)
        case end(slot: Int, value: Int)
        case loop(Int, round: Int, start: Int)
    }

    private let program: RegexProgram
    private let units: [UInt16]
    private let evaluator: Evaluator
    private var stack: [Entry] = []
    private var ends: [Int]
    private var rounds: [Int]
    private var starts: [Int]
    private var work = 0

    private static let stackMax = 1_000_000
    private static let workBetweenChecks = 1024

    init(_ program: RegexProgram, _ subject: RegexSubject, _ evaluator: Evaluator) {
        self.program = program
        self.evaluator = evaluator
        units = subject.units
        ends = Array(repeating: -1, count: 2 * program.captureCount + 2)
        rounds = Array(repeating: 0, count: program.loopCount)
        starts = rounds
    }

    /// The first match at or after an offset.
    mutating func firstMatch(from offset: Int) throws(Failure) -> RegexMatch? {
        guard offset >= 0, offset <= units.count else { return nil }
        for start in offset...units.count {
            if let first = program.first {
                try count()
                guard start < units.count, first.contains(units[start]) else { continue }
            }
            for index in ends.indices { ends[index] = -1 }
            stack.removeAll(keepingCapacity: true)
            if let end = try run(from: 0, at: start, isBackward: false) {
                ends[0] = start
                ends[1] = end
                try evaluator.spend(work)
                return RegexMatch(ends: ends)
            }
        }
        try evaluator.spend(work)
        work = 0
        return nil
    }

    @inline(__always)
    private mutating func count() throws(Failure) {
        work += 1
        guard work >= RegexMatcher.workBetweenChecks else { return }
        try evaluator.spend(work)
        work = 0
        guard stack.count <= RegexMatcher.stackMax else { throw Failure("U1001", message: ErrorCatalogue.timeout) }
    }

    /// Runs from an instruction until a match, and answers where it ends; nothing where there is none.
    private mutating func run(from first: Int, at start: Int, isBackward: Bool) throws(Failure) -> Int? {
        let base = stack.count
        var isBackward = isBackward
        var instruction = first
        var position = start
        while true {
            try count()
            var isMatching = true
            switch program.instructions[instruction] {
            case .match: return position
            case .unit(let unit):
                isMatching = step(&position, isBackward) { $0 == unit }
                instruction += 1
            case .set(let set):
                isMatching = stepExactly(&position, isBackward, set)
                instruction += 1
            case .run(let set, let least, let most):
                instruction += 1
                isMatching = try scan(set, least, most, &position, next: instruction)
            case .split(let first, let second):
                stack.append(.branch(instruction: second, position: position))
                instruction = first
            case .jump(let target): instruction = target
            case .save(let slot):
                save(slot, position)
                instruction += 1
            case .turn(let turned):
                isBackward = turned
                instruction += 1
            case .look(let isNegated, let end):
                isMatching = try look(isNegated, from: instruction + 1, at: position, isBackward)
                instruction = end
            case .backreference(let group):
                isMatching = try match(group, &position, isBackward)
                instruction += 1
            case .lineStart:
                isMatching = position == 0 || program.isMultiline && units[position - 1].isLineEnd
                instruction += 1
            case .lineEnd:
                isMatching = position == units.count || program.isMultiline && units[position].isLineEnd
                instruction += 1
            case .wordBoundary(let isNegated):
                isMatching = isWordBoundary(position) != isNegated
                instruction += 1
            default: isMatching = loop(&instruction, position)
            }
            if !isMatching, !comeBack(to: base, &instruction, &position) { return nil }
        }
    }

    /// Goes back to the last place where another way was left.
    private mutating func comeBack(to base: Int, _ instruction: inout Int, _ position: inout Int) -> Bool {
        while stack.count > base, let entry = stack.popLast() {
            switch entry {
            case .branch(let target, let place):
                instruction = target
                position = place
                return true
            case .run(let target, let least, let place):
                if place - 1 > least { stack.append(.run(instruction: target, least: least, position: place - 1)) }
                instruction = target
                position = place - 1
                return true
            case .end(let slot, let value): ends[slot] = value
            case .loop(let loop, let round, let start):
                rounds[loop] = round
                starts[loop] = start
            }
        }
        return false
    }

    private mutating func save(_ slot: Int, _ value: Int) {
        stack.append(.end(slot: slot, value: ends[slot]))
        ends[slot] = value
    }
}

extension RegexMatcher {
    @inline(__always)
    private func step(_ position: inout Int, _ isBackward: Bool, _ fits: (UInt16) -> Bool) -> Bool {
        let index = isBackward ? position - 1 : position
        guard index >= 0, index < units.count else { return false }
        let unit = program.ignoresCase ? units[index].caseFolded : units[index]
        guard fits(unit) else { return false }
        position += isBackward ? -1 : 1
        return true
    }

    @inline(__always)
    private func stepExactly(_ position: inout Int, _ isBackward: Bool, _ set: UnitSet) -> Bool {
        let index = isBackward ? position - 1 : position
        guard index >= 0, index < units.count, set.contains(units[index]) else { return false }
        position += isBackward ? -1 : 1
        return true
    }

    private mutating func scan(
        _ set: UnitSet,
        _ least: Int,
        _ most: Int,
        _ position: inout Int,
        next: Int
    ) throws(Failure) -> Bool {
        let start = position
        let end = units.count - start > most ? start + most : units.count
        while position < end, set.contains(units[position]) { position += 1 }
        work += position - start
        guard position - start >= least else { return false }
        if position > start + least {
            stack.append(.run(instruction: next, least: start + least, position: position))
        }
        return true
    }

    private mutating func look(
        _ isNegated: Bool,
        from first: Int,
        at position: Int,
        _ isBackward: Bool
    ) throws(Failure) -> Bool {
        let height = stack.count
        let saved = ends
        let isFound = try run(from: first, at: position, isBackward: isBackward) != nil
        // What is inside is not tried again, but what it changed is undone when the way here is given up.
        stack.removeSubrange(height...)
        if isNegated || !isFound {
            ends = saved
        } else {
            for slot in ends.indices where ends[slot] != saved[slot] {
                stack.append(.end(slot: slot, value: saved[slot]))
            }
        }
        return isFound != isNegated
    }

    private mutating func match(_ group: Int, _ position: inout Int, _ isBackward: Bool) throws(Failure) -> Bool {
        let (start, end) = (ends[2 * group], ends[2 * group + 1])
        guard start >= 0, end >= start else { return true }
        let count = end - start
        let place = isBackward ? position - count : position
        guard place >= 0, place + count <= units.count else { return false }
        work += count
        for offset in 0..<count {
            let (left, right) = (units[start + offset], units[place + offset])
            guard left == right || program.ignoresCase && left.caseFolded == right.caseFolded else { return false }
        }
        position += isBackward ? -count : count
        return true
    }

    private func isWordBoundary(_ position: Int) -> Bool {
        let before = position > 0 && units[position - 1].isWordUnit
        let after = position < units.count && units[position].isWordUnit
        return before != after
    }

    /// Runs an instruction of a loop.
    private mutating func loop(_ instruction: inout Int, _ position: Int) -> Bool {
        switch program.instructions[instruction] {
        case .loopStart(let loop):
            stack.append(.loop(loop, round: rounds[loop], start: starts[loop]))
            rounds[loop] = 0
            instruction += 1
        case .loopTest(let loop, let repetition, let exit):
            if rounds[loop] < repetition.least {
                instruction += 1
            } else if rounds[loop] >= repetition.most {
                instruction = exit
            } else {
                let (first, second) = repetition.isLazy ? (exit, instruction + 1) : (instruction + 1, exit)
                stack.append(.branch(instruction: second, position: position))
                instruction = first
            }
        case .loopEnter(let loop, let captures):
            stack.append(.loop(loop, round: rounds[loop], start: starts[loop]))
            rounds[loop] += 1
            starts[loop] = position
            for group in captures where ends[2 * group] >= 0 || ends[2 * group + 1] >= 0 {
                save(2 * group, -1)
                save(2 * group + 1, -1)
            }
            instruction += 1
        case .loopEnd(let loop, let least, let test):
            // A round that matched nothing would go on for ever.
            guard position != starts[loop] || rounds[loop] <= least else { return false }
            instruction = test
        default: break
        }
        return true
    }
}
