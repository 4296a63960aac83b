/// One match, of a regular expression or of a function that behaves like one.
struct FoundMatch {
    let matched: Value
    let start: Int
    let end: Int
    let groups: Value
}

/// Goes from match to match.
struct MatchCursor {
    let subject: RegexSubject
    private let evaluator: Evaluator
    private let frame: Frame
    private let limit: Int
    private var count = 0
    private var regex: (program: RegexProgram, position: Int, matcher: RegexMatcher)?
    private var offset = 0
    /// What to call for the next match, where the matcher is no regular expression of ours.
    private var function: FunctionValue?
    private var arguments: [Value]

    init(_ matcher: FunctionValue, _ text: String, _ call: Invocation, limit: Int) throws(Failure) {
        evaluator = call.evaluator
        frame = call.frame
        self.limit = limit
        subject = RegexSubject(text)
        arguments = [.string(text)]
        if case .regex(let program, let position) = matcher {
            regex = (program, position, RegexMatcher(program, subject, call.evaluator))
        } else {
            function = matcher
        }
        try call.evaluator.spend(subject.units.count)
    }

    /// The length of the text in code units.
    var length: Int {
        subject.units.count
    }

    /// Whether more matches would have been taken.
    var isBelowLimit: Bool {
        count < limit
    }

    mutating func next() throws(Failure) -> FoundMatch? {
        guard count < limit else { return nil }
        let found = regex == nil ? try callMatcher() : try search()
        if found != nil { count += 1 }
        return found
    }

    private mutating func search() throws(Failure) -> FoundMatch? {
        guard let (program, position, _) = regex, count == 0 || offset < subject.units.count else { return nil }
        guard let match = try regex?.matcher.firstMatch(from: offset) else { return nil }
        guard count == 0 || !match.range.isEmpty else {
            throw Failure("D1004", position: position, value: .string(program.source))
        }
        offset = match.range.upperBound
        return FoundMatch(
            matched: .string(subject.text(match.range)),
            start: match.range.lowerBound,
            end: match.range.upperBound,
            groups: match.groups(in: subject, program)
        )
    }

    private mutating func callMatcher() throws(Failure) -> FoundMatch? {
        guard let matcher = function else { return nil }
        let result = try evaluator.apply(matcher, arguments, frame)
        guard case .object(let object) = result else {
            // As in the reference implementation, what is no object has to be false to mean that there is no match.
            if result.isUndefined { return nil }
            throw Failure("T1010")
        }
        let (start, end, groups) = (object["start"], object["end"], object["groups"])
        guard start.number != nil || end.number != nil || groups.array != nil || object["next"].function != nil else {
            throw Failure("T1010")
        }
        function = object["next"].function
        arguments = []
        return FoundMatch(
            matched: object["match"],
            start: offset(start),
            end: offset(end),
            groups: groups
        )
    }

    private func offset(_ value: Value) -> Int {
        min(max(Int(exactly: (value.number ?? 0).rounded(.down)) ?? 0, 0), subject.units.count)
    }
}
