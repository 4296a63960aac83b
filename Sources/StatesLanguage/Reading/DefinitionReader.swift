import JSONTree
import JSONata

/// Reads a definition into a compiled machine and collects every problem on the way.
final class DefinitionReader {
    /// Limits that no sensible definition reaches.
    enum Limit {
        static let stateCount = 10_000
        static let nestingDepth = 20
        static let diagnosticCount = 500
    }

    let kind: StateMachine.Kind
    private(set) var diagnostics: [Diagnostic] = []
    var stateCount = 0
    /// The language of the whole machine; its states may only change from JSONPath to JSONata.
    var machineLanguage = QueryLanguage.jsonPath

    init(kind: StateMachine.Kind) {
        self.kind = kind
    }

    var hasErrors: Bool {
        diagnostics.contains { $0.severity == .error }
    }

    func report(_ diagnostic: Diagnostic) {
        guard diagnostics.count < Limit.diagnosticCount else { return }
        diagnostics.append(diagnostic)
    }

    /// Reads a whole definition; nil where it has errors.
    func machine(_ node: DocumentNode) -> StateMachine? {
        guard node.members != nil else {
            report(
                Diagnostic(
                    severity: .error,
                    code: Diagnostic.schemaCode,
                    message: "Definition must be a valid JSON object",
                    location: nil,
                    position: node.position
                )
            )
            return nil
        }
        let object = ObjectReader(node, location: "", statePath: [], reader: self)
        let comment = object.string("Comment")
        let version = object.string("Version")
        if let version, version != "1.0" {
            object.report("Version", "The only version is \"1.0\"", severity: .warning)
        }
        machineLanguage = language(of: object, inherited: .jsonPath)
        let timeout = object.number("TimeoutSeconds", minimum: 1)
        let graph = graph(object, language: machineLanguage, depth: 1)
        object.finish()
        guard !hasErrors, let graph else { return nil }
        return StateMachine(
            kind: kind,
            comment: comment,
            queryLanguage: machineLanguage,
            timeoutSeconds: timeout,
            graph: graph
        )
    }

    /// The language of a machine or state; what is neither name is reported, and JSONata is meant by it.
    func language(of object: ObjectReader, inherited: QueryLanguage) -> QueryLanguage {
        guard object.has("QueryLanguage") else { return inherited }
        guard let name = object.string("QueryLanguage") else { return .jsonata }
        if let language = QueryLanguage(rawValue: name) { return language }
        object.report("QueryLanguage", "Value is not accepted. Valid values: \"JSONata\", \"JSONPath\".")
        return .jsonata
    }

    /// Reads `StartAt` and `States` of a machine, a branch or an item processor.
    func graph(_ object: ObjectReader, language: QueryLanguage, depth: Int) -> StateGraph? {
        guard object.require(["States", "StartAt"]), depth <= Limit.nestingDepth else {
            if depth > Limit.nestingDepth {
                object.report(nil, "State machines nest deeper than \(Limit.nestingDepth)")
            }
            _ = (object.node("StartAt"), object.node("States"))
            return nil
        }
        let start = object.string("StartAt")
        guard let states = object.object("States") else { return nil }
        guard !states.members.isEmpty else {
            states.report(nil, "Value cannot be empty")
            return nil
        }
        let names = states.names()
        let scope = GraphScope(names: names, language: language, depth: depth)
        var read: [State?] = []
        for name in states.members.map(\.key) where names[name] == read.count {
            guard let state = states.object(name, entering: name) else {
                read.append(nil)
                continue
            }
            stateCount += 1
            if stateCount > Limit.stateCount { break }
            read.append(StateReader(object: state, name: name, scope: scope, reader: self).state())
        }
        guard let start, let position = names[start] else {
            if let start {
                object.report("StartAt", "Missing 'StartAt' target: \(start)", code: Diagnostic.transitionCode)
            }
            return nil
        }
        guard stateCount <= Limit.stateCount else {
            object.report("States", "The definition has more than \(Limit.stateCount) states")
            return nil
        }
        ReachabilityCheck(start: start, states: states).run()
        let complete = read.compactMap(\.self)
        return complete.count == names.count ? StateGraph(states: complete, start: position) : nil
    }
}

/// What the states of one graph share while they are read.
struct GraphScope {
    /// The positions of the states by name.
    let names: [String: Int]
    let language: QueryLanguage
    let depth: Int
}

/// Reports states that no transition leads to, and graphs without an end.
///
/// It looks at the definition and not at the compiled graph, so that it also answers where other things are wrong.
private struct ReachabilityCheck {
    let start: String
    let states: ObjectReader

    func run() {
        let nodes = Dictionary(states.members.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
        guard nodes.values.contains(where: Self.isTerminal) else {
            // The service gives this problem no location, and says nothing of what is not reached then.
            return states.report(nil, "Workflow has no terminal state", code: Diagnostic.endCode, hasLocation: false)
        }
        var reached: Set<String> = [start]
        var open = [start]
        while let name = open.popLast() {
            for next in nodes[name].map(Self.targets) ?? [] where reached.insert(next).inserted { open.append(next) }
        }
        for member in states.members where !reached.contains(member.key) {
            states.report(
                member.key,
                "State \"\(member.key)\" is not reachable.",
                code: Diagnostic.transitionCode,
                atKey: true
            )
        }
    }

    /// The states that a state names: its own transitions, and those of its rules.
    private static func targets(_ state: DocumentNode) -> [String] {
        let rules = (state["Catch"]?.elements ?? []) + (state["Choices"]?.elements ?? [])
        let transitions = [state["Next"], state["Default"]] + rules.map { $0["Next"] }
        return transitions.compactMap { $0?.string }
    }

    private static func isTerminal(_ state: DocumentNode) -> Bool {
        let type = state["Type"]?.string
        return state["End"]?.scalar == .bool(true) || type == "Succeed" || type == "Fail"
    }
}

extension DocumentNode {
    fileprivate subscript(key: String) -> DocumentNode? {
        members?.last { $0.key == key }?.value
    }
}
