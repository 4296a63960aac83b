import JSONTree

/// An expression while its paths are put together: steps get their predicates, bindings and ancestors.
final class Draft {
    typealias Pair = (key: Draft, value: Draft)

    enum Kind {
        case literal(Literal)
        case name(String)
        case variable(String)
        case wildcard
        case descendants
        case parent(AncestorSlot)
        case regex(RegexProgram)
        case placeholder
        case negation(Draft)
        case array([Draft])
        case object([Pair])
        case binary(BinaryOperator, Draft, Draft)
        case path([Draft])
        case sort([(isDescending: Bool, term: Draft)])
        case binding(String, Draft)
        case application(Draft, Draft)
        case call(Draft, [Draft])
        case partial(Draft, [Draft])
        case lambda(parameters: [String], signature: Signature?, body: Draft)
        case condition(Draft, then: Draft, otherwise: Draft?)
        case block([Draft])
        case transform(pattern: Draft, update: Draft, deletion: Draft?)
    }

    /// What happens to the results of a step.
    enum Stage {
        case filter(Draft)
        case index(String)
    }

    var kind: Kind
    let position: Int
    var keepsArray = false
    /// For a path: whether one result stays an array.
    var keepsSingleton = false
    /// Filters of an expression outside a path.
    var predicates: [Draft] = []
    /// Filters and positions of a step of a path; `nil` where there have been none.
    var stages: [Stage]?
    var group: (pairs: [Pair], position: Int)?
    /// The variable that a step binds to each of its results (`@$v`).
    var focus: String?
    /// The variable that a step binds to the position of each of its results (`#$i`).
    var index: String?
    /// Whether results carry variables with them.
    var isTuple = false
    /// The label under which a step leaves its context for a later `%`.
    var ancestor: AncestorSlot?
    /// The uses of `%` inside for which the step is still to be found.
    var seeking: [AncestorSlot]?
    /// Whether this is an array constructor that keeps its arrays from being flattened.
    var isConstructor = false

    init(_ kind: Kind, at position: Int) {
        self.kind = kind
        self.position = position
    }

    var steps: [Draft]? {
        if case .path(let steps) = kind { steps } else { nil }
    }

    var isArrayConstructor: Bool {
        if case .array = kind { true } else { false }
    }

    /// Takes over the uses of `%` that a part of this expression still has to find the step for.
    func seek(alsoFor part: Draft) {
        var slots = part.seeking ?? []
        if case .parent(let slot) = part.kind { slots.append(slot) }
        guard part.seeking != nil || !slots.isEmpty else { return }
        seeking = (seeking ?? []) + slots
    }

    /// The expression as errors name it, where it is or begins with a single token.
    var shownToken: JSON? {
        switch kind {
        case .literal(let literal): try? literal.value.json(depthMax: 1)
        case .name(let name), .variable(let name): .string(name)
        case .wildcard: "*"
        case .descendants: "**"
        case .negation: "-"
        case .array: "["
        case .object: "{"
        case .binary(let operation, _, _): .string(operation.rawValue)
        case .binding: ":="
        case .application: "~>"
        case .call, .partial: "("
        default: nil
        }
    }

    /// The kind of expression as errors name it.
    var typeName: String {
        switch kind {
        case .literal(.string): "string"
        case .literal(.number): "number"
        case .literal: "value"
        case .name: "name"
        case .variable: "variable"
        case .wildcard: "wildcard"
        case .descendants: "descendant"
        case .parent: "parent"
        case .regex: "regex"
        case .placeholder: "operator"
        case .negation, .array, .object: "unary"
        case .binary: "binary"
        case .path: "path"
        case .sort: "sort"
        case .binding: "bind"
        case .application: "apply"
        case .call: "function"
        case .partial: "partial"
        case .lambda: "lambda"
        case .condition: "condition"
        case .block: "block"
        case .transform: "transform"
        }
    }
}

/// One use of `%` on its way to the step whose context it means.
final class AncestorSlot {
    var label: Int
    /// How many steps further up the context is; 0 once the step is found.
    var level = 1

    init(label: Int) {
        self.label = label
    }

    /// The name of the hidden variable that carries the context.
    var name: String {
        "!\(label)"
    }
}
