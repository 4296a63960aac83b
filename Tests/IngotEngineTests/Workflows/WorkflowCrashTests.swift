import Foundation
import IngotCore
import IngotEngine
import JSONTree
import StatesLanguage
import Testing

@Suite("Executions under crashes", .timeLimit(.minutes(30)))
struct WorkflowCrashTests {
    /// How an execution went: its end, and its events without their times and in any order of branches.
    struct Course: Equatable {
        var execution: String
        var events: [String]
    }

    private static let folder: String = {
        var package = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { package.deleteLastPathComponent() }
        let places = ["../shared/conformance", "../../shared/conformance"].map {
            package.appendingPathComponent($0).standardizedFileURL.path
        }
        return places.first { FileManager.default.fileExists(atPath: $0) } ?? places[0]
    }()

    /// Machines that a test can drive: durable ones without activities and without the answers of services, whose
    /// shapes the driver makes itself.
    private static func simulators() throws -> [(id: String, definition: JSON, input: JSON, simulator: Simulator)] {
        let text = try String(contentsOfFile: folder + "/asl_executions.jsonl", encoding: .utf8)
        return try text.split(separator: "\n").compactMap { line in
            let json = try JSON(parsing: String(line), options: JSONParserOptions(loneSurrogates: .replace))
            guard var simulator = try? SimulationCase(json).simulator(options: ExecutionOptions(seed: 7)),
                simulator.machine.kind == .standard, !simulator.machine.taskResources.contains(where: isWrapped),
                simulator.executionOptions.missingActivities.isEmpty
            else { return nil }
            simulator.identity = ExecutionIdentity(name: "run", machineName: "machine")
            var definition = json["definition"] ?? .null
            if let text = definition.stringValue { definition = try JSON(parsing: text) }
            return (json["id"]?.stringValue ?? "", definition, json["input"] ?? [:], simulator)
        }
    }

    private static func isWrapped(_ resource: String) -> Bool {
        let resource = TaskResource(resource)
        return resource.kind == .activity || resource.pattern == .waitForTaskToken
            || ["lambda", "glue", "athena", "http", "states"].contains(resource.service) && resource.kind == .service
    }

    /// Drives an execution to its end, by a new process after every crash.
    private static func run(
        _ world: WorkflowWorld,
        _ definition: JSON,
        _ input: JSON,
        fault: DyingProcess.Fault? = nil
    ) async throws -> (course: Course, appendCount: Int) {
        let memory = InMemoryExecutions()
        let dying = DyingProcess(over: memory, fault: fault)
        var driver = world.driver(of: dying, definition: definition, process: 1)
        let execution = try await driver.start("machine", input: input, name: "run")
        do {
            _ = try await driver.drive(execution.id)
        } catch is DyingProcess.Crash {
            driver = world.driver(of: DyingProcess(over: memory), definition: definition, process: 2)
            _ = try await driver.drive(execution.id)
        }
        let ended = try #require(try await memory.execution(id: execution.id))
        let events = try await memory.history(of: execution.id, after: 0, limit: .max)
        #expect(events.count == ended.eventCount)
        for (index, event) in events.enumerated() {
            #expect(try JSON(parsing: event)["id"]?.intValue == index + 1)
        }
        let end = [ended.output, ended.error, ended.cause].map { $0 ?? "-" }.joined(separator: " ")
        return (
            Course(execution: "\(ended.status.rawValue) \(end)", events: try events.map(plain).sorted()),
            dying.appendCount
        )
    }

    /// An event without its time and numbers.
    private static func plain(_ event: String) throws -> String {
        var event = try JSON(parsing: event).objectValue ?? JSONObject()
        for key in ["timestamp", "id", "previousEventId"] { event[key] = nil }
        return JSON.object(event).text()
    }

    @Test(
        "The driver ends every recorded execution as the simulator does",
        .enabled(if: FileManager.default.fileExists(atPath: folder), "the cases of ../shared/conformance are not there")
    )
    func likeSimulator() async throws {
        var count = 0
        for test in try Self.simulators() {
            let simulated = test.simulator.run(input: test.input)
            // What waits for ever has no end to compare.
            guard let outcome = simulated.outcome else { continue }
            let driven = try await Self.run(WorkflowWorld(test.simulator), test.definition, test.input).course
            let (status, end): (String, [String?]) =
                switch outcome {
                case .succeeded(let output): (outcome.status, [output.text(), nil, nil])
                case .failed(let error, let cause), .timedOut(let error, let cause), .aborted(let error, let cause):
                    (outcome.status, [nil, error, cause])
                }
            let expected = "\(status) \(end.map { $0 ?? "-" }.joined(separator: " "))"
            if driven.execution != expected { Issue.record("\(test.id): \(driven.execution) is not \(expected)") }
            count += 1
        }
        #expect(count > 100)
    }

    @Test(
        "A crash at any append changes neither the end nor the events of an execution, and answers no task twice",
        .enabled(if: FileManager.default.fileExists(atPath: folder), "the cases of ../shared/conformance are not there")
    )
    func crashes() async throws {
        var crashCount = 0
        for test in try Self.simulators() where test.simulator.run(input: test.input).outcome != nil {
            let whole = try await Self.run(WorkflowWorld(test.simulator), test.definition, test.input)
            for number in 1...max(1, min(whole.appendCount, 12)) {
                for fault in [DyingProcess.Fault.before(number), .after(number)] {
                    let world = WorkflowWorld(test.simulator)
                    let course = try await Self.run(world, test.definition, test.input, fault: fault).course
                    if course != whole.course {
                        Issue.record("\(test.id), \(fault): \(course.execution) is not \(whole.course.execution)")
                    }
                    #expect(world.performed.values.allSatisfy { $0 <= 2 })
                    crashCount += 1
                }
            }
        }
        #expect(crashCount > 500)
    }

    @Test(
        "A task that a dead process had started fails, and its own Retry decides; one that was not started is not lost"
    )
    func interrupted() async throws {
        let definition: JSON = [
            "StartAt": "T",
            "States": [
                "T": [
                    "Type": "Task", "Resource": "r",
                    "Retry": [["ErrorEquals": ["States.TaskFailed"], "IntervalSeconds": 5, "MaxAttempts": 1]],
                    "End": true,
                ]
            ],
        ]
        let machine = try StateMachine(parsing: definition.text())
        let simulator = Simulator(machine: machine, mocks: ["r": .result("done")])
        // The first append notes the start of the task; the process dies before, or after it.
        for (fault, attempts) in [(DyingProcess.Fault.before(1), 1), (.after(1), 2), (.before(2), 2)] {
            let world = WorkflowWorld(simulator, isResumable: false)
            let course = try await Self.run(world, definition, [:], fault: fault).course
            #expect(course.execution == "SUCCEEDED \"done\" - -")
            #expect(course.events.count { $0.contains("TaskScheduled") } == attempts)
            #expect(course.events.count { $0.contains("TaskFailed") } == attempts - 1)
            #expect(world.performed.values.allSatisfy { $0 == 1 }, "each attempt has its own token")
        }
    }
}
