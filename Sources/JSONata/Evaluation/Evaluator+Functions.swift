import JSONTree

extension Evaluator {
    @inline(never)
    func evaluateApplication(
        _ left: Node,
        _ right: Node,
        _ position: Int,
        _ input: Value,
        _ frame: Frame
    ) throws(Failure) -> Value {
        let argument = try evaluate(left, input, frame)
        if case .call(let call) = right.kind {
            return try evaluateCall(call, right.position, input, frame, applyingTo: argument)
        }
        let procedure = try evaluate(right, input, frame)
        guard case .function(let second) = procedure else {
            throw Failure("T2006", position: position, value: procedure)
        }
        guard case .function(let first) = argument else {
            return try apply(procedure, [argument], .null, frame, nil)
        }
        let composition = Composition(first: first, second: second)
        hold(composition)
        return .function(.composition(composition))
    }

    @inline(never)
    func evaluatePartial(_ call: Call, _ position: Int, _ input: Value, _ frame: Frame) throws(Failure) -> Value {
        var arguments: [Value?] = []
        for argument in call.arguments {
            if case .placeholder = argument.kind {
                arguments.append(nil)
            } else {
                arguments.append(try evaluate(argument, input, frame))
            }
        }
        let procedure = try evaluate(call.procedure, input, frame)
        guard case .function(let function) = procedure else {
            if procedure.isUndefined, let meant = call.meantVariable, lookup(meant, frame).isScriptTrue {
                throw Failure("T1007", position: position, token: .string(meant.name))
            }
            throw Failure("T1008", position: position, token: call.name)
        }
        let arity = function.arity
        arguments = Array(arguments.prefix(arity))
        arguments += repeatElement(.undefined, count: arity - arguments.count)
        let partial = PartialApplication(function: function, arguments: arguments)
        hold(partial)
        return .function(.partial(partial))
    }

    private static let transformSignature = Signature(wellFormed: "<(oa):o>")

    /// Applies a transform operator to a copy of its argument.
    @inline(never)
    func transform(_ closure: TransformClosure, _ arguments: [Value], _ input: Value) throws(Failure) -> Value {
        let arguments = try Evaluator.transformSignature.apply(to: arguments, context: input)
        guard let original = arguments.first, !original.isUndefined else { return .undefined }
        let frame = closure.frame
        let clone = VariableReference(name: "clone", builtin: builtins["clone"], isBound: true)
        guard case .function(let function) = lookup(clone, frame) else {
            throw Failure("T2013", position: closure.position)
        }
        var result = try apply(function, [original], frame)
        // The library's own copy consists of new objects; another function may hand out objects of others.
        if case .builtin = function {} else { result = try Cloner(evaluator: self).copy(of: result) }
        let matches = try evaluate(closure.transform.pattern, result, frame)
        if matches.isUndefined { return result }
        let items = matches.asElements
        for index in 0..<items.count {
            try change(items[index], closure.transform, frame)
        }
        return result
    }

    private func change(_ match: Value, _ transform: Transform, _ frame: Frame) throws(Failure) {
        let update = try evaluate(transform.update, match, frame)
        switch update {
        case .undefined: break
        case .object(let object):
            guard case .object(.node(let node)) = match else { break }
            for (key, value) in object.members {
                // A copy, so that an object never gets to lie inside itself.
                node[key] = try Cloner(evaluator: self).copy(of: value)
            }
        default: throw Failure("T2011", position: transform.update.position, value: update)
        }
        guard let deletion = transform.deletion else { return }
        let keys = try evaluate(deletion, match, frame)
        if keys.isUndefined { return }
        for key in keys.asElements.elements {
            guard key.string != nil else { throw Failure("T2012", position: deletion.position, value: keys) }
        }
        guard case .object(.node(let node)) = match else { return }
        for case .string(let key) in keys.asElements.elements { node.remove(key) }
    }
}
