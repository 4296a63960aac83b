extension JSONataExpression {
    /// The names that the expression looks up in its input itself, and not in a variable or in what a step before found;
    /// `$` where it takes the input as the context.
    ///
    /// Where expressions are evaluated without an input, as in state machines, these names can only be mistakes.
    public var inputReferences: Set<String> {
        var names: Set<String> = []
        // Nodes that see the expression's own input; a list of them, so that deep expressions need no deep stack.
        var open = [root]
        while let node = open.popLast() {
            switch node.kind {
            case .name(let name): names.insert(name)
            case .variable(let reference) where reference.name.isEmpty: names.insert("$")
            default: break
            }
            open += node.partsWithSameContext
        }
        return names
    }
}

extension Node {
    /// The parts that are evaluated with the same context as the node.
    ///
    /// Predicates, groupings, transforms and all steps of a path but the first see other contexts.
    fileprivate var partsWithSameContext: [Node] {
        switch kind {
        case .path(let path): path.steps.prefix(1).map(\.node)
        case .negation(let operand), .binding(_, let operand): [operand]
        case .array(let elements, _), .block(let elements, _): elements
        case .object(let pairs): pairs.flatMap { [$0.key, $0.value] }
        case .binary(_, let left, let right), .application(let left, let right): [left, right]
        case .call(let call), .partial(let call): [call.procedure] + call.arguments
        case .lambda(let lambda): [lambda.body]
        case .condition(let condition, let then, let otherwise): [condition, then] + [otherwise].compactMap(\.self)
        case .name, .literal, .variable, .wildcard, .descendants, .parent, .regex, .placeholder, .sort, .transform: []
        }
    }
}
