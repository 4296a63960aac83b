import JSONTree

extension Evaluator {
    @inline(never)
    func evaluateBinary(
        _ operation: BinaryOperator,
        _ left: Node,
        _ right: Node,
        _ position: Int,
        _ input: Value,
        _ frame: Frame
    ) throws(Failure) -> Value {
        let lhs = try evaluate(left, input, frame)
        do throws(Failure) {
            switch operation {
            case .and: return .bool(try lhs.isTrue() ? evaluate(right, input, frame).isTrue() : false)
            case .or: return .bool(try lhs.isTrue() ? true : evaluate(right, input, frame).isTrue())
            default: break
            }
        } catch {
            throw error.at(position, token: .string(operation.rawValue))
        }
        let rhs = try evaluate(right, input, frame)
        do throws(Failure) {
            return try combine(operation, lhs, rhs)
        } catch {
            throw error.at(position, token: .string(operation.rawValue))
        }
    }

    @inline(__always)
    private func combine(_ operation: BinaryOperator, _ lhs: Value, _ rhs: Value) throws(Failure) -> Value {
        switch operation {
        case .add, .subtract, .multiply, .divide, .remainder: try calculate(operation, lhs, rhs)
        case .equal: .bool(lhs.isUndefined || rhs.isUndefined ? false : try isEqual(lhs, rhs))
        case .notEqual: .bool(lhs.isUndefined || rhs.isUndefined ? false : try !isEqual(lhs, rhs))
        case .less, .lessOrEqual, .greater, .greaterOrEqual: try compare(operation, lhs, rhs)
        case .concatenate: try concatenate(lhs, rhs)
        case .range: try range(lhs, rhs)
        case .includedIn: .bool(try isIncluded(lhs, in: rhs))
        case .and, .or: .undefined
        }
    }

    private func calculate(_ operation: BinaryOperator, _ lhs: Value, _ rhs: Value) throws(Failure) -> Value {
        let left = try operand(lhs, "T2001")
        let right = try operand(rhs, "T2002")
        guard let left, let right else { return .undefined }
        switch operation {
        case .add: return .number(left + right)
        case .subtract: return .number(left - right)
        case .multiply: return .number(left * right)
        case .divide: return .number(left / right)
        default: return .number(left.truncatingRemainder(dividingBy: right))
        }
    }

    @inline(__always)
    private func operand(_ value: Value, _ code: String) throws(Failure) -> Double? {
        if case .number(let number) = value, number.isFinite { return number }
        if value.isUndefined { return nil }
        guard let number = try value.finiteNumber() else { throw Failure(code, value: value) }
        return number
    }

    private func compare(_ operation: BinaryOperator, _ lhs: Value, _ rhs: Value) throws(Failure) -> Value {
        for side in [lhs, rhs] where !side.isComparable && !side.isUndefined {
            throw Failure("T2010", value: lhs.isComparable ? rhs : lhs)
        }
        if lhs.isUndefined || rhs.isUndefined { return .undefined }
        if let left = lhs.number, let right = rhs.number {
            switch operation {
            case .less: return .bool(left < right)
            case .lessOrEqual: return .bool(left <= right)
            case .greater: return .bool(left > right)
            default: return .bool(left >= right)
            }
        }
        guard let left = lhs.string, let right = rhs.string else {
            throw Failure("T2009", value: lhs, inserts: ["value2": (try? rhs.json(depthMax: 1)) ?? .null])
        }
        let order = left.utf16Order(right)
        switch operation {
        case .less: return .bool(order < 0)
        case .lessOrEqual: return .bool(order <= 0)
        case .greater: return .bool(order > 0)
        default: return .bool(order >= 0)
        }
    }

    private func concatenate(_ lhs: Value, _ rhs: Value) throws(Failure) -> Value {
        let left = try text(of: lhs)
        let right = try text(of: rhs)
        try allocate(bytes: left.utf8.count + right.utf8.count)
        return .string(left + right)
    }

    /// The value as `$string` writes it; undefined is empty.
    private func text(of value: Value) throws(Failure) -> String {
        if case .string(let text) = value { return text }
        return try TextWriter.text(of: value, evaluator: self) ?? ""
    }

    /// How many integers a range may have.
    private static let rangeCountMax = 10_000_000.0

    private func range(_ lhs: Value, _ rhs: Value) throws(Failure) -> Value {
        let first = try rangeEnd(lhs, "T2003")
        let last = try rangeEnd(rhs, "T2004")
        guard let first, let last, first <= last else { return .undefined }
        let count = last - first + 1
        guard count <= Evaluator.rangeCountMax else { throw Failure("D2014", value: .number(count)) }
        // Beyond what doubles count exactly, the reference implementation would never come to an end.
        guard let start = Int(exactly: first), abs(last) < 0x1p53, abs(first) < 0x1p53 else {
            throw Failure("D2014", value: .number(count))
        }
        try check(Int(count), against: limits.rangeCountMax)
        return .array(ArrayValue(first: start, count: Int(count)))
    }

    private func rangeEnd(_ value: Value, _ code: String) throws(Failure) -> Double? {
        if value.isUndefined { return nil }
        guard let number = value.number, number.isFinite, number == number.rounded() else {
            throw Failure(code, value: value)
        }
        return number
    }

    private func isIncluded(_ value: Value, in container: Value) throws(Failure) -> Bool {
        if value.isUndefined || container.isUndefined { return false }
        guard case .array(let array) = container else { return try isIdentical(value, container) }
        try spend(array.count)
        for index in 0..<array.count {
            guard try !isIdentical(value, array[index]) else { return true }
        }
        return false
    }
}

extension Value {
    fileprivate var isComparable: Bool {
        switch self {
        case .number, .wideInteger, .string: true
        default: false
        }
    }
}
