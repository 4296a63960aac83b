import JSONTree

/// Turns what the parser read into paths with steps.
struct PathBuilder {
    private var ancestorCount = 0

    static func build(_ syntax: Syntax) throws(Failure) -> Draft {
        var builder = PathBuilder()
        let draft = try builder.build(syntax)
        var isParent = false
        if case .parent = draft.kind { isParent = true }
        guard !isParent, draft.seeking == nil else {
            throw Failure("S0217", position: draft.position, token: .string(draft.typeName))
        }
        return draft
    }

    private mutating func build(_ syntax: Syntax) throws(Failure) -> Draft {
        let draft = try convert(syntax)
        if syntax.keepsArray { draft.keepsArray = true }
        return draft
    }

    private mutating func build(_ list: [Syntax]) throws(Failure) -> [Draft] {
        var drafts: [Draft] = []
        for syntax in list { drafts.append(try build(syntax)) }
        return drafts
    }

    private mutating func build(_ pairs: [Syntax.Pair]) throws(Failure) -> [Draft.Pair] {
        var drafts: [Draft.Pair] = []
        for pair in pairs { drafts.append((try build(pair.key), try build(pair.value))) }
        return drafts
    }

    private mutating func build(_ optional: Syntax?) throws(Failure) -> Draft? {
        guard let optional else { return nil }
        return try build(optional)
    }

    private mutating func convert(_ syntax: Syntax) throws(Failure) -> Draft {
        let position = syntax.position
        switch syntax.kind {
        case .literal(let literal): return Draft(.literal(literal), at: position)
        case .variable(let name): return Draft(.variable(name), at: position)
        case .wildcard: return Draft(.wildcard, at: position)
        case .descendants: return Draft(.descendants, at: position)
        case .regex(let program): return Draft(.regex(program), at: position)
        case .placeholder: return Draft(.placeholder, at: position)
        case .end: throw Failure("S0207", position: position, token: "(end)")
        case .name(let name): return namedPath(name, syntax)
        case .parent:
            ancestorCount += 1
            return Draft(.parent(AncestorSlot(label: ancestorCount - 1)), at: position)
        case .step(let left, let right): return try path(left, right, at: position)
        case .predicate(let left, let condition): return try predicate(left, condition, at: position)
        case .grouping(let left, let pairs): return try grouping(left, pairs, at: position)
        case .ordering(let left, let terms): return try ordering(left, terms, at: position)
        case .focus(let left, let name): return try focus(left, name, syntax)
        case .index(let left, let name): return try index(left, name, at: position)
        default: return try convertOperation(syntax)
        }
    }

    private func namedPath(_ name: String, _ syntax: Syntax) -> Draft {
        let step = Draft(.name(name), at: syntax.position)
        step.keepsArray = syntax.keepsArray
        let path = Draft(.path([step]), at: syntax.position)
        path.keepsSingleton = syntax.keepsArray
        return path
    }

    private mutating func convertOperation(_ syntax: Syntax) throws(Failure) -> Draft {
        let position = syntax.position
        switch syntax.kind {
        case .negation(let operand): return try negation(operand, at: position)
        case .array(let items):
            let drafts = try build(items)
            return seeking(.array(drafts), drafts, at: position)
        case .object(let pairs):
            let drafts = try build(pairs)
            return seeking(.object(drafts), drafts.flatMap { [$0.key, $0.value] }, at: position)
        case .binary(let operation, let left, let right):
            let (left, right) = (try build(left), try build(right))
            return seeking(.binary(operation, left, right), [left, right], at: position)
        case .binding(let name, let value):
            let draft = try build(value)
            return seeking(.binding(name, draft), [draft], at: position)
        case .application(let left, let right):
            let (left, right) = (try build(left), try build(right))
            let draft = Draft(.application(left, right), at: position)
            draft.keepsArray = left.keepsArray || right.keepsArray
            return draft
        case .call(let procedure, let arguments):
            let drafts = try build(arguments)
            return seeking(.call(try build(procedure), drafts), drafts, at: position)
        case .partial(let procedure, let arguments):
            let drafts = try build(arguments)
            return seeking(.partial(try build(procedure), drafts), drafts, at: position)
        case .lambda(let parameters, let signature, let body):
            return Draft(.lambda(parameters: parameters, signature: signature, body: try build(body)), at: position)
        case .condition(let condition, let then, let otherwise):
            let (condition, then, otherwise) = (try build(condition), try build(then), try build(otherwise))
            let parts = [condition, then] + (otherwise.map { [$0] } ?? [])
            return seeking(.condition(condition, then: then, otherwise: otherwise), parts, at: position)
        case .block(let expressions): return try block(expressions, at: position)
        case .transform(let pattern, let update, let deletion):
            return Draft(
                .transform(pattern: try build(pattern), update: try build(update), deletion: try build(deletion)),
                at: position
            )
        default: throw Failure("S0206", position: position, token: syntax.shownToken)
        }
    }

