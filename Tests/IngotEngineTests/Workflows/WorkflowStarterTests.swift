import Foundation
import IngotCore
import IngotEngine
import IngotLocal
import IngotProject
import JSONTree
import StatesLanguage
import Synchronization
import Testing

/// Starts by the clock and by what happens, with a clock that the test sets.
@Suite("Starters of workflows", .timeLimit(.minutes(30)))
struct WorkflowStarterTests {
    /// A value that several hold.
    private final class Shared<Value: Sendable>: Sendable {
        private let stored: Mutex<Value>

        init(_ value: Value) {
            stored = Mutex(value)
        }

        var value: Value { stored.withLock { $0 } }

        func change(_ body: (inout Value) -> Void) {
            stored.withLock { value in body(&value) }
        }
    }

    /// A project's starters over one state, as in several processes.
    private final class World: Sendable {
        let state: SQLiteState
        let project: Project
        let driver: WorkflowDriver
        let starters: [WorkflowStarter]
        let failures = Shared<[String]>([])
        /// The failures as they are told.
        let told = AsyncStream.makeStream(of: String.self)
        private let now = Shared<Int64>(0)

        init(_ folder: String, starts: String, schedules: String = "on") throws {
            state = try SQLiteState(path: folder + "/state.db")
            let files = [
                "ingot.yml": """
                name: test
                default_environment: dev
                environments: {dev: {schedules: \(schedules)}}
                workflows: {starts: \(starts)}
                """,
                "workflows/w.asl.json": #"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}"#,
                "pipelines/p.yml": """
                pipeline: p
                source: {path: landing/, format: csv}
                columns: [{name: id, data_type: bigint}]
                silver: {table: silver.p}
                """,
            ]
            project = try Project.load(directory: "/project", files: InMemoryProjectFiles(files)).project
            let clock = now
            let workflow = try #require(project.workflow(named: "w"))
            var services = WorkflowServices(
                store: state,
                workflows: ["w": WorkflowDefinition(text: workflow.definition, machine: workflow.machine)],
                tasks: NoTasks(),
                items: NoItems(),
                owner: LeaseOwner(host: "h", process: 1, start: "1"),
                isAlive: { _ in true },
                clock: IngotClock(now: { clock.value * 1_000_000_000 }, random: { 7 })
            )
            let (failures, told) = (failures, told.continuation)
            services.tell = { event in
                guard case .failed(_, let error) = event else { return }
                failures.change { $0.append(error) }
                told.yield(error)
            }
            let driver = WorkflowDriver(services)
            self.driver = driver
            let events = StartEvents { _ in "/landing" }
            starters = [0, 1].map { [state, project] _ in
                WorkflowStarter(driver, store: state, project: project, events: events)
            }
        }

        /// Sets the clock, lets all starters look at once, and says what has been started since.
        func at(_ time: String) async throws -> [StoredExecution] {
            let seconds = Int64(try Date(time, strategy: .iso8601).timeIntervalSince1970)
            now.change { $0 = seconds }
            let before = try await state.executions(matching: ExecutionFilter()).first?.id ?? 0
            try await withThrowingTaskGroup(of: Void.self) { group in
                for starter in starters { group.addTask { _ = try await starter.startDue() } }
                try await group.waitForAll()
            }
            return try await state.executions(matching: ExecutionFilter()).filter { $0.id > before }.reversed()
        }

        func listen(_ time: String) async throws {
            let seconds = Int64(try Date(time, strategy: .iso8601).timeIntervalSince1970)
            now.change { $0 = seconds }
            for starter in starters { try await starter.listen() }
        }
    }

    private struct NoTasks: TaskDirectory {
        func performer(of request: TaskRequest) -> TaskPerformer? { nil }
    }

    private struct NoItems: ItemStorage {
        func items(_ request: ItemRequest) async throws -> ItemPage { ItemPage(items: [], continuation: nil) }
        func write(_ request: ResultRequest) async throws {}
    }

    private func withWorld(
        _ starts: String,
        schedules: String = "on",
        _ body: (World) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "ingot-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let world = try World(folder, starts: starts, schedules: schedules)
        try await body(world)
        try world.state.close()
    }

