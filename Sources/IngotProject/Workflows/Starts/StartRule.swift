public import IngotCore
public import JSONTree
public import StatesLanguage

/// A rule by which executions of a workflow are started.
public struct StartRule: Hashable, Sendable {
    /// What a rule listens for.
    public enum Trigger: Hashable, Sendable {
        /// A schedule, and what is done about occurrences at which nothing ran.
        case schedule(Schedule, missed: MissedRuns)
        /// An object of a pipeline arrived.
        case object(pipeline: Located<String>)
        /// A run of a pipeline or model ended so.
        case run(of: Located<String>, statuses: Set<RunOutcome>)
        /// An execution of a workflow ended so.
        case execution(of: Located<String>, statuses: Set<ExecutionStatus>)
    }

    /// What is done about occurrences of a schedule that came while nothing ran.
    public enum MissedRuns: String, Hashable, Sendable, CaseIterable {
        /// Nothing.
        case none
        /// The newest is made up for.
        case last
        /// All are made up for, in order.
        case all
    }

    /// How a run ended.
    public enum RunOutcome: String, Hashable, Sendable, CaseIterable {
        /// Its work is committed.
        case succeeded
        /// It committed nothing.
        case failed
    }

    /// The rule's name.
    public var name: Located<String>
    /// The workflow that is started.
    public var workflow: Located<String>
    /// What the rule listens for.
    public var trigger: Trigger
    /// The input; nil for the event itself.
    public var input: StartInput?
}

/// The input of an execution that a rule starts, made of the event that started it.
///
/// It is written as the `Output` of a state in JSONata, whose input is the event; and that is what it is.
public struct StartInput: Hashable, Sendable {
    private static let state = "Input"

    /// The input as it is written.
    let template: JSON
    private let machine: StateMachine

    /// Compiles an input.
    ///
    /// - Throws: `DefinitionError` with every problem, each at the place of the template that it is about.
    init(_ template: DocumentNode) throws(DefinitionError) {
        self.template = template.json
        machine = try StateMachine(Self.definition(template))
    }

    /// The input that comes of an event.
    ///
    /// - Throws: `IngotError` with `startFailed` where an expression cannot be evaluated.
    public func value(of event: JSON, at time: Timestamp) throws -> JSON {
        let execution = Execution(machine: machine, identity: ExecutionIdentity(name: "start", machineName: "start"))
        execution.send(.start(input: event), at: time)
        while !execution.step(eventCountMax: 1000).isIdle {}
        switch execution.outcome {
        case .succeeded(let output): return output
        case .failed(let error, let cause), .timedOut(let error, let cause), .aborted(let error, let cause):
            throw IngotError(
                .startFailed,
                "the input cannot be made of the event",
                cause: [error, cause].compactMap(\.self).joined(separator: ": ")
            )
        case nil: throw IngotError(.startFailed, "the input cannot be made of the event")
        }
    }

    /// Two inputs are equal when they are written alike.
    public static func == (left: StartInput, right: StartInput) -> Bool {
        left.template == right.template
    }

    /// Hashes what equality compares.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(template)
    }

    private static func definition(_ template: DocumentNode) -> DocumentNode {
        let place = template.position
        func object(_ members: [(String, DocumentNode)]) -> DocumentNode {
            DocumentNode(
                .object(members.map { DocumentNode.Member(key: $0.0, position: place, value: $0.1) }),
                position: place
            )
        }
        func scalar(_ value: JSON) -> DocumentNode { DocumentNode(.scalar(value), position: place) }
        let pass = object([("Type", scalar("Pass")), ("Output", template), ("End", scalar(true))])
        return object([
            ("QueryLanguage", scalar("JSONata")), ("StartAt", scalar(.string(state))),
            ("States", object([(state, pass)])),
        ])
    }
}
