/// Makes the final, immutable form of an expression.
struct Compiler {
    let builtins: Library
    /// The names that the expression binds somewhere; `nil` where others may be bound too.
    private let boundNames: Set<String>?
    /// The variables that are read where nothing in the expression has bound them.
    private(set) var freeVariables: Set<String> = []
    /// The names that follow on free variables.
    private(set) var freeFields: [String: Set<String>] = [:]
    /// Whether `$$` occurs.
    private(set) var readsRoot = false
    private var scopes: [Set<String>] = [[]]

    /// Makes the final form of the text of an expression; of one that is part of another, names may be bound there.
    static func compile(
        _ source: String,
        builtins: Library,
        isDeep: Bool,
        isPart: Bool = false
    ) throws(Failure) -> (root: Node, free: Set<String>, fields: [String: Set<String>], readsRoot: Bool) {
        let (syntax, boundNames) = try Parser.parse(source, isDeep: isDeep)
        let isOpen = isPart || boundNames.contains("eval")
        var compiler = Compiler(builtins: builtins, boundNames: isOpen ? nil : boundNames)
        let root = compiler.compile(try PathBuilder.build(syntax))
        return (root, compiler.freeVariables, compiler.freeFields, compiler.readsRoot)
    }

    private init(builtins: Library, boundNames: Set<String>?) {
        self.builtins = builtins
        self.boundNames = boundNames
    }

    private mutating func compile(_ draft: Draft) -> Node {
        let kind = kind(of: draft)
        let isPath = draft.steps != nil
        return Node(
            kind,
            at: draft.position,
            predicates: draft.predicates.map { compile($0) },
            group: isPath ? nil : compileGroup(of: draft),
            keepsArray: draft.keepsArray
        )
    }

    private mutating func compileGroup(of draft: Draft) -> Grouping? {
        draft.group.map { Grouping(pairs: compile($0.pairs), position: $0.position) }
    }

    private mutating func compile(_ pairs: [Draft.Pair]) -> [Node.Pair] {
        pairs.map { (compile($0.key), compile($0.value)) }
    }

    private mutating func kind(of draft: Draft) -> Node.Kind {
        switch draft.kind {
        case .literal(let literal): .literal(literal)
        case .name(let name): .name(name)
        case .variable(let name): .variable(reference(to: name))
        case .wildcard: .wildcard
        case .descendants: .descendants
        case .parent(let slot): .parent(label: slot.name)
        case .regex(let program): .regex(program)
        case .placeholder: .placeholder
        case .negation(let operand): .negation(compile(operand))
        case .array(let items): .array(items.map { compile($0) }, isConstructor: draft.isConstructor)
        case .object(let pairs): .object(compile(pairs))
        case .binary(let operation, let left, let right): .binary(operation, compile(left), compile(right))
        case .path(let steps): .path(notedPath(steps, of: draft))
        case .sort(let terms): .sort(terms.map { ($0.isDescending, compile($0.term)) })
        case .binding(let name, let value): binding(name, value)
        case .application(let left, let right): .application(compile(left), compile(right))
        case .call(let procedure, let arguments): .call(call(procedure, arguments))
        case .partial(let procedure, let arguments): .partial(call(procedure, arguments))
        case .lambda(let parameters, let signature, let body): lambda(parameters, signature, body)
        case .condition(let condition, let then, let otherwise):
            .condition(compile(condition), then: compile(then), otherwise: otherwise.map { compile($0) })
        case .block(let expressions): block(expressions)
        case .transform(let pattern, let update, let deletion):
            .transform(
                Transform(
                    pattern: compile(pattern),
                    update: compile(update),
                    deletion: deletion.map { compile($0) }
                )
            )
        }
    }

    /// A path, whose second name is noted where the first step is a free variable.
    private mutating func notedPath(_ steps: [Draft], of draft: Draft) -> Path {
        let path = path(steps, of: draft)
        if steps.count > 1, case .variable(let variable) = steps[0].kind, freeVariables.contains(variable),
            case .name(let field) = steps[1].kind
        {
            freeFields[variable, default: []].insert(field)
        }
        return path
    }

    private mutating func reference(to name: String) -> VariableReference {
        let builtin = builtins[name]
        if name == "$" { readsRoot = true }
        if !name.isEmpty, name != "$", builtin == nil, !scopes.contains(where: { $0.contains(name) }) {
            freeVariables.insert(name)
        }
        return VariableReference(name: name, builtin: builtin, isBound: isBound(name))
    }

    private func isBound(_ name: String) -> Bool {
        boundNames?.contains(name) ?? true
    }

    private mutating func bind(_ name: String) {
        scopes[scopes.count - 1].insert(name)
    }

    private mutating func binding(_ name: String, _ value: Draft) -> Node.Kind {
        // A function may call itself by the name that it is bound to.
        if case .lambda = value.kind { bind(name) }
        let node = compile(value)
        bind(name)
        return .binding(name, node)
    }

    private mutating func block(_ expressions: [Draft]) -> Node.Kind {
        scopes.append([])
        let nodes = expressions.map { compile($0) }
        let names = scopes.removeLast()
        // A text evaluated at run time may bind variables too.
        return .block(nodes, hasScope: !names.isEmpty || boundNames == nil)
    }

    private mutating func lambda(_ parameters: [String], _ signature: Signature?, _ body: Draft) -> Node.Kind {
        scopes.append(Set(parameters))
        let node = compile(body)
        scopes.removeLast()
        return .lambda(Lambda(parameters: parameters, signature: signature, body: node))
    }

    private mutating func call(_ procedure: Draft, _ arguments: [Draft]) -> Call {
        let arguments = arguments.map { compile($0) }
        var meant: VariableReference?
        if case .name(let step)? = procedure.steps?.first?.kind {
            meant = VariableReference(name: step, builtin: builtins[step], isBound: true)
        }
        let name = (procedure.steps?.first ?? procedure).shownToken
        return Call(procedure: compile(procedure), arguments: arguments, name: name, meantVariable: meant)
    }

    private mutating func path(_ steps: [Draft], of draft: Draft) -> Path {
        scopes.append([])
        var compiled: [Step] = []
        // Whether only names lie between the root of the input and the next step.
        var isReached = false
        for (index, draft) in steps.enumerated() {
            let step = step(draft, isReachedFromRoot: isReached)
            compiled.append(step)
            if index == 0, case .variable(let reference) = step.node.kind {
                isReached = reference.name == "$" && !reference.isBound && step.node.isPlain && step.stages.isEmpty
            } else {
                isReached = isReached && step.plainName != nil
            }
        }
        let group = compileGroup(of: draft)
        scopes.removeLast()
        return Path(steps: compiled, keepsSingleton: draft.keepsSingleton, group: group, isTuple: draft.isTuple)
    }

    private mutating func step(_ draft: Draft, isReachedFromRoot: Bool) -> Step {
        let node = compile(draft)
        if let focus = draft.focus { bind(focus) }
        if let index = draft.index { bind(index) }
        var stages: [Step.Stage] = []
        for stage in draft.stages ?? [] {
            switch stage {
            case .filter(let filter): stages.append(.filter(compile(filter)))
            case .index(let name):
                bind(name)
                stages.append(.index(name))
            }
        }
        return Step(
            node: node,
            stages: stages,
            focus: draft.focus,
            index: draft.index,
            ancestor: draft.ancestor?.name,
            isTuple: draft.isTuple,
            isConstructor: draft.isConstructor,
            isReachedFromRoot: isReachedFromRoot
        )
    }
}
