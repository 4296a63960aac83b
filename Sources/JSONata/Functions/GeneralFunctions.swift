import JSONTree

/// Functions on values of any kind.
enum GeneralFunctions {
    static let all: [Builtin] = [
        Builtin("boolean", "<x-:b>", arity: 1) { call throws(Failure) in
            if case .function = call[0] { return .bool(false) }
            return try call[0].truth().map(Value.bool) ?? .undefined
        },
        Builtin("not", "<x-:b>", arity: 1) { call throws(Failure) in
            if call[0].isUndefined { return .undefined }
            if case .function = call[0] { return .bool(true) }
            return .bool(try !call[0].isTrue())
        },
        Builtin("exists", "<x:b>", arity: 1) { call throws(Failure) in .bool(!call[0].isUndefined) },
        Builtin("type", "<x:s>", arity: 1) { call throws(Failure) in
            call[0].typeName.map(Value.string) ?? .undefined
        },
        Builtin("error", "<s?:x>", arity: 1) { call throws(Failure) in
            throw Failure("D3137", message: call[0].message ?? "$error() function evaluated")
        },
        Builtin("assert", "<bs?:x>", arity: 2) { call throws(Failure) in
            if case .bool(true) = call[0] { return .undefined }
            throw Failure("D3141", message: call[1].message ?? "$assert() statement failed")
        },
    ]

    static let eval = Builtin("eval", "<sx?:x>", arity: 2) { call throws(Failure) in
        guard let source = call[0].string else { return .undefined }
        var input = call.input
        if !call[1].isUndefined {
            input = call[1]
            if case .array(let array) = input, !array.isSequence {
                input = .array(ArrayValue([input], [.sequence, .wrapsInput]))
            }
        }
        try call.evaluator.spend(16 * source.utf8.count)
        let node: Node
        do throws(Failure) {
            let evaluator = call.evaluator
            (node, _, _, _) = try Compiler.compile(
                source,
                builtins: evaluator.builtins,
                isDeep: evaluator.isDeep,
                isPart: true
            )
        } catch {
            if error.needsDeepStack { throw error }
            throw Failure("D3120", value: .string(error.asError.message))
        }
        do throws(Failure) {
            return try call.evaluator.evaluate(node, input, call.frame)
        } catch {
            // A limit is a limit for the whole evaluation, whichever text it is reached in.
            if error.needsDeepStack || error.code == "U1001" { throw error }
            throw Failure("D3121", value: .string(error.asError.message))
        }
    }
}

extension Value {
    /// The text of an error that an expression raises; an empty one is none.
    fileprivate var message: String? {
        string.flatMap { $0.isEmpty ? nil : $0 }
    }

    fileprivate var typeName: String? {
        switch self {
        case .undefined: nil
        case .null: "null"
        case .bool: "boolean"
        case .number(let number) where number.isNaN: "object"
        case .number, .wideInteger: "number"
        case .string: "string"
        case .array, .tuples: "array"
        case .object: "object"
        case .function: "function"
        }
    }
}
