public import IngotCore

/// A selection in dbt's grammar.
///
/// Words are separated by blanks and unite: `users orders`. Inside a word, commas intersect: `tag:daily,+gold_users`.
/// Each part is a selector: a name (or a table's), `tag:x`, `path:x`, `pipeline:x`, `model:x`, `seed:x`, `check:x`,
/// `load:x`, where `*` stands for any text and `?` for any character; `+x` adds everything that leads to it, `x+`
/// everything that it leads to, `2+x` and `x+1` only so many steps; `@x` adds what it leads to and everything that leads
/// to those.
public struct SelectionSyntax: Sendable, CustomStringConvertible {
    /// The text as it was given.
    public let description: String
    private let union: [[Selector]]

    /// One selector with the directions in which it spreads.
    private struct Selector: Sendable {
        var method: Method
        var pattern: String
        var text: String
        var ancestors: Spread = .none
        var descendants: Spread = .none
        var includesAncestorsOfDescendants = false
    }

    /// What a selector looks at.
    private enum Method: String, CaseIterable {
        case name
        case tag
        case path
        case pipeline
        case model
        case seed
        case check
        case load
    }

    /// How far a selection spreads.
    private enum Spread {
        case none
        case steps(Int)
        case all
    }

    /// Reads a selection.
    ///
    /// - Throws: `ING0119` where it is not well formed.
    public init(_ text: String) throws(IngotError) {
        description = text
        var union: [[Selector]] = []
        for word in text.split(whereSeparator: \.isWhitespace) {
            var parts: [Selector] = []
            for part in word.split(separator: ",", omittingEmptySubsequences: false) {
                parts.append(try Self.selector(part, in: text))
            }
            union.append(parts)
        }
        guard !union.isEmpty else {
            throw IngotError(.invalidSelection, "the selection is empty", hint: "a name, tag:x or path:x")
        }
        self.union = union
    }

    /// The nodes of a graph that are selected, in the graph's order.
    ///
    /// - Throws: `ING0119` where a selector fits nothing.
    public func evaluate(in graph: SelectionGraph) throws(IngotError) -> [SelectionNode] {
        var selected: Set<String> = []
        for parts in union {
            var word: Set<String>?
            for part in parts {
                let names = try names(of: part, in: graph)
                word = word?.intersection(names) ?? names
            }
            selected.formUnion(word ?? [])
        }
        return graph.nodes.filter { selected.contains($0.name) }
    }

    // MARK: Reading

    private static func selector(_ text: Substring, in whole: String) throws(IngotError) -> Selector {
        var rest = text
        var selector = Selector(method: .name, pattern: "", text: String(text))
        if rest.first == "@" {
            selector.includesAncestorsOfDescendants = true
            rest = rest.dropFirst()
        } else if let plus = rest.firstIndex(of: "+"), rest[..<plus].allSatisfy(\.isDigit) {
            selector.ancestors = try spread(rest[..<plus], in: text)
            rest = rest[rest.index(after: plus)...]
        }
        if let plus = rest.lastIndex(of: "+"), rest[rest.index(after: plus)...].allSatisfy(\.isDigit) {
            selector.descendants = try spread(rest[rest.index(after: plus)...], in: text)
            rest = rest[..<plus]
        }
        if let colon = rest.firstIndex(of: ":") {
            let name = String(rest[..<colon])
            guard let method = Method(rawValue: name), method != .name else {
                let known = Method.allCases.filter { $0 != .name }.map(\.rawValue)
                throw IngotError(
                    .invalidSelection,
                    "\"\(name)\" in \"\(text)\" is not a way to select; ways: "
                        + known.map { "\($0):x" }.joined(separator: ", "),
                    hint: NearestMatch.find(name, among: known).map { "\($0):\(rest[rest.index(after: colon)...])" }
                )
            }
            selector.method = method
            rest = rest[rest.index(after: colon)...]
        }
        guard !rest.isEmpty, !rest.contains("+"), !rest.contains("@") else {
            throw IngotError(
                .invalidSelection,
                rest.isEmpty
                    ? "\"\(text)\" in the selection \"\(whole)\" names nothing"
                    : "\"\(text)\" is not a selector",
                hint: "name, +name, name+, 2+name, @name, tag:x, path:x; a blank unites, a comma intersects"
            )
        }
        selector.pattern = String(rest)
        return selector
    }

    private static func spread(_ digits: Substring, in text: Substring) throws(IngotError) -> Spread {
        if digits.isEmpty { return .all }
        guard let steps = Int(digits) else {
            throw IngotError(.invalidSelection, "\"\(digits)\" in \"\(text)\" is too large a number of steps")
        }
        return .steps(steps)
    }

    // MARK: Evaluation

    private func names(of selector: Selector, in graph: SelectionGraph) throws(IngotError) -> Set<String> {
        let matched = Set(graph.nodes.filter { Self.matches(selector, $0) }.map(\.name))
        guard !matched.isEmpty else { throw Self.nothing(selector, in: graph) }
        var names = matched
        if selector.includesAncestorsOfDescendants {
            names = graph.ancestors(of: graph.descendants(of: matched, depth: nil), depth: nil)
        }
        switch selector.ancestors {
        case .none: break
        case .steps(let steps): names.formUnion(graph.ancestors(of: matched, depth: steps))
        case .all: names.formUnion(graph.ancestors(of: matched, depth: nil))
        }
        switch selector.descendants {
        case .none: break
        case .steps(let steps): names.formUnion(graph.descendants(of: matched, depth: steps))
        case .all: names.formUnion(graph.descendants(of: matched, depth: nil))
        }
        return names
    }

    private static func matches(_ selector: Selector, _ node: SelectionNode) -> Bool {
        let pattern = selector.pattern
        switch selector.method {
        case .name: return ([node.name] + node.tables).contains { Glob.matches($0, pattern) }
        case .tag: return node.tags.contains { Glob.matches($0, pattern) }
        case .path:
            let folder = pattern.hasSuffix("/") ? String(pattern.dropLast()) : pattern
            return Glob.matches(node.path, folder) || Glob.matches(node.path, folder + "/*")
        case .pipeline: return node.kind == .pipeline && Glob.matches(node.name, pattern)
        case .model: return node.kind == .model && Glob.matches(node.name, pattern)
        case .seed: return node.kind == .seed && Glob.matches(node.name, pattern)
        case .check: return node.kind == .check && Glob.matches(node.name, pattern)
        case .load: return node.kind == .load && Glob.matches(node.name, pattern)
        }
    }

    private static func nothing(_ selector: Selector, in graph: SelectionGraph) -> IngotError {
        let known: [String]
        switch selector.method {
        case .name: known = graph.nodes.map(\.name)
        case .tag: known = Set(graph.nodes.flatMap(\.tags)).sorted()
        case .path: known = graph.nodes.map(\.path)
        case .pipeline, .model, .seed, .check, .load:
            known = graph.nodes.filter { $0.kind.rawValue == selector.method.rawValue }.map(\.name)
        }
        let listed = known.prefix(20).joined(separator: ", ") + (known.count > 20 ? ", ..." : "")
        let prefix = selector.method == .name ? "" : "\(selector.method.rawValue):"
        let tables = selector.method == .name ? graph.nodes.flatMap(\.tables) : []
        return IngotError(
            .invalidSelection,
            "\"\(selector.text)\" selects nothing; "
                + (known.isEmpty ? "there is nothing of the kind" : "there are: \(listed)"),
            hint: NearestMatch.find(selector.pattern, among: known + tables).map { prefix + $0 }
        )
    }
}

extension Character {
    fileprivate var isDigit: Bool {
        isASCII && isNumber
    }
}
