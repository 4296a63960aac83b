import JSONTree

/// Functions that look for matches of regular expressions, or of functions that behave like them.
enum MatchFunctions {
    static let all: [Builtin] = [
        Builtin("match", "<s-f<s:o>n?:a<o>>", arity: 3, match),
        Builtin("contains", "<s-(sf):b>", arity: 2, contains),
        Builtin("replace", "<s-(sf)(sf)n?:s>", arity: 4, replace),
        Builtin("split", "<s-(sf)n?:a<s>>", arity: 3, split),
    ]

    @Sendable private static func match(_ call: Invocation) throws(Failure) -> Value {
        guard let text = call[0].string else { return .undefined }
        let limit = try limit(call[2], "D3040")
        guard case .function(let matcher) = call[1] else { return .undefined }
        var results: [Value] = []
        var cursor = try MatchCursor(matcher, text, call, limit: limit)
        while let found = try cursor.next() {
            results.append(
                .object([
                    ("match", found.matched), ("index", .number(Double(found.start))), ("groups", found.groups),
                ])
            )
        }
        return .sequence(results)
    }

    @Sendable private static func contains(_ call: Invocation) throws(Failure) -> Value {
        guard let text = call[0].string else { return .undefined }
        switch call[1] {
        case .string(let token):
            try call.evaluator.spend(text.utf8.count)
            return .bool(token.isEmpty || text.firstUTF8Range(of: token) != nil)
        case .function(let matcher):
            var cursor = try MatchCursor(matcher, text, call, limit: 1)
            return .bool(try cursor.next() != nil)
        default: return .undefined
        }
    }

    @Sendable private static func split(_ call: Invocation) throws(Failure) -> Value {
        guard let text = call[0].string else { return .undefined }
        let limit = try limit(call[2], "D3020")
        try call.evaluator.spend(text.utf8.count)
        switch call[1] {
        case .string(let separator):
            let parts = separator.isEmpty ? text.unicodeScalars.map { String($0) } : text.utf8Parts(between: separator)
            try call.evaluator.allocate(elements: parts.count)
            // Only here a limit is rounded down, because JavaScript's own `split` does so.
            let whole = call[2].number.map { Int(exactly: $0.rounded(.down)) ?? limit } ?? limit
            return Value(flat: parts.prefix(whole).map { .string($0) })
        case .function(let matcher):
            var parts: [Value] = []
            var start = 0
            var cursor = try MatchCursor(matcher, text, call, limit: limit)
            while let found = try cursor.next() {
                parts.append(.string(cursor.subject.text(start..<max(start, found.start))))
                start = found.end
            }
            if cursor.isBelowLimit { parts.append(.string(cursor.subject.text(start..<max(start, cursor.length)))) }
            return Value(parts)
        default: return .undefined
        }
    }

    /// A limit of matches, rounded up; no limit is the largest one.
    static func limit(_ value: Value, _ code: String) throws(Failure) -> Int {
        guard let number = value.number else { return .max }
        if number.isNaN { return 0 }
        guard number >= 0 else { throw Failure(code, value: value) }
        return Int(exactly: number.rounded(.up)) ?? .max
    }

    // MARK: - Regular expressions as functions

    /// The first match of a regular expression that is called like a function.
    static func firstMatch(
        _ program: RegexProgram,
        _ arguments: [Value],
        _ position: Int,
        _ evaluator: Evaluator
    ) throws(Failure) -> Value {
        let text = try arguments.first.flatMap { value throws(Failure) in
            try TextWriter.text(of: value, evaluator: evaluator)
        }
        let offset = arguments.count > 1 ? arguments[1].number ?? 0 : 0
        let subject = RegexSubject(text ?? "undefined")
        return try match(program, subject, Int(exactly: offset.rounded(.down)) ?? 0, position, evaluator)
    }

    /// The match after another one.
    static func match(after last: NextMatch, _ evaluator: Evaluator) throws(Failure) -> Value {
        guard last.offset < last.subject.units.count else { return .undefined }
        let next = try match(last.program, last.subject, last.offset, last.position, evaluator)
        if case .object(let object) = next, object["match"].string?.isEmpty == true {
            throw Failure("D1004", position: last.position, value: .string(last.program.source))
        }
        return next
    }

    private static func match(
        _ program: RegexProgram,
        _ subject: RegexSubject,
        _ offset: Int,
        _ position: Int,
        _ evaluator: Evaluator
    ) throws(Failure) -> Value {
        try evaluator.spend(subject.units.count)
        var matcher = RegexMatcher(program, subject, evaluator)
        guard let found = try matcher.firstMatch(from: offset) else { return .undefined }
        let next = NextMatch(program: program, subject: subject, offset: found.range.upperBound, position: position)
        evaluator.hold(next)
        return .object([
            ("match", .string(subject.text(found.range))),
            ("start", .number(Double(found.range.lowerBound))),
            ("end", .number(Double(found.range.upperBound))),
            ("groups", found.groups(in: subject, program)),
            ("next", .function(.nextMatch(next))),
        ])
    }
}

extension RegexMatch {
    /// The texts of the groups; undefined for those that took no part.
    func groups(in subject: RegexSubject, _ program: RegexProgram) -> Value {
        let texts: [Value] = (0..<program.captureCount).map { index in
            group(index + 1).map { .string(subject.text($0)) } ?? .undefined
        }
        return Value(texts)
    }
}

extension String {
    /// Where a text that is not empty stands first, compared byte by byte.
    func firstUTF8Range(of token: String, from start: Index? = nil) -> Range<Index>? {
        let bytes = Array(utf8[(start ?? startIndex)...])
        let wanted = Array(token.utf8)
        guard let first = wanted.first, bytes.count >= wanted.count else { return nil }
        for offset in 0...(bytes.count - wanted.count)
        where bytes[offset] == first && bytes[offset..<offset + wanted.count].elementsEqual(wanted) {
            let lower = utf8.index(start ?? startIndex, offsetBy: offset)
            return lower..<utf8.index(lower, offsetBy: wanted.count)
        }
        return nil
    }

    /// The parts between the places where a separator that is not empty stands.
    func utf8Parts(between separator: String) -> [String] {
        let bytes = Array(utf8)
        let wanted = Array(separator.utf8)
        guard let first = wanted.first else { return [self] }
        var parts: [String] = []
        var start = 0
        var offset = 0
        while offset + wanted.count <= bytes.count {
            if bytes[offset] == first, bytes[offset..<offset + wanted.count].elementsEqual(wanted) {
                parts.append(String(decoding: bytes[start..<offset], as: UTF8.self))
                offset += wanted.count
                start = offset
            } else {
                offset += 1
            }
        }
        parts.append(String(decoding: bytes[start...], as: UTF8.self))
        return parts
    }
}
