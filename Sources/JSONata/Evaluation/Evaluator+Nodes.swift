import JSONTree

extension Evaluator {
    /// The value of an expression in the context of `input`.
    func evaluate(_ node: Node, _ input: Value, _ frame: Frame) throws(Failure) -> Value {
        try enter(at: node.position)
        defer { leave() }
        // The two most frequent expressions need none of what follows.
        if node.isPlain {
            if case .path(let path) = node.kind, let name = path.onlyName, case .object(let object) = input {
                try visit(at: node.position)
                return try settle(object[name], keepsArray: false)
            }
            if case .literal(let literal) = node.kind { return literal.value }
        }
        var result = try value(of: node, input, frame)
        if !node.isPlain { result = try refine(result, node, frame) }
        return try settle(result, keepsArray: node.keepsArray)
    }

    /// A sequence of one is its element, and of none undefined.
    @inline(__always)
    func settle(_ result: Value, keepsArray: Bool) throws(Failure) -> Value {
        switch result {
        case .array(var array):
            guard array.isSequence else {
                try checkHeight(result)
                return result
            }
            if keepsArray { array.marks.insert(.keepsSingleton) }
            switch array.count {
            case 0: return .undefined
            case 1 where !array.marks.contains(.keepsSingleton): return array[0]
            default:
                try checkHeight(result)
                return .array(array)
            }
        case .object:
            try checkHeight(result)
            return result
        default:
            return result
        }
    }

    @inline(__always)
    private func value(of node: Node, _ input: Value, _ frame: Frame) throws(Failure) -> Value {
        switch node.kind {
        case .literal(let literal): literal.value
        case .name(let name): try lookup(name, in: input)
        case .variable(let reference): variable(reference, input, frame)
        case .path(let path): try evaluatePath(path, input, frame)
        case .binary(let operation, let left, let right):
            try evaluateBinary(operation, left, right, node.position, input, frame)
        case .call(let call): try evaluateCall(call, node.position, input, frame)
        case .condition(let condition, let then, let otherwise):
            try evaluateCondition(condition, then, otherwise, input, frame)
        case .block(let nodes, let hasScope): try evaluateBlock(nodes, hasScope, input, frame)
        default: try rareValue(of: node, input, frame)
        }
    }

    @inline(never)
    private func rareValue(of node: Node, _ input: Value, _ frame: Frame) throws(Failure) -> Value {
        switch node.kind {
        case .wildcard: return try evaluateWildcard(input)
        case .descendants: return try evaluateDescendants(input)
        case .parent(let label): return frame.lookup(label) ?? .undefined
        case .regex(let program): return .function(.regex(program, position: node.position))
        case .negation(let operand): return try evaluateNegation(operand, node.position, input, frame)
        case .array(let items, let isConstructor):
            return try evaluateArray(items, isConstructor: isConstructor, input, frame)
        case .object(let pairs): return try evaluateGroup(pairs, node.position, input, frame)
        case .binding(let name, let value):
            let result = try evaluate(value, input, frame)
            frame.bind(name, result)
            return result
        case .application(let left, let right):
            return try evaluateApplication(left, right, node.position, input, frame)
        case .partial(let call): return try evaluatePartial(call, node.position, input, frame)
        case .lambda(let lambda):
            hold(frame)
            return .function(.lambda(Closure(lambda: lambda, input: input, frame: frame)))
        case .transform(let transform):
            hold(frame)
            let closure = TransformClosure(transform: transform, frame: frame, position: node.position)
            return .function(.transform(closure))
        default: return .undefined
        }
    }

    /// Applies the predicates and the grouping of an expression that is not a path.
    @inline(never)
    private func refine(_ value: Value, _ node: Node, _ frame: Frame) throws(Failure) -> Value {
        var result = value
        for predicate in node.predicates {
            result = try filter(result, by: predicate, frame)
        }
        if let group = node.group { result = try evaluateGroup(group.pairs, group.position, result, frame) }
        return result
    }

    @inline(__always)
    private func variable(_ reference: VariableReference, _ input: Value, _ frame: Frame) -> Value {
        if reference.name.isEmpty {
            if case .array(let array) = input, array.marks.contains(.wrapsInput), !array.isEmpty { return array[0] }
            return input
        }
        return lookup(reference, frame)
    }

    /// What a variable is bound to: by the expression, by the caller, or by the library.
    func lookup(_ reference: VariableReference, _ frame: Frame) -> Value {
        if reference.isBound, let value = frame.lookup(reference.name) { return value }
        if reference.name == "$" { return root }
        if !bindings.isEmpty, let value = bindings[reference.name] { return Value(value) }
        return reference.builtin.map { .function(.builtin($0)) } ?? .undefined
    }

    @inline(never)
    private func evaluateCondition(
        _ condition: Node,
        _ then: Node,
        _ otherwise: Node?,
        _ input: Value,
        _ frame: Frame
    ) throws(Failure) -> Value {
        if try evaluate(condition, input, frame).isTrue() { return try evaluate(then, input, frame) }
        return try otherwise.map { node throws(Failure) in try evaluate(node, input, frame) } ?? .undefined
    }

    @inline(never)
    private func evaluateBlock(
        _ nodes: [Node],
        _ hasScope: Bool,
        _ input: Value,
        _ frame: Frame
    ) throws(Failure) -> Value {
        let scope = hasScope ? Frame(parent: frame) : frame
        var result = Value.undefined
        for node in nodes {
            result = try evaluate(node, input, scope)
        }
        return result
    }

    @inline(never)
    private func evaluateNegation(
        _ operand: Node,
        _ position: Int,
        _ input: Value,
        _ frame: Frame
    ) throws(Failure) -> Value {
        let value = try evaluate(operand, input, frame)
        if value.isUndefined { return .undefined }
        guard let number = try value.finiteNumber() else {
            throw Failure("D1002", position: position, token: "-", value: value)
        }
        return .number(-number)
    }

    @inline(never)
    private func evaluateArray(
        _ items: [Node],
        isConstructor: Bool,
        _ input: Value,
        _ frame: Frame
    ) throws(Failure) -> Value {
        let marks: ArrayValue.Marks = isConstructor ? .constructed : []
        var elements: [Value] = []
        for item in items {
            let value = try evaluate(item, input, frame)
            switch (value, item.kind) {
            case (.undefined, _): break
            // An array written inside an array stays one element; any other array is a sequence of elements.
            case (_, .array): elements.append(value)
            case (.array(let array), .binary(.range, _, _)) where items.count == 1: return .array(array.marked(marks))
            case (.array(let array), _):
                try allocate(elements: array.count, total: elements.count + array.count)
                elements += array.elements
            default: elements.append(value)
            }
        }
        return .array(ArrayValue(elements, marks))
    }
}
