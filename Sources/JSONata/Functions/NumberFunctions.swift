import JSONTree

/// Functions on numbers.
enum NumberFunctions {
    static let all: [Builtin] = [
        Builtin("sum", "<a<n>:n>", arity: 1) { call throws(Failure) in
            try call.withNumbers { .number($0.reduce(0, +)) }
        },
        Builtin("max", "<a<n>:n>", arity: 1) { call throws(Failure) in
            try call.withNumbers { $0.isEmpty ? .undefined : .number($0.reduce(-.infinity, greater)) }
        },
        Builtin("min", "<a<n>:n>", arity: 1) { call throws(Failure) in
            try call.withNumbers { $0.isEmpty ? .undefined : .number($0.reduce(.infinity, lesser)) }
        },
        Builtin("average", "<a<n>:n>", arity: 1) { call throws(Failure) in
            try call.withNumbers { $0.isEmpty ? .undefined : .number($0.reduce(0, +) / Double($0.count)) }
        },
        Builtin("number", "<(nsb)-:n>", arity: 1, number),
        Builtin("abs", "<n-:n>", arity: 1) { call throws(Failure) in call.mapNumber(abs) },
        Builtin("floor", "<n-:n>", arity: 1) { call throws(Failure) in call.mapNumber { $0.rounded(.down) } },
        Builtin("ceil", "<n-:n>", arity: 1) { call throws(Failure) in call.mapNumber { $0.rounded(.up) } },
        Builtin("round", "<n-n?:n>", arity: 2) { call throws(Failure) in
            call.mapNumber { rounded($0, places: call[1].number ?? 0) }
        },
        Builtin("sqrt", "<n-:n>", arity: 1, squareRoot),
        Builtin("power", "<n-n:n>", arity: 2, power),
        Builtin("random", "<:n>", arity: 0) { call throws(Failure) in
            .number(call.evaluator.randomness.nextUnit())
        },
        Builtin("formatNumber", "<n-so?:s>", arity: 3, NumberPicture.format),
        Builtin("formatBase", "<n-n?:s>", arity: 2, formatBase),
        Builtin("formatInteger", "<n-s:s>", arity: 2, IntegerPicture.format),
        Builtin("parseInteger", "<s-s:n>", arity: 2, IntegerPicture.parse),
    ]

    private static func greater(_ left: Double, _ right: Double) -> Double {
        left.isNaN || right.isNaN ? .nan : max(left, right)
    }

    private static func lesser(_ left: Double, _ right: Double) -> Double {
        left.isNaN || right.isNaN ? .nan : min(left, right)
    }

    @Sendable private static func number(_ call: Invocation) throws(Failure) -> Value {
        switch call[0] {
        case .undefined: return .undefined
        case .bool(let value): return .number(value ? 1 : 0)
        case .string(let text):
            if let number = decimal(text) ?? prefixed(text) { return .number(number) }
        default:
            if call[0].number != nil { return call[0] }
        }
        throw Failure("D3030", value: call[0], inserts: ["index": 1])
    }

    private static func decimal(_ text: String) -> Double? {
        // Superfluous leading zeros are allowed, other than in JSON.
        let unsigned = text.utf8.drop { $0 == UInt8(ascii: "-") }
        guard text.utf8.count - unsigned.count <= 1, let first = unsigned.first, first >= 48, first <= 57 else {
            return nil
        }
        let significant = unsigned.drop { $0 == UInt8(ascii: "0") }
        let isBare = significant.first.map { $0 < 48 || $0 > 57 } ?? true
        let canonical = (isBare ? "0" : "") + String(decoding: significant, as: UTF8.self)
        guard let value = JSONNumber(text: canonical)?.doubleValue else { return nil }
        return text.utf8.first == UInt8(ascii: "-") ? -value : value
    }

