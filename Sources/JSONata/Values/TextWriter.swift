import JSONTree

/// Writes values as `$string` does: JSON with numbers of at most 15 significant digits, functions as empty strings.
struct TextWriter {
    private let evaluator: Evaluator
    private let isPretty: Bool
    private var output: [UInt8] = []
    private var depth = 0

    /// The text of a value; `nil` for undefined.
    static func text(of value: Value, isPretty: Bool = false, evaluator: Evaluator) throws(Failure) -> String? {
        switch value {
        case .undefined: return nil
        case .string(let text): return text
        case .function: return ""
        case .null: return "null"
        case .bool(let value): return value ? "true" : "false"
        case .wideInteger(let value): return NumberText.text(NumberText.rounded(Double(value)))
        case .number(let number):
            guard number.isFinite else {
                throw Failure("D3001", value: value)
            }
            return NumberText.text(NumberText.rounded(number))
        case .array(let array) where array.marks.contains(.wrapsInput) && !array.isEmpty:
            return try text(of: array[0], isPretty: isPretty, evaluator: evaluator)
        default:
            var writer = TextWriter(evaluator: evaluator, isPretty: isPretty)
            try writer.write(value)
            return String(decoding: writer.output, as: UTF8.self)
        }
    }

    private init(evaluator: Evaluator, isPretty: Bool) {
        self.evaluator = evaluator
        self.isPretty = isPretty
    }

    private mutating func write(_ value: Value) throws(Failure) {
        switch value {
        case .undefined, .null: append("null")
        case .bool(let value): append(value ? "true" : "false")
        case .number(let number):
            if number.isInfinite { throw Failure("D1001", inserts: ["value": .null]) }
            append(number.isNaN ? "null" : NumberText.text(NumberText.rounded(number)))
        case .wideInteger(let value): append(NumberText.text(NumberText.rounded(Double(value))))
        case .string(let text): write(string: text)
        case .function: append("\"\"")
        case .tuples(let tuples): try write(ArrayValue(tuples.map(\.value)))
        case .array(let array): try write(array)
        case .object(let object): try write(object)
        }
    }

    private func checkSize() throws(Failure) {
        try evaluator.spend(8)
        guard output.count <= evaluator.limits.textSizeMax else {
            throw Failure("U1001", message: ErrorCatalogue.size)
        }
    }

    private mutating func append(_ text: String) {
        output += text.utf8
    }

    private mutating func write(_ array: ArrayValue) throws(Failure) {
        guard !array.isEmpty else { return append("[]") }
        try open("[")
        for index in 0..<array.count {
            breakLine(isFirst: index == 0)
            try write(array[index])
            try checkSize()
        }
        close("]")
    }

    private mutating func write(_ object: ObjectValue) throws(Failure) {
        var isFirst = true
        for (position, key) in object.keys.enumerated() {
            let value = object.value(at: position)
            if value.isUndefined { continue }
            if isFirst { try open("{") }
            breakLine(isFirst: isFirst)
            isFirst = false
            write(string: key)
            append(isPretty ? ": " : ":")
            try write(value)
            try checkSize()
        }
        guard !isFirst else { return append("{}") }
        close("}")
    }

    private mutating func open(_ bracket: String) throws(Failure) {
        try evaluator.enterValue()
        append(bracket)
        depth += 1
    }

    private mutating func close(_ bracket: String) {
        evaluator.leaveValue()
        depth -= 1
        if isPretty { append("\n" + String(repeating: "  ", count: depth)) }
        append(bracket)
    }

    private mutating func breakLine(isFirst: Bool) {
        if !isFirst { append(",") }
        if isPretty { append("\n" + String(repeating: "  ", count: depth)) }
    }

    private mutating func write(string: String) {
        append("\"")
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""): append("\\\"")
            case UInt8(ascii: "\\"): append("\\\\")
            case 0x08: append("\\b")
            case 0x09: append("\\t")
            case 0x0A: append("\\n")
            case 0x0C: append("\\f")
            case 0x0D: append("\\r")
            case 0..<0x20: append("\\u00\(byte < 0x10 ? "0" : "1")\(String(byte & 15, radix: 16))")
            default: output.append(byte)
            }
        }
        append("\"")
    }
}
