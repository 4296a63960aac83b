import JSONTree

/// Functions that call a function for every element of an array or member of an object.
enum HigherOrderFunctions {
    static let all: [Builtin] = [
        Builtin("map", "<af>", arity: 2, map),
        Builtin("filter", "<af>", arity: 2, filter),
        Builtin("single", "<af?>", arity: 2, single),
        Builtin("reduce", "<afj?:j>", arity: 3, reduce),
        Builtin("each", "<o-f:a>", arity: 2, each),
        Builtin("sift", "<o-f?:o>", arity: 2, sift),
    ]

    @Sendable private static func map(_ call: Invocation) throws(Failure) -> Value {
        guard case .array(let array) = call[0], case .function(let function) = call[1] else { return .undefined }
        var results: [Value] = []
        for index in 0..<array.count {
            let result = try call.apply(function, to: array[index], .number(Double(index)), call[0])
            if !result.isUndefined { results.append(result) }
        }
        return .sequence(results)
    }

    @Sendable private static func filter(_ call: Invocation) throws(Failure) -> Value {
        guard case .array(let array) = call[0], case .function(let function) = call[1] else { return .undefined }
        var results: [Value] = []
        for index in 0..<array.count {
            let element = array[index]
            if try call.apply(function, to: element, .number(Double(index)), call[0]).isTrue() {
                results.append(element)
            }
        }
        return .sequence(results)
    }

    @Sendable private static func single(_ call: Invocation) throws(Failure) -> Value {
        guard case .array(let array) = call[0] else { return .undefined }
        var found: Value?
        for index in 0..<array.count {
            let element = array[index]
            if case .function(let function) = call[1] {
                guard try call.apply(function, to: element, .number(Double(index)), call[0]).isTrue() else { continue }
            }
            guard found == nil else { throw Failure("D3138", inserts: ["index": .integer(Int64(index))]) }
            found = element
        }
        guard let found else { throw Failure("D3139") }
        return found
    }

    @Sendable private static func reduce(_ call: Invocation) throws(Failure) -> Value {
        guard case .array(let array) = call[0], case .function(let function) = call[1] else { return .undefined }
        let arity = function.arity
        guard arity >= 2 else { throw Failure("D3050", inserts: ["index": 1]) }
        var result = call[2]
        var first = 0
        if result.isUndefined, !array.isEmpty {
            result = array[0]
            first = 1
        }
        for index in first..<max(array.count, first) {
            var arguments = [result, array[index]]
            if arity >= 3 { arguments.append(.number(Double(index))) }
            if arity >= 4 { arguments.append(call[0]) }
            result = try call.evaluator.apply(function, arguments, call.frame)
        }
        return result
    }

    @Sendable private static func each(_ call: Invocation) throws(Failure) -> Value {
        guard case .object(let object) = call[0], case .function(let function) = call[1] else {
            return .sequence([])
        }
        var results: [Value] = []
        for (key, value) in object.members {
            let result = try call.apply(function, to: value, .string(key), call[0])
            if !result.isUndefined { results.append(result) }
        }
        return .sequence(results)
    }

    @Sendable private static func sift(_ call: Invocation) throws(Failure) -> Value {
        guard case .object(let object) = call[0], case .function(let function) = call[1] else { return .undefined }
        let result = ObjectNode()
        for (key, value) in object.members
        where try call.apply(function, to: value, .string(key), call[0]).isTrue() {
            result.append(key, value)
        }
        return result.keys.isEmpty ? .undefined : .object(.node(result))
    }
}

extension Invocation {
    /// Calls a function with a value, its place and the whole, of which it gets as many as it takes.
    fileprivate func apply(
        _ function: FunctionValue,
        to value: Value,
        _ place: Value,
        _ whole: Value
    ) throws(Failure) -> Value {
        let arguments =
            switch function.arity {
            case ...1: [value]
            case 2: [value, place]
            default: [value, place, whole]
            }
        return try evaluator.apply(function, arguments, frame)
    }
}
