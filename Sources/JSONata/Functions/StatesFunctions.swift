import JSONTree

/// The functions that AWS Step Functions adds to JSONata, and those that are stricter there.
enum StatesFunctions {
    static let all: [Builtin] = [
        Builtin("partition", "<xn?:a>", arity: 2, partition),
        Builtin("range", "<nnn?:a>", arity: 3, range),
        Builtin("hash", "<s-s:s>", arity: 2, hash),
        Builtin("random", "<n?:n>", arity: 1, random),
        Builtin("uuid", "<:s>", arity: 0) { call throws(Failure) in .string(uuid(&call.evaluator.randomness)) },
        Builtin("parse", "<s-:x>", arity: 1, parse),
        Builtin("base64decode", "<s-:s>", arity: 1, base64Decode),
    ]

    /// Cuts an array into arrays of a size, of which the last may be shorter; without a size there is one.
    @Sendable private static func partition(_ call: Invocation) throws(Failure) -> Value {
        if call[0].isUndefined { return .undefined }
        guard case .array(let array) = call[0] else {
            throw Failure("T0412", value: call[0], inserts: ["index": 1])
        }
        let size = (call[1].number ?? Double(array.count)).rounded(.towardZero)
        guard !(size < 0) else { throw Failure("D3137", message: "Second argument must be zero or greater") }
        guard size >= 1, !array.isEmpty else { return .undefined }
        try call.evaluator.allocate(elements: 2 * array.count)
        let elements = array.elements
        let step = Int(min(size, Double(elements.count)))
        let starts = stride(from: 0, to: elements.count, by: step)
        return Value(starts.map { Value(Array(elements[$0..<min($0 + step, elements.count)])) })
    }

    /// How many numbers a range with a step may have: the service was seen to stop there.
    private static let rangeCountMax = 360_145

    /// The integers from the first up or down to the last, by a step; numbers lose their fractions.
    @Sendable private static func range(_ call: Invocation) throws(Failure) -> Value {
        let numbers = call.arguments.prefix(3).compactMap { $0.number?.rounded(.towardZero) }
        guard numbers.count == 3, numbers.allSatisfy(\.isFinite), numbers[2] != 0 else { return .undefined }
        let (first, last, step) = (numbers[0], numbers[1], numbers[2])
        let count = ((last - first) / step).rounded(.down) + 1
        guard count >= 1 else { return .undefined }
        let whole = Int(exactly: count) ?? .max
        try call.evaluator.check(whole, against: rangeCountMax)
        try call.evaluator.allocate(elements: whole)
        return .sequence((0..<whole).map { .number(first + Double($0) * step) })
    }

    @Sendable private static func hash(_ call: Invocation) throws(Failure) -> Value {
        guard let text = call[0].string, let name = call[1].string else { return .undefined }
        try call.evaluator.spend(8 * text.utf8.count)
        guard let digest = Digest.of(Array(text.utf8), algorithm: name) else {
            throw Failure(
                "D3137",
                message: "Hash algorithm '\(name)' must be one of SHA-1, SHA-384, SHA-256, SHA-512, MD5"
            )
        }
        return .string(digest)
    }

    @Sendable private static func random(_ call: Invocation) throws(Failure) -> Value {
        guard let seed = call[0].number else { return .number(call.evaluator.randomness.nextUnit()) }
        var random = JavaRandom(seed: Int64(exactly: seed.rounded(.towardZero)) ?? 0)
        return .number(random.nextUnit())
    }

    /// A random UUID (version 4).
    private static func uuid(_ randomness: inout Randomness) -> String {
        let high = randomness.next() & ~0xF000 | 0x4000
        let low = randomness.next() & ~(0b11 << 62) | (0b10 << 62)
        let digits = [high, low].map { word in
            let text = String(word, radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }
        .joined()
        var groups: [Substring] = []
        var rest = digits[...]
        for length in [8, 4, 4, 4, 12] {
            groups.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return groups.joined(separator: "-")
    }

    @Sendable private static func base64Decode(_ call: Invocation) throws(Failure) -> Value {
        if let text = call[0].string, !EncodingFunctions.isBase64(text) { throw Failure("U1003") }
        return try call.mapText(EncodingFunctions.fromBase64)
    }

    @Sendable private static func parse(_ call: Invocation) throws(Failure) -> Value {
        guard let text = call[0].string else { return .undefined }
        try call.evaluator.spend(text.utf8.count)
        guard let json = try? JSON(parsing: text, options: JSONParserOptions(loneSurrogates: .replace)),
            hasFiniteNumbers(json)
        else { throw Failure("D3137", message: "Invalid JSON") }
        return Value(json)
    }

    /// Whether a double can hold every number of a value.
    private static func hasFiniteNumbers(_ json: JSON) -> Bool {
        var open = [json]
        while let value = open.popLast() {
            if let elements = value.arrayValue { open += elements }
            if let members = value.objectValue { open += members.map(\.value) }
            if case .number(let number) = value, number.doubleValue == nil { return false }
        }
        return true
    }
}
