import JSONTree

extension Value {
    /// The number, if this is one that is no `NaN`.
    ///
    /// - Throws: `D1001` for an infinity.
    func finiteNumber() throws(Failure) -> Double? {
        guard let number, !number.isNaN else { return nil }
        guard number.isFinite else { throw Failure("D1001", value: self, inserts: ["value": .null]) }
        return number
    }

    /// What a condition makes of the value; `nil` of undefined.
    func truth(depth: Int = 0) throws(Failure) -> Bool? {
        switch self {
        case .undefined: return nil
        case .null: return false
        case .function(.regex), .function(.nextMatch): return false
        // As in the reference implementation, where functions of JSONata are objects.
        case .function: return true
        case .bool(let value): return value
        case .number, .wideInteger: return try finiteNumber().map { $0 != 0 } ?? false
        case .string(let value): return !value.isEmpty
        case .object(let object): return object.count > 0
        case .tuples(let tuples): return try Value(tuples.map(\.value)).truth(depth: depth)
        case .array(var array):
            // What is inside single elements is looked for without recursion, however deep it lies.
            while array.count == 1 {
                guard case .array(let inner) = array[0] else { return try array[0].truth(depth: depth) }
                array = inner
            }
            guard depth < Stack.shallowDepth else { throw Failure("U1001", message: ErrorCatalogue.height) }
            for index in 0..<array.count where try array[index].truth(depth: depth + 1) == true {
                return true
            }
            return false
        }
    }

    /// Whether the value counts as true in a condition.
    @inline(__always)
    func isTrue() throws(Failure) -> Bool {
        if case .bool(let value) = self { return value }
        return try truth() ?? false
    }

    /// Whether a comparator that answers this says that its arguments are in the wrong order, as JavaScript has it.
    var isScriptTrue: Bool {
        switch self {
        case .undefined, .null: false
        case .bool(let value): value
        case .number(let value): value != 0 && !value.isNaN
        case .string(let value): !value.isEmpty
        default: true
        }
    }
}
