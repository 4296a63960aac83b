import Crypto
import Foundation
public import IngotCore
public import IngotProject
import JSONTree
import StatesLanguage

/// Starts executions by the rules of a project: at times, and when objects arrive, runs end or executions do.
///
/// How far a rule has come and what it starts change in one transaction, so several starters may run on one project.
public struct WorkflowStarter: Sendable {
    /// How many happenings of a rule are taken at once.
    private static let happeningsPerCommit = 100
    /// How many missed occurrences of a schedule are made up for at most.
    private static let occurrenceCountMax = 100
    /// An occurrence is missed if it is noticed later than this, in seconds.
    private static let punctuality: Int64 = 60
    private static let failurePause: Int64 = 5_000_000_000

    private let driver: WorkflowDriver
    private let store: any StartStore
    private let rules: [StartRule]
    private let events: StartEvents

    private var services: WorkflowServices { driver.services }

    /// A starter that runs once it is told to.
    ///
    /// - Parameters:
    ///   - driver: Who drives what is started.
    ///   - store: How far the rules have come.
    ///   - project: The project; rules with a schedule count where its environment has schedules.
    ///   - events: What happenings look like to a workflow.
    public init(_ driver: WorkflowDriver, store: any StartStore, project: Project, events: StartEvents) {
        self.driver = driver
        self.store = store
        self.events = events
        rules = project.configuration.workflows.starts.filter { rule in
            if case .schedule = rule.trigger { project.environment.schedules } else { true }
        }
    }

    /// Makes the rules known: what happens from here on counts.
    public func listen() async throws {
        let now = services.clock.now() / 1_000_000_000
        try await store.listen(rules.map { $0.listener(now: now) })
    }

    /// Starts what is due, until the stop signal is set.
    public func run(until stop: StopSignal) async {
        guard !rules.isEmpty else { return }
        let wish = Alarm()
        stop.add(wish)
        var mark: Int64?
        var look = Look()
        while !stop.isSet {
            do {
                let newMark = try await services.store.changeMark()
                if newMark != mark || services.clock.now() / 1_000_000_000 >= look.next {
                    let known = look.replaced
                    look = try await startDue()
                    mark = newMark
                    for rule in look.replaced.subtracting(known).sorted() { tellOfReplaced(rule) }
                }
                await wish.wait(atMost: services.pollInterval.nanoseconds)
            } catch {
                services.tell(.failed(work: "starting workflows", error: "\(error)"))
                await wish.wait(atMost: Self.failurePause)
            }
        }
    }

    /// How the rules stand.
    package struct Look: Sendable {
        /// When something is due next by the clock, in seconds since 1970 UTC.
        package var next: Int64 = 0
        /// Rules of this starter of which one that began later knows nothing, or something else.
        package var replaced: Set<String> = []
    }

    /// Starts what is due, and says how the rules stand then.
    package func startDue() async throws -> Look {
        let now = services.clock.now() / 1_000_000_000
        var look = Look(next: .max)
        for rule in rules {
            guard let position = try await store.position(of: rule.listener(now: now)) else {
                look.replaced.insert(rule.name.value)
                continue
            }
            if case .schedule(let schedule, let missed) = rule.trigger {
                look.next = min(look.next, try await start(rule, from: position, schedule, missed, now) ?? .max)
            } else {
                while try await startHappenings(rule) {}
            }
        }
        return look
    }

    private func tellOfReplaced(_ rule: String) {
        let error = "a service that began later knows no such start, or another one of its name; it is left to that one"
        services.tell(.failed(work: "the start \(rule)", error: error))
    }

    // MARK: Time

    private func start(
        _ rule: StartRule,
        from position: Int64,
        _ schedule: Schedule,
        _ missed: StartRule.MissedRuns,
        _ now: Int64
    ) async throws -> Int64? {
        let occurrences = schedule.occurrences(after: position, through: now, limit: Self.occurrenceCountMax)
        guard let last = occurrences.last else { return schedule.next(after: position) }
        let chosen: [Int64] =
            switch missed {
            case .none: occurrences.filter { $0 > now - Self.punctuality }
            case .last: [last]
            case .all: occurrences
            }
        let starts = chosen.map { occurrence in
            Start(event: events.event(rule, schedule, occurrence), suffix: events.compact(occurrence))
        }
        try await advance(rule, from: position, to: last, starts)
        return schedule.next(after: last)
    }

