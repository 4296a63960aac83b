import ArgumentParser
import IngotCore
import IngotProject

/// Which pipelines and models a command is about.
struct SelectionOptions: ParsableArguments {
    /// What was chosen.
    struct Choice {
        /// Names of pipelines.
        var pipelines: [String]
        /// Names of models.
        var models: [String]
    }

    @Option(
        name: .shortAndLong,
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Only these pipelines and models: names or tables, separated by blanks.",
            valueName: "selection"
        )
    )
    var select: [String] = []

    /// The pipelines and models that are chosen; all of them without a selection.
    ///
    /// - Throws: `IngotError` with `invalidSelection` for a name that nothing has.
    func choose(from project: Project) throws -> Choice {
        let words = select.flatMap { $0.split(separator: " ") }.map(String.init)
        var choice = Choice(pipelines: project.pipelines.map(\.name.value), models: project.models.map(\.name.value))
        guard !words.isEmpty else { return choice }
        var pipelines: Set<String> = []
        var models: Set<String> = []
        for word in words {
            let named = project.pipelines.filter { pipeline in
                pipeline.name.value == word || pipeline.tables.contains { $0.table.value.description == word }
            }
            let computed = project.models.filter { $0.name.value == word || $0.table.value.description == word }
            guard !named.isEmpty || !computed.isEmpty else {
                throw IngotError(
                    .invalidSelection,
                    "the selection \"\(word)\" names no pipeline or model",
                    hint: NearestMatch.find(word, among: choice.pipelines + choice.models) ?? "ingot plan"
                )
            }
            pipelines.formUnion(named.map(\.name.value))
            models.formUnion(computed.map(\.name.value))
        }
        choice.pipelines.removeAll { !pipelines.contains($0) }
        choice.models.removeAll { !models.contains($0) }
        return choice
    }
}
