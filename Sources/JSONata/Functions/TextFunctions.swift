import JSONTree

/// Functions on strings; places and lengths count Unicode scalars.
enum TextFunctions {
    static let all: [Builtin] = [
        Builtin("string", "<x-b?:s>", arity: 1, string),
        Builtin("substring", "<s-nn?:s>", arity: 3, substring),
        Builtin("substringBefore", "<s-s:s>", arity: 2) { call throws(Failure) in
            try cut(call, isBefore: true)
        },
        Builtin("substringAfter", "<s-s:s>", arity: 2) { call throws(Failure) in
            try cut(call, isBefore: false)
        },
        Builtin("lowercase", "<s-:s>", arity: 1) { call throws(Failure) in try call.mapText { $0.lowercased() } },
        Builtin("uppercase", "<s-:s>", arity: 1) { call throws(Failure) in try call.mapText { $0.uppercased() } },
        Builtin("length", "<s-:n>", arity: 1) { call throws(Failure) in
            try call.withText { .number(Double($0.unicodeScalars.count)) }
        },
        Builtin("trim", "<s-:s>", arity: 1) { call throws(Failure) in try call.mapText(trim) },
        Builtin("pad", "<s-ns?:s>", arity: 3, pad),
        Builtin("join", "<a<s>s?:s>", arity: 2, join),
    ]

    @Sendable private static func string(_ call: Invocation) throws(Failure) -> Value {
        // By far the most frequent numbers need none of the writer's care.
        if case .number(let number) = call[0], let integer = Int32(exactly: number) { return .string(String(integer)) }
        let isPretty = try call[1].isTrue()
        return try TextWriter.text(of: call[0], isPretty: isPretty, evaluator: call.evaluator).map(Value.string)
            ?? .undefined
    }

    @Sendable private static func substring(_ call: Invocation) throws(Failure) -> Value {
        guard let text = call[0].string else { return .undefined }
        try call.evaluator.spend(text.utf8.count)
        let scalars = text.unicodeScalars
        let count = Double(scalars.count)
        var start = call[1].number ?? 0
        if count + start < 0 { start = 0 }
        var end = count
        if let length = call[2].number {
            guard length > 0, call[1].number != nil else { return .string("") }
            end = start >= 0 ? start + length : count + start + length
        }
        let from = slice(start, count)
        let to = slice(end, count)
        guard from < to else { return .string("") }
        return .string(String(scalars.dropFirst(from).prefix(to - from)))
    }

    /// A place as `Array.slice` of JavaScript takes it: whole, and from the end where it is negative.
    private static func slice(_ place: Double, _ count: Double) -> Int {
        let whole = place.isNaN ? 0 : place.rounded(.towardZero)
        return Int(min(max(whole < 0 ? count + whole : whole, 0), count))
    }

    /// The part of a text before or after the first place where another one stands.
    private static func cut(_ call: Invocation, isBefore: Bool) throws(Failure) -> Value {
        guard let text = call[0].string else { return .undefined }
        try call.evaluator.spend(text.utf8.count)
        let token = call[1].string ?? "undefined"
        guard !token.isEmpty else { return .string(isBefore ? "" : text) }
        guard let range = text.firstUTF8Range(of: token) else { return .string(text) }
        return .string(String(isBefore ? text[..<range.lowerBound] : text[range.upperBound...]))
    }

    /// The text with every run of blanks as one blank, and none at its ends.
    @Sendable private static func trim(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var isPending = false
        for scalar in text.unicodeScalars {
            if scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r" {
                isPending = true
                continue
            }
            if isPending, !result.isEmpty { result.append(" ") }
            isPending = false
            result.append(scalar)
        }
        return String(result)
    }

    @Sendable private static func pad(_ call: Invocation) throws(Failure) -> Value {
        guard let text = call[0].string, let width = call[1].number else { return call[0] }
        let filling = Array((call[2].string.flatMap { $0.isEmpty ? nil : $0 } ?? " ").unicodeScalars)
        let missing = abs(width).rounded(.down) - Double(text.unicodeScalars.count)
        guard missing > 0 else { return .string(text) }
        let limit = call.evaluator.limits.textSizeMax
        let count = missing < Double(limit) ? Int(missing) : limit &+ 1
        try call.evaluator.allocate(bytes: count)
        var padding = String.UnicodeScalarView()
        for index in 0..<count { padding.append(filling[index % filling.count]) }
        return .string(width > 0 ? text + String(padding) : String(padding) + text)
    }

    @Sendable private static func join(_ call: Invocation) throws(Failure) -> Value {
        guard case .array(let parts) = call[0] else { return .undefined }
        let texts = parts.elements.map { $0.string ?? "" }
        let separator = call[1].string ?? ""
        try call.evaluator.allocate(bytes: texts.reduce(0) { $0 + $1.utf8.count + separator.utf8.count })
        return .string(texts.joined(separator: separator))
    }
}

extension Invocation {
    /// What a function makes of the first argument, if it is a string.
    func withText(_ body: (String) throws(Failure) -> Value) throws(Failure) -> Value {
        guard case .string(let text) = self[0] else { return .undefined }
        try evaluator.spend(text.utf8.count)
        return try body(text)
    }

    func mapText(_ body: (String) -> String) throws(Failure) -> Value {
        try withText { text throws(Failure) in .string(body(text)) }
    }
}