    // MARK: Happenings

    /// Starts executions for the next happenings of a rule, and says whether there may be more.
    private func startHappenings(_ rule: StartRule) async throws -> Bool {
        // First the position: another process that comes in between makes the advance fail, not repeat.
        guard let position = try await store.position(of: rule.listener(now: 0)) else { return false }
        let happenings = try await store.happenings(for: rule.name.value, limit: Self.happeningsPerCommit)
        guard let last = happenings.last else { return false }
        let starts = happenings.filter { $0.id > position && rule.wants($0.subject) }.map { happening in
            Start(event: events.event(rule, happening), suffix: "\(happening.id)")
        }
        try await advance(rule, from: position, to: last.id, starts)
        return happenings.count == Self.happeningsPerCommit
    }

    // MARK: Starting

    /// What is to be started, and the end of its name.
    private struct Start {
        let event: JSON
        let suffix: String
    }

    /// Brings a rule forward and starts what is due; one whose input cannot be made of its event is told and left out.
    private func advance(_ rule: StartRule, from old: Int64, to new: Int64, _ starts: [Start]) async throws {
        var executions: [ExecutionStart] = []
        var failures: [ServiceEvent] = []
        for start in starts {
            do {
                executions.append(try execution(of: rule, start))
            } catch {
                let work = "the start \(rule.name.value) by \(start.event.text().prefix(500))"
                failures.append(.failed(work: work, error: "\(error)"))
            }
        }
        guard try await store.advance(rule.name.value, from: old, to: new, starting: executions) else { return }
        if !executions.isEmpty { driver.work.ring() }
        for failure in failures { services.tell(failure) }
        for start in executions {
            services.tell(.executionStarted(rule: rule.name.value, workflow: start.workflow, name: start.name))
        }
    }

    private func execution(of rule: StartRule, _ start: Start) throws -> ExecutionStart {
        let input = try rule.input?.value(of: start.event, at: services.now) ?? start.event
        let name = Self.executionName(rule.name.value, start.suffix)
        return try driver.startOf(rule.workflow.value, input: input, name: name)
    }

    /// The name of an execution: that of its rule, or where that is too long its beginning and a digest, and its number.
    static func executionName(_ rule: String, _ suffix: String) -> String {
        let room = ExecutionIdentity.nameLengthMax - suffix.utf16.count - 1
        guard rule.utf16.count > room else { return "\(rule)-\(suffix)" }
        let digest = SHA256.hash(data: Data(rule.utf8)).prefix(4).map { String(format: "%02x", $0) }.joined()
        return "\(rule.prefix(room - digest.count - 1))-\(digest)-\(suffix)"
    }
}

extension StartRule {
    /// How the store knows the rule.
    fileprivate func listener(now: Int64) -> StartListener {
        switch trigger {
        case .schedule(let schedule, _):
            let subject = "\(schedule.expression) \(schedule.zone)"
            return StartListener(rule: name.value, kind: .time, subject: subject, position: now)
        case .object(let pipeline): return StartListener(rule: name.value, kind: .object, subject: pipeline.value)
        case .run(let of, _): return StartListener(rule: name.value, kind: .run, subject: of.value)
        case .execution(let of, _): return StartListener(rule: name.value, kind: .execution, subject: of.value)
        }
    }

    /// Whether something that happened is what the rule is for.
    fileprivate func wants(_ subject: Happening.Subject) -> Bool {
        switch (trigger, subject) {
        case (.object, .object): true
        case (.run(_, let statuses), .run(let run)): statuses.contains { $0.rawValue == run.status.rawValue }
        case (.execution(_, let statuses), .execution(let execution)): statuses.contains(execution.status)
        default: false
        }
    }
}
