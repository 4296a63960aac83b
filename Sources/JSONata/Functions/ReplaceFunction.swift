extension MatchFunctions {
    @Sendable static func replace(_ call: Invocation) throws(Failure) -> Value {
        guard let text = call[0].string else { return .undefined }
        if case .string("") = call[1] { throw Failure("D3010", value: call[1]) }
        let limit = try limit(call[3], "D3011")
        switch call[1] {
        case .string(let pattern): return .string(try replace(pattern, in: text, limit, call))
        case .function(let matcher): return .string(try replace(matcher, in: text, limit, call))
        default: return .undefined
        }
    }

    private static func replace(
        _ pattern: String,
        in text: String,
        _ limit: Int,
        _ call: Invocation
    ) throws(Failure) -> String {
        try call.evaluator.spend(text.utf8.count)
        guard let replacement = call[2].string else { throw Failure("D3012", value: call[2]) }
        let parts = text.utf8Parts(between: pattern)
        let usedCount = limit < parts.count ? limit + 1 : parts.count
        let (used, rest) = (parts[..<usedCount], parts[usedCount...])
        try call.evaluator.allocate(bytes: text.utf8.count + parts.count * replacement.utf8.count)
        return ([used.joined(separator: replacement)] + rest).joined(separator: pattern)
    }

    private static func replace(
        _ matcher: FunctionValue,
        in text: String,
        _ limit: Int,
        _ call: Invocation
    ) throws(Failure) -> String {
        var cursor = try MatchCursor(matcher, text, call, limit: limit)
        let template = call[2].string.map { Array($0.utf16) }
        var result: [UInt16] = []
        var position = 0
        while let found = try cursor.next() {
            result += cursor.subject.units[position..<max(position, found.start)]
            let length = found.matched.string?.utf16.count ?? 0
            if let template {
                substitute(template, for: found, into: &result)
            } else {
                result += try call.replacement(of: found, next: cursor).utf16
            }
            try call.evaluator.allocate(elements: 1, total: result.count)
            position = min(found.start + length, cursor.length)
        }
        result += cursor.subject.units[position...]
        return String(decoding: result, as: UTF16.self)
    }

    /// Writes a replacement text with the groups that it names by `$1`, `$2` and so on.
    private static func substitute(_ template: [UInt16], for found: FoundMatch, into result: inout [UInt16]) {
        let groups = found.groups.array?.elements ?? []
        var index = 0
        while index < template.count {
            guard template[index] == .dollar else {
                result.append(template[index])
                index += 1
                continue
            }
            index += 1
            if index < template.count, template[index] == .dollar {
                result.append(.dollar)
                index += 1
            } else if index < template.count, template[index] == UInt16(ascii: "0") {
                result += found.matched.string?.utf16.map { $0 } ?? []
                index += 1
            } else if let (group, length) = groupNumber(template[index...], count: groups.count) {
                if group >= 1, group <= groups.count, let text = groups[group - 1].string { result += text.utf16 }
                index += length
            } else {
                result.append(.dollar)
            }
        }
    }

    /// The number of a group, of as many digits as the groups need, and one fewer if there is no such group.
    private static func groupNumber(_ text: ArraySlice<UInt16>, count: Int) -> (number: Int, length: Int)? {
        let digits = text.prefix(max(String(count).count, 1)).prefix { $0.isDigit }
        guard !digits.isEmpty else { return nil }
        var number = digits.reduce(0) { $0 * 10 + Int($1) - 48 }
        if digits.count > 1, number > count { number /= 10 }
        return (number, String(number).count)
    }
}

extension Invocation {
    /// What a function makes of a match.
    fileprivate func replacement(of found: FoundMatch, next cursor: MatchCursor) throws(Failure) -> String {
        guard case .function(let replacer) = self[2] else {
            throw Failure("D3012", value: self[2])
        }
        let match = Value.object([
            ("match", found.matched), ("start", .number(Double(found.start))), ("end", .number(Double(found.end))),
            ("groups", found.groups),
        ])
        let result = try evaluator.apply(replacer, [match], frame)
        guard case .string(let text) = result else { throw Failure("D3012", value: result) }
        return text
    }
}
