import JSONTree

extension Evaluator {
    /// What a function comes to: its value, or a last call that is left to the caller's loop.
    enum Outcome {
        case value(Value)
        case tailCall(Call, position: Int, input: Value, frame: Frame)
    }

    /// Where a function is called from, for the errors that come out of it.
    struct CallSite {
        let name: JSON?
        let position: Int
    }

    @inline(never)
    func evaluateCall(
        _ call: Call,
        _ position: Int,
        _ input: Value,
        _ frame: Frame,
        applyingTo first: Value? = nil
    ) throws(Failure) -> Value {
        let procedure = try evaluate(call.procedure, input, frame)
        if procedure.isUndefined, let meant = call.meantVariable, lookup(meant, frame).isScriptTrue {
            throw Failure("T1005", position: position, token: .string(meant.name))
        }
        var arguments: [Value] = []
        arguments.reserveCapacity(call.arguments.count + 1)
        if let first { arguments.append(first) }
        for argument in call.arguments {
            arguments.append(try evaluate(argument, input, frame))
        }
        do throws(Failure) {
            if case .function(.builtin(let builtin)) = procedure {
                return try invoke(builtin, arguments, input, frame)
            }
            let site = CallSite(name: call.name, position: position)
            return try apply(procedure, arguments, input, frame, site)
        } catch {
            if case .function(.builtin) = procedure {
                throw error.at(position, token: error.token ?? call.name)
            }
            throw error.completed(position: position, token: call.name)
        }
    }

    /// Calls a function from a function of the library.
    func apply(_ function: FunctionValue, _ arguments: [Value], _ frame: Frame) throws(Failure) -> Value {
        try enterCall()
        defer { leaveCall() }
        return try apply(.function(function), arguments, .null, frame, nil)
    }

    /// Calls a function, and what it calls at its very end, without the stack growing.
    func apply(
        _ procedure: Value,
        _ arguments: [Value],
        _ input: Value,
        _ frame: Frame,
        _ site: CallSite?
    ) throws(Failure) -> Value {
        var outcome = try applyOnce(procedure, arguments, input, frame, site)
        while case .tailCall(let call, let position, let place, let scope) = outcome {
            let next = try evaluate(call.procedure, place, scope)
            var arguments: [Value] = []
            arguments.reserveCapacity(call.arguments.count)
            for argument in call.arguments {
                arguments.append(try evaluate(argument, place, scope))
            }
            let site = CallSite(name: call.name, position: position)
            outcome = try applyOnce(next, arguments, input, frame, site)
        }
        guard case .value(let value) = outcome else { return .undefined }
        return value
    }

    private func applyOnce(
        _ procedure: Value,
        _ arguments: [Value],
        _ input: Value,
        _ frame: Frame,
        _ site: CallSite?
    ) throws(Failure) -> Outcome {
        guard case .function(let function) = procedure else {
            throw Failure("T1006", position: site?.position, token: site?.name, value: procedure)
        }
        do throws(Failure) {
            return try invoke(function, arguments, input, frame)
        } catch {
            guard let site else { throw error }
            // The outermost call is the place of an error, the innermost name what it is about.
            throw error.at(site.position, token: error.token ?? site.name)
        }
    }

    private func invoke(
        _ function: FunctionValue,
        _ arguments: [Value],
        _ input: Value,
        _ frame: Frame
    ) throws(Failure) -> Outcome {
        switch function {
        case .builtin(let builtin):
            return .value(try invoke(builtin, arguments, input, frame))
        case .lambda(let closure):
            let arguments = try closure.lambda.signature?.apply(to: arguments, context: input) ?? arguments
            return try invoke(closure, arguments)
        case .partial(let partial): return try invoke(partial, arguments, frame)
        case .composition(let composition):
            try enter(at: 0)
            defer { leave() }
            let inner = try apply(composition.first, [arguments.first ?? .undefined], frame)
            return .value(try apply(composition.second, [try settle(inner, keepsArray: false)], frame))
        case .transform(let closure):
            return .value(try transform(closure, arguments, input))
        case .regex(let program, let position):
            return .value(try MatchFunctions.firstMatch(program, arguments, position, self))
        case .nextMatch(let next): return .value(try MatchFunctions.match(after: next, self))
        }
    }

    @inline(__always)
    private func invoke(
        _ builtin: Builtin,
        _ arguments: [Value],
        _ input: Value,
        _ frame: Frame
    ) throws(Failure) -> Value {
        let fitted = try builtin.signature.apply(to: arguments, context: input)
        let result = try builtin.body(
            Invocation(evaluator: self, arguments: fitted, input: input, frame: frame)
        )
        try checkHeight(result)
        return result
    }

    private func invoke(_ closure: Closure, _ arguments: [Value]) throws(Failure) -> Outcome {
        let lambda = closure.lambda
        let frame = Frame(parent: closure.frame, reserving: lambda.parameters.count)
        for (index, parameter) in lambda.parameters.enumerated() {
            frame.bind(parameter, index < arguments.count ? arguments[index] : .undefined)
        }
        return try evaluateTail(lambda.body, closure.input, frame)
    }

    private func invoke(
        _ partial: PartialApplication,
        _ arguments: [Value],
        _ frame: Frame
    ) throws(Failure) -> Outcome {
        var next = arguments.makeIterator()
        var function = FunctionValue.partial(partial)
        var given = arguments
        while case .partial(let partial) = function {
            next = given.makeIterator()
            given = partial.arguments.map { $0 ?? next.next() ?? .undefined }
            function = partial.function
            try spend(given.count)
        }
        // A partial application has no signature any more: its arguments are taken as they are.
        if case .lambda(let closure) = function { return try invoke(closure, given) }
        return try invoke(function, given, .null, frame)
    }

    /// Evaluates the body of a function; a call at its very end is not made but handed to the caller's loop.
    private func evaluateTail(_ node: Node, _ input: Value, _ frame: Frame) throws(Failure) -> Outcome {
        guard node.isPlain, !node.keepsArray else { return .value(try evaluate(node, input, frame)) }
        switch node.kind {
        case .call(let call):
            try visit(at: node.position)
            return .tailCall(call, position: call.procedure.position, input: input, frame: frame)
        case .condition(let condition, let then, let otherwise):
            try enter(at: node.position)
            defer { leave() }
            if try evaluate(condition, input, frame).isTrue() { return try evaluateTail(then, input, frame) }
            guard let otherwise else { return .value(.undefined) }
            return try evaluateTail(otherwise, input, frame)
        case .block(let nodes, let hasScope):
            guard let last = nodes.last else { return .value(.undefined) }
            try enter(at: node.position)
            defer { leave() }
            let scope = hasScope ? Frame(parent: frame) : frame
            for node in nodes.dropLast() {
                _ = try evaluate(node, input, scope)
            }
            return try evaluateTail(last, input, scope)
        default:
            return .value(try evaluate(node, input, frame))
        }
    }
}
