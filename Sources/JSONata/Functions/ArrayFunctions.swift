import JSONTree

/// Functions on arrays.
enum ArrayFunctions {
    static let all: [Builtin] = [
        Builtin("count", "<a:n>", arity: 1) { call throws(Failure) in
            .number(Double(call[0].array?.count ?? 0))
        },
        Builtin("append", "<xx:a>", arity: 2, append),
        Builtin("reverse", "<a:a>", arity: 1, reverse),
        Builtin("shuffle", "<a:a>", arity: 1, shuffle),
        Builtin("distinct", "<x:x>", arity: 1, distinct),
        Builtin("zip", "<a+>", arity: 0, zip),
        Builtin("sort", "<af?:a>", arity: 2, sort),
    ]

    @Sendable private static func append(_ call: Invocation) throws(Failure) -> Value {
        let (first, second) = (call[0], call[1])
        if first.isUndefined { return second }
        if second.isUndefined { return first }
        let (left, right) = (first.asElements, second.asElements)
        try call.evaluator.allocate(elements: left.count + right.count)
        return Value(left.elements + right.elements)
    }

    @Sendable private static func reverse(_ call: Invocation) throws(Failure) -> Value {
        guard case .array(let array) = call[0], array.count > 1 else { return call[0] }
        try call.evaluator.allocate(elements: array.count)
        return Value(array.elements.reversed())
    }

    @Sendable private static func shuffle(_ call: Invocation) throws(Failure) -> Value {
        guard case .array(let array) = call[0], array.count > 1 else { return call[0] }
        try call.evaluator.allocate(elements: array.count)
        var elements = array.elements
        elements.shuffle(using: &call.evaluator.randomness)
        return Value(elements)
    }

    @Sendable private static func distinct(_ call: Invocation) throws(Failure) -> Value {
        guard case .array(let array) = call[0], array.count > 1 else { return call[0] }
        var kept: [Value] = []
        // Strings and numbers, which are most of what lists hold, are found by themselves, all else by its hash.
        var texts: Set<[UInt8]> = []
        var numbers: Set<Double> = []
        var others: [Int: [Value]] = [:]
        for index in 0..<array.count {
            let value = array[index]
            try call.evaluator.spend(1)
            var isNew = true
            if case .string(let text) = value {
                isNew = texts.insert(Array(text.utf8)).inserted
            } else if case .number(let number) = value {
                isNew = numbers.insert(number).inserted
            } else {
                var hasher = Hasher()
                try call.evaluator.hash(value, into: &hasher)
                let hash = hasher.finalize()
                for other in others[hash] ?? [] where isNew {
                    isNew = try !call.evaluator.isEqual(value, other)
                    try call.evaluator.spend(1)
                }
                if isNew { others[hash, default: []].append(value) }
            }
            if isNew { kept.append(value) }
        }
        return .array(ArrayValue(kept, array.isSequence ? .sequence : []))
    }

    @Sendable private static func zip(_ call: Invocation) throws(Failure) -> Value {
        let arrays = call.arguments.map(\.array)
        let count = arrays.map { $0?.count ?? 0 }.min() ?? 0
        try call.evaluator.allocate(elements: count * arrays.count)
        return Value((0..<count).map { index in Value(arrays.map { $0?[index] ?? .undefined }) })
    }

    @Sendable private static func sort(_ call: Invocation) throws(Failure) -> Value {
        guard case .array(let array) = call[0], array.count > 1 else { return call[0] }
        let evaluator = call.evaluator
        try evaluator.allocate(elements: array.count)
        let elements = array.elements
        if case .function(let comparator) = call[1] {
            let sorted = try evaluator.mergeSorted(elements) { left, right throws(Failure) in
                try evaluator.apply(comparator, [left, right], call.frame).isScriptTrue
            }
            return Value(sorted)
        }
        try evaluator.spend(elements.count)
        if try array.allSatisfy({ value throws(Failure) in try value.finiteNumber() != nil }) {
            let sorted = try evaluator.mergeSorted(elements) { left, right throws(Failure) in
                (left.number ?? 0) > (right.number ?? 0)
            }
            return Value(flat: sorted)
        }
        guard try array.allSatisfy({ value throws(Failure) in value.string != nil }) else {
            throw Failure("D3070", inserts: ["index": 1])
        }
        let sorted = try evaluator.mergeSorted(elements) { left, right throws(Failure) in
            (left.string ?? "").utf16Order(right.string ?? "") > 0
        }
        return Value(flat: sorted)
    }
}
