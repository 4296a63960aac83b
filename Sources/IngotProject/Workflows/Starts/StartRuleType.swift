import Foundation
import IngotCore
import StatesLanguage

extension StartRule.MissedRuns: Choice {
    var summary: String {
        switch self {
        case .none: "They are let go."
        case .last: "One execution is started, for the newest of them."
        case .all: "An execution is started for each, at most the newest 100."
        }
    }
}

extension StartRule.RunOutcome: Choice {
    var summary: String {
        switch self {
        case .succeeded: "Its work is committed."
        case .failed: "It committed nothing."
        }
    }
}

/// How an execution ended, in lower case as other words of project files are.
private enum ExecutionEnd: String, CaseIterable, Choice {
    case succeeded
    case failed
    case timedOut = "timed_out"
    case aborted

    var summary: String {
        switch self {
        case .succeeded: "It ended well."
        case .failed: "It ended with an error."
        case .timedOut: "It took too long."
        case .aborted: "It was stopped."
        }
    }

    var status: ExecutionStatus {
        switch self {
        case .succeeded: .succeeded
        case .failed: .failed
        case .timedOut: .timedOut
        case .aborted: .aborted
        }
    }
}

/// The keys of a rule.
private enum StartKeys {
    static let workflow = Key.required(
        "workflow",
        ValueType<String>.identifier.located,
        "The workflow of which an execution is started."
    )
    static let schedule = Key(
        "schedule",
        ValueType<WrittenSchedule>.schedule,
        "When, as EventBridge Scheduler writes it: `cron(30 4 * * ? *)` with minutes, hours, day of the month, month, day "
            + "of the week and year, `rate(15 minutes)`, or `at(2026-03-02T04:30:00)`."
    )
    static let zone = Key(
        "timezone",
        ValueType<String>.zone,
        default: "UTC",
        written: "UTC",
        "`schedule`: the IANA name of the time zone. A time that the clock skips in spring has no occurrence, one that "
            + "comes twice in autumn has one."
    )
    static let missed = Key<StartRule.MissedRuns>(
        "missed_runs",
        .choice,
        default: .last,
        written: "last",
        "`schedule`: what is done about occurrences at which no `ingot serve` ran."
    )
    static let object = Key(
        "on_object",
        ValueType<String>.identifier.located,
        "A pipeline: an execution is started for each of its objects that arrives."
    )
    static let run = Key(
        "on_run",
        ValueType<String>.identifier.located,
        "A pipeline or model: an execution is started when a run of it has ended."
    )
    static let runStatus = Key(
        "run_status",
        ValueType<[StartRule.RunOutcome]>.oneOrMore(.choice),
        default: StartRule.RunOutcome.allCases,
        written: "any",
        "`on_run`: how the run ended."
    )
    static let execution = Key(
        "on_execution",
        ValueType<String>.identifier.located,
        "A workflow: an execution is started when one of it has ended."
    )
    static let executionStatus = Key(
        "execution_status",
        ValueType<[ExecutionEnd]>.oneOrMore(.choice),
        default: ExecutionEnd.allCases,
        written: "any",
        "`on_execution`: how it ended."
    )
    static let input = Key(
        "input",
        ValueType<StartInput>.startInput,
        "The input, as the `Output` of a state in JSONata is written; `$states.input` is the event. Without it the event "
            + "itself is the input."
    )

    static let triggers = ["schedule", "on_object", "on_run", "on_execution"]
}

extension ValueType where Value == [StartRule] {
    static let starts = ValueType<[(name: Located<String>, value: StartRule)]>.map(from: .identifier, to: .startRule)
        .map { rules in
            rules.map { entry in
                var rule = entry.value
                rule.name = entry.name
                return rule
            }
        }
}

