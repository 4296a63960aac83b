/// What can be selected, and what feeds what.
public struct SelectionGraph: Sendable {
    /// The nodes, in the order in which a selection gives them back.
    public let nodes: [SelectionNode]
    private let parents: [String: Set<String>]
    private let children: [String: Set<String>]

    /// Makes a graph.
    ///
    /// - Parameters:
    ///   - nodes: What can be selected.
    ///   - edges: Pairs of names: what the first makes, the second reads. Names that are no node's are left out.
    public init(nodes: [SelectionNode], edges: [(from: String, to: String)]) {
        self.nodes = nodes
        let names = Set(nodes.map(\.name))
        var parents: [String: Set<String>] = [:]
        var children: [String: Set<String>] = [:]
        for edge in edges where names.contains(edge.from) && names.contains(edge.to) {
            parents[edge.to, default: []].insert(edge.from)
            children[edge.from, default: []].insert(edge.to)
        }
        self.parents = parents
        self.children = children
    }

    /// The names that lead to some names, at most `depth` steps away, themselves included; `nil` for any number.
    func ancestors(of names: Set<String>, depth: Int?) -> Set<String> {
        reach(from: names, depth: depth, along: parents)
    }

    /// The names that some names lead to, at most `depth` steps away, themselves included; `nil` for any number.
    func descendants(of names: Set<String>, depth: Int?) -> Set<String> {
        reach(from: names, depth: depth, along: children)
    }

    /// The ends of every edge are seen once, so cycles end too.
    private func reach(from names: Set<String>, depth: Int?, along edges: [String: Set<String>]) -> Set<String> {
        var reached = names
        var frontier = names
        var left = depth ?? Int.max
        while !frontier.isEmpty, left > 0 {
            let next: Set<String> = frontier.reduce(into: []) { $0.formUnion(edges[$1] ?? []) }
            frontier = next.subtracting(reached)
            reached.formUnion(frontier)
            left -= 1
        }
        return reached
    }
}
