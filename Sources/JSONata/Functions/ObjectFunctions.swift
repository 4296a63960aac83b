import JSONTree

/// Functions on objects.
enum ObjectFunctions {
    static let all: [Builtin] = [
        Builtin("keys", "<x-:a<s>>", arity: 1) { call throws(Failure) in
            var keys = KeyCollector(evaluator: call.evaluator)
            try keys.collect(call[0])
            return .sequence(keys.keys.map { .string($0) })
        },
        Builtin("lookup", "<x-s:x>", arity: 2) { call throws(Failure) in
            try call.evaluator.lookup(call[1].string ?? "undefined", in: call[0])
        },
        Builtin("spread", "<x-:a<o>>", arity: 1) { call throws(Failure) in try spread(call[0], call.evaluator) },
        Builtin("merge", "<a<o>:o>", arity: 1, merge),
        Builtin("clone", "<(oa)-:o>", arity: 1) { call throws(Failure) in
            try Cloner(evaluator: call.evaluator, asText: true).copy(of: call[0])
        },
    ]

    private static func spread(_ value: Value, _ evaluator: Evaluator) throws(Failure) -> Value {
        switch value {
        case .object(let object):
            try evaluator.spend(object.count)
            return .sequence(object.members.map { .object([($0.key, $0.value)]) })
        case .array(let array):
            try evaluator.enterValue()
            defer { evaluator.leaveValue() }
            var results: [Value] = []
            for index in 0..<array.count {
                let count = results.count
                let spread = try spread(array[index], evaluator)
                if case .array(let inner) = spread {
                    results += inner.elements
                } else if !spread.isUndefined {
                    results.append(spread)
                }
                try evaluator.allocate(elements: results.count - count, total: results.count)
            }
            // Put together by `$append` in the reference implementation, and so no sequence any more.
            return .array(ArrayValue(results, array.isEmpty ? .sequence : []))
        default: return value
        }
    }

    @Sendable private static func merge(_ call: Invocation) throws(Failure) -> Value {
        guard case .array(let array) = call[0] else { return .undefined }
        let result = ObjectNode()
        for index in 0..<array.count {
            guard case .object(let object) = array[index] else { continue }
            try call.evaluator.spend(object.count)
            for (key, value) in object.members { result[key] = value }
        }
        return .object(.node(result))
    }
}

/// Collects the keys of objects, each once and in the order in which they come.
private struct KeyCollector {
    let evaluator: Evaluator
    private(set) var keys: [String] = []
    private var known: Set<ExactText> = []

    init(evaluator: Evaluator) {
        self.evaluator = evaluator
    }

    mutating func collect(_ value: Value) throws(Failure) {
        switch value {
        case .object(let object):
            try evaluator.spend(object.count)
            for key in object.keys where known.insert(ExactText(key)).inserted { keys.append(key) }
        case .array(let array):
            try evaluator.enterValue()
            defer { evaluator.leaveValue() }
            for index in 0..<array.count { try collect(array[index]) }
        default: break
        }
    }
}