extension ValueType where Value == StartRule {
    /// A rule whose name is not known here.
    fileprivate static let startRule = object(
        "start",
        "What starts executions of a workflow while `ingot serve` runs: one of `schedule`, `on_object`, `on_run` and "
            + "`on_execution`.",
        keys: [
            StartKeys.workflow.shape, StartKeys.schedule.shape, StartKeys.zone.shape, StartKeys.missed.shape,
            StartKeys.object.shape, StartKeys.run.shape, StartKeys.runStatus.shape, StartKeys.execution.shape,
            StartKeys.executionStatus.shape, StartKeys.input.shape,
        ]
    ) { reader in
        let zone = reader.defaulted(StartKeys.zone)
        let missed = reader.defaulted(StartKeys.missed)
        let runs = Set(reader.defaulted(StartKeys.runStatus))
        let ends = Set(reader.defaulted(StartKeys.executionStatus).map(\.status))
        let triggers: [StartRule.Trigger] = [
            reader.value(StartKeys.schedule).map {
                .schedule(Schedule(expression: $0.text, zone: zone, form: $0.form), missed: missed)
            },
            reader.value(StartKeys.object).map { .object(pipeline: $0) },
            reader.value(StartKeys.run).map { .run(of: $0, statuses: runs) },
            reader.value(StartKeys.execution).map { .execution(of: $0, statuses: ends) },
        ].compactMap(\.self)
        let workflow = reader.value(StartKeys.workflow)
        let input = reader.value(StartKeys.input)
        report(conflictsOf: reader)
        guard let workflow, let trigger = triggers.first else { return nil }
        return StartRule(name: workflow, workflow: workflow, trigger: trigger, input: input)
    }

    private static func report(conflictsOf reader: ObjectReader) {
        let isGiven = [
            reader.isMeant(StartKeys.schedule), reader.isMeant(StartKeys.object), reader.isMeant(StartKeys.run),
            reader.isMeant(StartKeys.execution),
        ]
        if isGiven.count(where: \.self) != 1 {
            reader.reading.error(
                .conflictingKeys,
                "a start needs exactly one of \(StartKeys.triggers.joined(separator: ", "))",
                at: reader.location
            )
        }
        if reader.has(StartKeys.zone), !isGiven[0] {
            reader.conflict(StartKeys.zone, "\"timezone\" goes with \"schedule\"")
        }
        if reader.has(StartKeys.missed), !isGiven[0] {
            reader.conflict(StartKeys.missed, "\"missed_runs\" goes with \"schedule\"")
        }
        if reader.has(StartKeys.runStatus), !isGiven[2] {
            reader.conflict(StartKeys.runStatus, "\"run_status\" goes with \"on_run\"")
        }
        if reader.has(StartKeys.executionStatus), !isGiven[3] {
            reader.conflict(StartKeys.executionStatus, "\"execution_status\" goes with \"on_execution\"")
        }
    }
}

/// An expression with what it says.
private struct WrittenSchedule: Sendable {
    var text: String
    var form: Schedule.Form
}

extension ValueType where Value == WrittenSchedule {
    fileprivate static let schedule = ValueType(
        .scalar(
            label: "schedule",
            schema: ["type": "string", "pattern": "^(cron|rate|at)\\(.+\\)$", "examples": ["cron(30 4 * * ? *)"]]
        )
    ) { node, reading in
        guard let text = ValueType<String>.text.parse(node, reading) else { return nil }
        switch ScheduleParser.parse(text) {
        case .success(let form): return WrittenSchedule(text: text, form: form)
        case .failure(let problem):
            reading.error(.invalidValue, problem.message, at: node.location, hint: problem.hint)
            return nil
        }
    }
}

extension ValueType where Value == String {
    fileprivate static let zone = ValueType(
        .scalar(label: "time zone", schema: ["type": "string", "examples": ["UTC", "Europe/Berlin"]])
    ) { node, reading in
        guard let name = text.parse(node, reading) else { return nil }
        guard TimeZone(identifier: name) != nil else {
            let known = TimeZone.knownTimeZoneIdentifiers
            reading.error(
                .invalidValue,
                "\"\(name.abbreviated)\" is no time zone: an IANA name such as Europe/Berlin",
                at: node.location,
                hint: NearestMatch.find(name, among: known)
            )
            return nil
        }
        return name
    }
}

extension ValueType where Value == StartInput {
    fileprivate static let startInput = ValueType(.scalar(label: "JSON", schema: [:])) { node, reading in
        do throws(DefinitionError) {
            return try StartInput(DocumentNode(node))
        } catch {
            for problem in error.diagnostics where problem.severity == .error {
                reading.error(
                    .invalidDefinition,
                    problem.message,
                    at: SourceLocation(
                        file: node.location.file,
                        line: problem.position.line,
                        column: problem.position.column
                    )
                )
            }
            return nil
        }
    }
}