    private func seeking(_ kind: Draft.Kind, _ parts: [Draft], at position: Int) -> Draft {
        let draft = Draft(kind, at: position)
        for part in parts { draft.seek(alsoFor: part) }
        return draft
    }

    private mutating func negation(_ operand: Syntax, at position: Int) throws(Failure) -> Draft {
        let draft = try build(operand)
        if case .literal(.number(let number)) = draft.kind {
            draft.kind = .literal(.number(-number))
            return draft
        }
        return seeking(.negation(draft), [draft], at: position)
    }

    private mutating func block(_ expressions: [Syntax], at position: Int) throws(Failure) -> Draft {
        let drafts = try build(expressions)
        let draft = seeking(.block(drafts), drafts, at: position)
        draft.isConstructor = drafts.contains { $0.isConstructor || $0.steps?.first?.isConstructor == true }
        return draft
    }
}

extension PathBuilder {
    private mutating func path(_ left: Syntax, _ right: Syntax, at position: Int) throws(Failure) -> Draft {
        let first = try build(left)
        let path = first.steps == nil ? Draft(.path([first]), at: first.position) : first
        if case .parent(let slot) = first.kind { path.seeking = [slot] }
        let rest = try build(right)
        var steps = path.steps ?? []
        if let more = rest.steps {
            steps += more
        } else {
            if !rest.predicates.isEmpty {
                rest.stages = rest.predicates.map { .filter($0) }
                rest.predicates = []
            }
            steps.append(rest)
        }
        for step in steps {
            guard case .literal(let literal) = step.kind else { continue }
            guard case .string(let name) = literal else {
                throw Failure("S0213", position: step.position, value: literal.value)
            }
            step.kind = .name(name)
        }
        path.kind = .path(steps)
        if steps.contains(where: \.keepsArray) { path.keepsSingleton = true }
        if let step = steps.first, step.isArrayConstructor { step.isConstructor = true }
        if let step = steps.last, step.isArrayConstructor { step.isConstructor = true }
        try Ancestry.resolve(path)
        return path
    }

    private mutating func predicate(
        _ left: Syntax,
        _ condition: Syntax,
        at position: Int
    ) throws(Failure) -> Draft {
        let result = try build(left)
        let step = result.steps?.last ?? result
        guard step.group == nil else { throw Failure("S0209", position: position) }
        let filter = try build(condition)
        if let slots = filter.seeking {
            for slot in slots {
                if slot.level == 1 {
                    try Ancestry.seek(slot, in: step)
                } else {
                    slot.level -= 1
                }
            }
            step.seek(alsoFor: filter)
        }
        if result.steps != nil {
            step.stages = (step.stages ?? []) + [.filter(filter)]
        } else {
            step.predicates.append(filter)
        }
        return result
    }

    private mutating func grouping(
        _ left: Syntax,
        _ pairs: [Syntax.Pair],
        at position: Int
    ) throws(Failure) -> Draft {
        let result = try build(left)
        guard result.group == nil else { throw Failure("S0210", position: position) }
        result.group = (try build(pairs), position)
        return result
    }

    private mutating func ordering(
        _ left: Syntax,
        _ terms: [(isDescending: Bool, term: Syntax)],
        at position: Int
    ) throws(Failure) -> Draft {
        let lhs = try build(left)
        let path = lhs.steps == nil ? Draft(.path([lhs]), at: lhs.position) : lhs
        var drafts: [(isDescending: Bool, term: Draft)] = []
        for (isDescending, term) in terms { drafts.append((isDescending, try build(term))) }
        let sort = Draft(.sort(drafts), at: position)
        for (_, term) in drafts { sort.seek(alsoFor: term) }
        path.kind = .path((path.steps ?? []) + [sort])
        try Ancestry.resolve(path)
        return path
    }

    private mutating func focus(_ left: Syntax, _ name: String, _ syntax: Syntax) throws(Failure) -> Draft {
        let result = try build(left)
        let step = result.steps?.last ?? result
        guard step.stages == nil, step.predicates.isEmpty else { throw Failure("S0215", position: syntax.position) }
        if case .sort = step.kind { throw Failure("S0216", position: syntax.position) }
        if syntax.keepsArray { step.keepsArray = true }
        step.focus = name
        step.isTuple = true
        return result
    }

    private mutating func index(_ left: Syntax, _ name: String, at position: Int) throws(Failure) -> Draft {
        var result = try build(left)
        let step = result.steps?.last ?? result
        if result.steps == nil {
            result = Draft(.path([step]), at: step.position)
            if !step.predicates.isEmpty {
                step.stages = step.predicates.map { .filter($0) }
                step.predicates = []
            }
        }
        if let stages = step.stages {
            step.stages = stages + [.index(name)]
        } else {
            step.index = name
        }
        step.isTuple = true
        return result
    }
}
