import JSONTree

/// An expression ready to be evaluated.
final class Node: Sendable {
    typealias Pair = (key: Node, value: Node)

    enum Kind: Sendable {
        case literal(Literal)
        /// A string that the expression spells out, apart from other literals because it is the most frequent one.
        case name(String)
        case variable(VariableReference)
        case wildcard
        case descendants
        case parent(label: String)
        case regex(RegexProgram)
        case placeholder
        case negation(Node)
        case array([Node], isConstructor: Bool)
        case object([Pair])
        case binary(BinaryOperator, Node, Node)
        case path(Path)
        case sort([(isDescending: Bool, term: Node)])
        case binding(String, Node)
        case application(Node, Node)
        case call(Call)
        case partial(Call)
        case lambda(Lambda)
        case condition(Node, then: Node, otherwise: Node?)
        case block([Node], hasScope: Bool)
        case transform(Transform)
    }

    let kind: Kind
    let position: Int
    let predicates: [Node]
    /// The object that the results are grouped into; for a path, in the path itself.
    let group: Grouping?
    let keepsArray: Bool
    /// Whether the value of the kind is the value of the node.
    let isPlain: Bool

    init(_ kind: Kind, at position: Int, predicates: [Node] = [], group: Grouping? = nil, keepsArray: Bool = false) {
        self.kind = kind
        self.position = position
        self.predicates = predicates
        self.group = group
        self.keepsArray = keepsArray
        isPlain = predicates.isEmpty && group == nil
    }
}

extension Node {
    /// Whether the value is the same for the same context, as far as can be told without looking into calls.
    fileprivate var dependsOnlyOnContext: Bool {
        guard group == nil, predicates.allSatisfy(\.dependsOnlyOnContext) else { return false }
        switch kind {
        case .literal, .name, .wildcard, .descendants: return true
        case .variable(let reference): return reference.name.isEmpty
        case .negation(let operand): return operand.dependsOnlyOnContext
        case .binary(_, let left, let right): return left.dependsOnlyOnContext && right.dependsOnlyOnContext
        case .path(let path):
            return path.group == nil && !path.isTuple
                && path.steps.allSatisfy { step in
                    !step.isTuple && step.node.dependsOnlyOnContext && step.stages.allSatisfy(\.isConstantFilter)
                }
        default: return false
        }
    }

    /// The function that a call without arguments applies to its context, unless the caller binds its name.
    var contextFunction: VariableReference? {
        guard isPlain, !keepsArray, case .call(let call) = kind, call.arguments.isEmpty,
            case .variable(let reference) = call.procedure.kind, !reference.isBound, let builtin = reference.builtin,
            let first = builtin.signature.parameters.first, first.takesContext, !first.isArray,
            builtin.signature.parameters.dropFirst().allSatisfy({ $0.count == .optional && !$0.takesContext })
        else { return nil }
        return reference
    }
}

/// The name of a variable, and the function of the library that it means unless something else is bound to it.
struct VariableReference: Sendable {
    let name: String
    let builtin: Builtin?
    /// Whether the expression binds the name somewhere; otherwise only its caller or the library can.
    let isBound: Bool
}

/// A sequence of steps, each of which is evaluated for every result of the one before.
final class Path: Sendable {
    let steps: [Step]
    let keepsSingleton: Bool
    let group: Grouping?
    /// Whether the results carry their variables to the path around this one.
    let isTuple: Bool
    /// The name that the path looks up, where it does nothing else.
    let onlyName: String?
    /// Whether the path is absolute: it begins with a variable, not in its input.
    let startsWithVariable: Bool

    init(steps: [Step], keepsSingleton: Bool, group: Grouping?, isTuple: Bool) {
        self.steps = steps
        self.keepsSingleton = keepsSingleton
        self.group = group
        self.isTuple = isTuple
        onlyName = steps.count == 1 && !keepsSingleton && group == nil && !isTuple ? steps[0].plainName : nil
        startsWithVariable = if case .variable? = steps.first?.node.kind { true } else { false }
    }
}

/// One step of a path.
final class Step: Sendable {
    enum Stage: Sendable {
        case filter(Node)
        case index(String)

        fileprivate var isConstantFilter: Bool {
            if case .filter(let node) = self { node.dependsOnlyOnContext } else { false }
        }
    }

    let node: Node
    let stages: [Stage]
    let focus: String?
    let index: String?
    let ancestor: String?
    let isTuple: Bool
    let isConstructor: Bool
    /// The name that the step looks up, where it does nothing else.
    let plainName: String?
    /// The function that the step applies, where it does nothing else.
    let contextFunction: VariableReference?
    /// How many of the first stages are filters that leave the same in every evaluation of the step, because the path
    /// begins at the root of the input.
    let constantFilterCount: Int

    init(
        node: Node,
        stages: [Stage],
        focus: String?,
        index: String?,
        ancestor: String?,
        isTuple: Bool,
        isConstructor: Bool,
        isReachedFromRoot: Bool
    ) {
        self.node = node
        self.stages = stages
        self.focus = focus
        self.index = index
        self.ancestor = ancestor
        self.isTuple = isTuple
        self.isConstructor = isConstructor
        var isName = false
        if case .name = node.kind, node.isPlain { isName = true }
        constantFilterCount =
            isReachedFromRoot && isName && !isTuple ? stages.prefix(while: \.isConstantFilter).count : 0
        contextFunction = stages.isEmpty && !isTuple && !isConstructor ? node.contextFunction : nil
        if case .name(let name) = node.kind, stages.isEmpty, !isTuple, node.isPlain {
            plainName = name
        } else {
            plainName = nil
        }
    }
}

/// The keys and values of an object, each evaluated for the items that share a key.
final class Grouping: Sendable {
    let pairs: [Node.Pair]
    let position: Int

    init(pairs: [Node.Pair], position: Int) {
        self.pairs = pairs
        self.position = position
    }
}

/// A function and the arguments it is called with.
final class Call: Sendable {
    let procedure: Node
    let arguments: [Node]
    /// The name of the function as errors show it.
    let name: JSON?
    /// What a caller who forgot the `$` would have meant.
    let meantVariable: VariableReference?

    init(procedure: Node, arguments: [Node], name: JSON?, meantVariable: VariableReference?) {
        self.procedure = procedure
        self.arguments = arguments
        self.name = name
        self.meantVariable = meantVariable
    }
}

/// A function written in the expression.
final class Lambda: Sendable {
    let parameters: [String]
    let signature: Signature?
    let body: Node

    init(parameters: [String], signature: Signature?, body: Node) {
        self.parameters = parameters
        self.signature = signature
        self.body = body
    }
}

/// What a transform operator changes in a copy of its argument.
final class Transform: Sendable {
    let pattern: Node
    let update: Node
    let deletion: Node?

    init(pattern: Node, update: Node, deletion: Node?) {
        self.pattern = pattern
        self.update = update
        self.deletion = deletion
    }
}
