import ArgumentParser
import IngotEngine
import IngotProject

/// Which pipelines and models a command is about.
struct SelectionOptions: ParsableArguments {
    /// What was chosen.
    struct Choice: Sendable {
        /// Names of pipelines.
        var pipelines: [String]
        /// Names of models.
        var models: [String]
    }

    @Option(
        name: .shortAndLong,
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Only these: name, table, tag:x, path:x; +x with what it reads, x+ with what reads it, x,y both.",
            valueName: "selection"
        )
    )
    var select: [String] = []

    /// The pipelines and models that are chosen; all of them without a selection.
    ///
    /// - Throws: `IngotError` with `invalidSelection`.
    func choose(from project: Project, _ engine: Engine) async throws -> Choice {
        guard !select.isEmpty else {
            return Choice(
                pipelines: project.pipelines.map(\.name.value),
                models: project.models.map(\.name.value)
            )
        }
        let nodes = try await Self.nodes(select, of: project, engine)
        return Choice(
            pipelines: nodes.filter { $0.kind == .pipeline }.map(\.name),
            models: nodes.filter { $0.kind == .model }.map(\.name)
        )
    }

    /// What selectors choose of a project.
    ///
    /// - Throws: `IngotError` with `invalidSelection`.
    static func nodes(_ select: [String], of project: Project, _ engine: Engine) async throws -> [SelectionNode] {
        let text = select.joined(separator: " ")
        let selection = try SelectionSyntax(text)
        // What feeds what takes parsing all SQL, so only where it is asked for.
        let edges = text.contains("+") || text.contains("@") ? try await engine.selectionEdges() : []
        return try selection.evaluate(in: SelectionGraph(nodes: project.selectionNodes, edges: edges))
    }
}
