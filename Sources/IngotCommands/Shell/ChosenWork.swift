import IngotEngine
import IngotLocal

/// What was chosen of a project, to be done with a line of progress for each part.
struct ChosenWork {
    let local: LocalEngine
    let choice: SelectionOptions.Choice
    let console: Console

    /// Takes in pipelines, one after the other, and then computes models.
    ///
    /// - Parameters:
    ///   - isFullRefresh: Whether models are computed as a whole, whatever changed.
    ///   - ingest: Takes in one pipeline.
    /// - Returns: What was done.
    /// - Throws: What stops the models; `CancellationError`.
    func run(
        isFullRefresh: Bool = false,
        ingest: @escaping @Sendable (_ pipeline: String) async -> [PipelineReport]
    ) async throws -> RunOutcome {
        var outcome = RunOutcome()
        for pipeline in choice.pipelines {
            outcome.runs += try await showing(pipeline) { await ingest(pipeline) }
        }
        guard !choice.models.isEmpty else { return outcome }
        let (engine, models) = (local.engine, Set(choice.models))
        outcome.models = try await showing("models") {
            try await engine.runModels(models, isFullRefresh: isFullRefresh)
        }
        return outcome
    }

    private func showing<Value: Sendable>(
        _ name: String,
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try Task.checkCancellation()
        let local = local
        return try await ProgressLine(name, console: console).during(work) { await local.activity }
    }
}
