import JSONTree

/// The functions that AWS Step Functions adds to JSONata, and those that are stricter there.
enum StatesFunctions {
    static let all: [Builtin] = [
        Builtin("partition", "<an:a>", arity: 2, partition),
        Builtin("range", "<nnn:a>", arity: 3, range),
        Builtin("hash", "<s-s:s>", arity: 2, hash),
        Builtin("random", "<n?:n>", arity: 1, random),
        Builtin("uuid", "<:s>", arity: 0) { call throws(Failure) in .string(uuid(&call.evaluator.randomness)) },
        Builtin("parse", "<s-:x>", arity: 1, parse),
        Builtin("base64decode", "<s-:s>", arity: 1, base64Decode),
    ]

    /// Cuts an array into arrays of a size, of which the last may be shorter.
    @Sendable private static func partition(_ call: Invocation) throws(Failure) -> Value {
        guard case .array(let array) = call[0], let size = call[1].number else { return .undefined }
        let whole = size.rounded(.down)
        guard whole >= 1, let step = Int(exactly: min(whole, 1e9)) else {
            throw Failure("D3137", message: "The chunk size of $partition() must be a positive integer")
        }
        try call.evaluator.allocate(elements: 2 * array.count)
        let elements = array.elements
        let starts = stride(from: 0, to: elements.count, by: step)
        return Value(starts.map { Value(Array(elements[$0..<min($0 + step, elements.count)])) })
    }

    /// How many numbers a range may have.
    private static let rangeCountMax = 1_000_000.0

    /// The numbers from the first up or down to the last, by a step.
    @Sendable private static func range(_ call: Invocation) throws(Failure) -> Value {
        guard let first = call[0].number, let last = call[1].number, let step = call[2].number else {
            return .undefined
        }
        guard step != 0, step.isFinite, first.isFinite, last.isFinite else {
            throw Failure("D3137", message: "The step of $range() must not be 0")
        }
        let count = ((last - first) / step).rounded(.down) + 1
        guard count <= rangeCountMax else { throw Failure("D2014", value: .number(count)) }
        guard count >= 1 else { return .sequence([]) }
        try call.evaluator.allocate(elements: Int(count))
        return .sequence((0..<Int(count)).map { .number(first + Double($0) * step) })
    }

    @Sendable private static func hash(_ call: Invocation) throws(Failure) -> Value {
        guard let text = call[0].string, let name = call[1].string else { return .undefined }
        try call.evaluator.spend(8 * text.utf8.count)
        guard let digest = Digest.of(Array(text.utf8), algorithm: name) else {
            throw Failure(
                "D3137",
                message: "The algorithm of $hash() must be one of MD5, SHA-1, SHA-256, SHA-384 and SHA-512"
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
        let options = JSONParserOptions(duplicateKeys: .keepLast, loneSurrogates: .replace)
        do throws(JSONSyntaxError) {
            return Value(try JSON(parsing: text, options: options))
        } catch {
            throw Failure("D3137", message: "The argument of $parse() is not JSON: \(error.description)")
        }
    }
}
