import JSONTree

/// Functions on dates and times.
enum DateFunctions {
    static let all: [Builtin] = [
        Builtin("now", "<s?s?:s>", arity: 2) { call throws(Failure) in
            let now = Double(call.evaluator.now)
            return .string(try DateFormatting.text(now, picture: call[0].string, zone: call[1].string))
        },
        Builtin("millis", "<:n>", arity: 0) { call throws(Failure) in .number(Double(call.evaluator.now)) },
        Builtin("fromMillis", "<n-s?s?:s>", arity: 3) { call throws(Failure) in
            guard let milliseconds = call[0].number else { return .undefined }
            try call.evaluator.spend(32 * (call[1].string?.utf8.count ?? 1))
            return .string(try DateFormatting.text(milliseconds, picture: call[1].string, zone: call[2].string))
        },
        Builtin("toMillis", "<s-s?:n>", arity: 2, toMillis),
    ]

    @Sendable private static func toMillis(_ call: Invocation) throws(Failure) -> Value {
        guard let text = call[0].string else { return .undefined }
        try call.evaluator.spend(text.utf8.count)
        guard let picture = call[1].string else {
            guard let milliseconds = ISODate.milliseconds(text) else { throw Failure("D3110", value: call[0]) }
            return .number(milliseconds)
        }
        return try DateParsing.milliseconds(text, picture: picture, call.evaluator).map(Value.number) ?? .undefined
    }
}
