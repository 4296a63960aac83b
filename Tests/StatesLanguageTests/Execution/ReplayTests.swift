import JSONTree
import StatesLanguage
import Testing

@Suite("Replays", .conformance, .timeLimit(.minutes(30)))
struct ReplayTests {
    private struct Journal {
        var inputs: [(input: ExecutionInput, time: Timestamp)] = []
        var events: [HistoryEvent] = []
        var outcome: ExecutionOutcome?
    }

    /// Runs a case and keeps its journal; nil where the definition is refused.
    private func record(_ json: JSON) -> (simulator: Simulator, journal: Journal)? {
        guard let simulator = try? SimulationCase(json).simulator(options: ExecutionOptions(seed: 7)) else {
            return nil
        }
        var journal = Journal()
        let result = simulator.run(
            input: json["input"] ?? [:],
            onInput: { journal.inputs.append(($0, $1)) },
            onEvents: { journal.events += $0 }
        )
        journal.outcome = result.outcome
        return (simulator, journal)
    }

    private func replay(
        _ simulator: Simulator,
        _ inputs: some Sequence<(input: ExecutionInput, time: Timestamp)>,
        eventCountMax: Int
    ) -> (events: [HistoryEvent], outcome: ExecutionOutcome?, tokens: [String]) {
        let execution = Execution(
            machine: simulator.machine,
            identity: simulator.identity,
            options: simulator.executionOptions
        )
        for (input, time) in inputs { execution.send(input, at: time) }
        var events: [HistoryEvent] = []
        var tokens: [String] = []
        while true {
            let step = execution.step(eventCountMax: eventCountMax)
            events += step.events
            for case .scheduleTask(let request) in step.actions { tokens.append(request.token) }
            if step.isIdle { return (events, execution.outcome, tokens) }
        }
    }

    @Test("The journal of inputs brings every recorded execution back, event by event, in steps of any size")
    func journals() throws {
        for json in try Conformance.cases("asl_executions.jsonl") {
            guard let (simulator, journal) = record(json) else { continue }
            for stepSize in [1, 7, .max] {
                let again = replay(simulator, journal.inputs, eventCountMax: stepSize)
                #expect(again.events == journal.events, "\(json["id"] ?? .null)")
                #expect(again.outcome == journal.outcome)
            }
        }
    }

    @Test("After a crash at any input, the execution stands where it was: same events, same tokens")
    func crashes() throws {
        for json in try Conformance.cases("asl_executions.jsonl") {
            guard let (simulator, journal) = record(json), journal.inputs.count > 1 else { continue }
            let whole = replay(simulator, journal.inputs, eventCountMax: .max)
            for count in 1..<journal.inputs.count {
                let part = replay(simulator, journal.inputs.prefix(count), eventCountMax: 5)
                #expect(part.events.elementsEqual(whole.events.prefix(part.events.count)))
                #expect(part.tokens.elementsEqual(whole.tokens.prefix(part.tokens.count)))
            }
        }
    }

    @Test("Inputs go to a journal as JSON and come back as they were")
    func journalText() throws {
        for json in try Conformance.cases("asl_executions.jsonl") {
            for (input, _) in record(json)?.journal.inputs ?? [] {
                #expect(ExecutionInput(try JSON(parsing: input.json.text())) == input)
            }
        }
        let others: [ExecutionInput] = [
            .taskHeartbeat(token: "t"), .taskStarted(token: "t", worker: "w"), .redrive,
            .itemsRead(
                token: "t",
                items: [MapItem(1), MapItem(2, source: "s3://b/k"), MapItem(3, key: "k"), MapItem(4, key: "l")],
                continuation: "c"
            ),
            .itemsFailed(token: "t", error: nil, cause: "c"), .resultsWritten(token: "t", details: [:]),
            .resultsFailed(token: "t", error: "e", cause: nil), .abort(error: "e", cause: nil), .timePassed,
        ]
        for input in others { #expect(ExecutionInput(input.json) == input) }
        #expect(ExecutionInput(["nothing": [:]]) == nil)
    }
}