    @Test func `A schedule starts one execution each time, with the local time as its input`() async throws {
        let starts = #"{night: {workflow: w, schedule: cron(30 4 * * ? *), timezone: America/New_York}}"#
        try await withWorld(starts) { world in
            try await world.listen("2026-03-01T12:00:00Z")
            #expect(try await world.at("2026-03-02T09:29:59Z").isEmpty)
            let started = try await world.at("2026-03-02T09:30:00Z")
            #expect(started.map(\.name) == ["night-20260302T093000Z"])
            let input = try JSON(parsing: try #require(started.first).input)
            #expect(input["time"] == "2026-03-02T09:30:00.000Z")
            #expect([input["year"], input["month"], input["day"], input["hour"]] == ["2026", "03", "02", "04"])
            #expect(try await world.at("2026-03-02T09:31:00Z").isEmpty)
            // The clocks go forward on the 8th.
            _ = try await world.at("2026-03-07T12:00:00Z")
            #expect(try await world.at("2026-03-08T08:30:00Z").map(\.name) == ["night-20260308T083000Z"])
        }
    }

    @Test(arguments: [("none", []), ("last", ["5"]), ("all", ["3", "4", "5"])])
    func `Missed occurrences are made up for as the start says`(_ policy: String, _ days: [String]) async throws {
        let starts = "{night: {workflow: w, schedule: cron(0 4 * * ? *), missed_runs: \(policy)}}"
        try await withWorld(starts) { world in
            try await world.listen("2026-03-02T05:00:00Z")
            let made = try await world.at("2026-03-05T12:00:00Z")
            #expect(made.map(\.name) == days.map { "night-2026030\($0)T040000Z" })
            #expect(try await world.at("2026-03-05T12:00:10Z").isEmpty)
            #expect(try await world.at("2026-03-06T04:00:10Z").map(\.name) == ["night-20260306T040000Z"])
        }
    }

    @Test func `Starts with long names that differ at their ends start executions of their own`() async throws {
        let long = "a" + String(repeating: "b", count: 100)
        let rules = ["1", "2"].map { "\(long)\($0): {workflow: w, schedule: rate(1 minute)}" }
        try await withWorld("{\(rules.joined(separator: ", "))}") { world in
            try await world.listen("2026-03-02T10:00:00Z")
            let started = try await world.at("2026-03-02T10:01:00Z")
            #expect(Set(started.map(\.name)).count == 2)
            #expect(started.allSatisfy { $0.name.count == 80 && $0.name.hasSuffix("-20260302T100100Z") })
        }
    }

    @Test func `A rate counts from when the start was first known, and an environment may have no schedules`()
        async throws
    {
        try await withWorld("{often: {workflow: w, schedule: rate(15 minutes)}}") { world in
            try await world.listen("2026-03-02T05:01:00Z")
            #expect(try await world.at("2026-03-02T05:15:59Z").isEmpty)
            #expect(try await world.at("2026-03-02T05:16:20Z").map(\.name) == ["often-20260302T051600Z"])
            // Another process that begins later changes nothing.
            try await world.listen("2026-03-02T05:17:00Z")
            #expect(try await world.at("2026-03-02T05:31:00Z").map(\.name) == ["often-20260302T053100Z"])
        }
        try await withWorld("{often: {workflow: w, schedule: rate(15 minutes)}}", schedules: "off") { world in
            try await world.listen("2026-03-02T05:01:00Z")
            #expect(try await world.at("2026-03-03T05:00:00Z").isEmpty)
        }
    }

    @Test func `Each object starts one execution, however many look, in pages`() async throws {
        let starts = #"""
            {arrival: {workflow: w, on_object: p, input: {s3_path: "{% $states.input.path %}",
              day: "{% $states.input.day %}"}}}
            """#
        try await withWorld(starts) { world in
            try await world.listen("2026-03-02T05:00:00Z")
            let arrivals = (0..<250).map { number in
                Arrival(
                    object: ObjectVersion(source: "p", key: "f\(number).csv", version: "1"),
                    bronze: "b",
                    entityTag: nil,
                    size: 1,
                    modified: 1,
                    seen: 1_772_409_600_000_000_000
                )
            }
            try await world.state.register(arrivals)
            let started = try await world.at("2026-03-02T05:00:01Z")
            #expect(started.count == 250)
            #expect(started.first?.input == #"{"s3_path":"/landing/f0.csv","day":"02"}"#)
            #expect(Set(started.map(\.input)).count == 250)
            #expect(try await world.at("2026-03-02T05:00:02Z").isEmpty)
        }
    }

    @Test func `A start that a later service knows otherwise is left to that one, and told once`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "ingot-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let earlier = try World(
            folder,
            starts: "{a: {workflow: w, schedule: rate(1 minute)}, b: {workflow: w, schedule: rate(1 minute)}}"
        )
        try await earlier.listen("2026-03-02T05:00:00Z")
        let later = try World(folder, starts: "{a: {workflow: w, schedule: rate(1 hour)}}")
        try await later.listen("2026-03-02T05:00:00Z")
        #expect(try await earlier.at("2026-03-02T05:30:00Z").isEmpty)
        #expect(try await later.at("2026-03-02T06:00:00Z").map(\.name) == ["a-20260302T060000Z"])
        let stop = StopSignal()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [starter = earlier.starters[0]] in await starter.run(until: stop) }
            for await _ in earlier.told.stream.prefix(2) {}
            // Something is committed, so it looks again.
            _ = try? await later.at("2026-03-02T07:00:00Z")
            try? await Task.sleep(for: .milliseconds(500))
            stop.set()
        }
        #expect(earlier.failures.value.count == 2, "\(earlier.failures.value)")
        for world in [earlier, later] { try world.state.close() }
    }

    @Test func `An input that cannot be made is told, and holds up nothing`() async throws {
        let starts = #"{a: {workflow: w, on_object: p, input: {x: "{% $number($states.input.key) %}"}}}"#
        try await withWorld(starts) { world in
            try await world.listen("2026-03-02T05:00:00Z")
            for key in ["x", "7"] {
                let object = ObjectVersion(source: "p", key: key, version: "1")
                try await world.state.register([
                    Arrival(object: object, bronze: "b", entityTag: nil, size: 1, modified: 1, seen: 1)
                ])
            }
            #expect(try await world.at("2026-03-02T05:00:01Z").map(\.input) == [#"{"x":7}"#])
            let failures = world.failures.value
            #expect(failures.count == 1 && failures[0].contains("the input cannot be made of the event"), "\(failures)")
        }
    }
}