    /// A number in hexadecimal, octal or binary, by its prefix.
    private static func prefixed(_ text: String) -> Double? {
        guard text.utf8.first == UInt8(ascii: "0") else { return nil }
        let radix: Int
        switch text.dropFirst().first {
        case "x", "X": radix = 16
        case "o", "O": radix = 8
        case "b", "B": radix = 2
        default: return nil
        }
        let digits = text.dropFirst(2)
        guard !digits.isEmpty else { return nil }
        var value = 0.0
        for digit in digits {
            guard digit.isASCII, let number = digit.hexDigitValue, number < radix else { return nil }
            value = value * Double(radix) + Double(number)
        }
        return value
    }

    /// The number rounded to decimal places, halves to the even neighbour.
    static func rounded(_ number: Double, places: Double) -> Double {
        guard number.isFinite else { return number }
        let places = places.isNaN ? 0 : places.rounded(.towardZero)
        let shifted = shift(number, by: places)
        var result = (shifted + 0.5).rounded(.down)
        // JavaScript rounds without adding first, which matters just below a half and beyond 2^52.
        if result - shifted > 0.5 { result -= 1 }
        if abs(shifted) >= 0x1p52 { result = shifted }
        if abs(result - shifted) == 0.5, result.truncatingRemainder(dividingBy: 2).magnitude == 1 { result -= 1 }
        return shift(result, by: -places) + 0
    }

    /// The number with its decimal point moved, by way of its text, so that no error comes in.
    private static func shift(_ number: Double, by places: Double) -> Double {
        guard places != 0 else { return number }
        let text = NumberText.text(number)
        let parts = text.split(separator: "e", maxSplits: 1)
        let exponent = (parts.count > 1 ? Double(parts[1]) ?? 0 : 0) + places
        guard let power = Int(exactly: exponent), let mantissa = parts.first else { return .nan }
        return Double("\(mantissa)e\(min(max(power, -2000), 2000))") ?? .nan
    }

    @Sendable private static func squareRoot(_ call: Invocation) throws(Failure) -> Value {
        guard let number = call[0].number else { return .undefined }
        guard !(number < 0) else { throw Failure("D3060", value: call[0], inserts: ["index": 1]) }
        return .number(number.squareRoot())
    }

    @Sendable private static func power(_ call: Invocation) throws(Failure) -> Value {
        guard let base = call[0].number else { return .undefined }
        let exponent = call[1].number ?? .nan
        let result = Power.of(base, exponent)
        guard result.isFinite else {
            var inserts: [String: JSON] = ["index": 1]
            if !exponent.isNaN { inserts["exp"] = NumberText.json(exponent) }
            throw Failure("D3061", value: call[0], inserts: inserts)
        }
        return .number(result)
    }

    @Sendable private static func formatBase(_ call: Invocation) throws(Failure) -> Value {
        guard let number = call[0].number else { return .undefined }
        let value = rounded(number, places: 0)
        let radix = rounded(call[1].number ?? 10, places: 0)
        guard radix >= 2, radix <= 36 else { throw Failure("D3100", value: .number(radix)) }
        if let integer = Int64(exactly: value), radix != 10 { return .string(String(integer, radix: Int(radix))) }
        guard radix != 10, value.isFinite else { return .string(NumberText.text(value)) }
        return .string(digits(of: value, radix: radix))
    }

    /// The digits of an integer beyond 64 bits.
    private static func digits(of value: Double, radix: Double) -> String {
        var digits: [Character] = []
        var rest = value.magnitude
        while rest >= 1 {
            digits.append(Character(String(Int(rest.truncatingRemainder(dividingBy: radix)), radix: Int(radix))))
            rest = (rest / radix).rounded(.down)
        }
        return (value < 0 ? "-" : "") + String(digits.reversed())
    }
}

extension Invocation {
    func mapNumber(_ body: (Double) -> Double) -> Value {
        guard let number = self[0].number else { return .undefined }
        return .number(body(number))
    }

    /// What a function makes of the first argument, an array of numbers.
    fileprivate func withNumbers(_ body: ([Double]) -> Value) throws(Failure) -> Value {
        guard case .array(let array) = self[0] else { return .undefined }
        try evaluator.spend(array.count)
        var numbers: [Double] = []
        numbers.reserveCapacity(array.count)
        for index in 0..<array.count { numbers.append(array[index].number ?? .nan) }
        return body(numbers)
    }
}
