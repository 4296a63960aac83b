import Foundation
import IngotCore
import IngotEngine
import IngotLocal
import IngotProject
import JSONTree
import JSONata
import StatesLanguage

// Runs one workflow of a project and prints the seconds it took, as JSON.
//
//   WorkflowsBenchmark memory PROJECT WORKFLOW INPUT     in memory, as `ingot workflow simulate` does, the median of 21
//   WorkflowsBenchmark durable PROJECT WORKFLOW INPUT    with journal and history in the project's state
//   WorkflowsBenchmark start PROJECT WORKFLOW INPUT      parsing, validating and starting it durably, the median of 201
//
// Or evaluates the cases of a suite of JSONata, and prints the slowest ones with the seconds they took, as JSON lines.
//
//   WorkflowsBenchmark expressions CASES DATASETS

if CommandLine.arguments[1] == "expressions" {
    let datasets = try JSON(parsing: String(contentsOfFile: CommandLine.arguments[3], encoding: .utf8))
    let runner = JSONataCases(datasets: datasets)
    let cases = try String(contentsOfFile: CommandLine.arguments[2], encoding: .utf8).split(separator: "\n")
    let times = try cases.map { line in
        let testCase = try JSON(parsing: String(line))
        let start = ContinuousClock.now
        let outcome = runner.outcome(of: testCase)
        return (id: outcome["id"]?.stringValue ?? "", seconds: (ContinuousClock.now - start) / .seconds(1))
    }
    for time in times.sorted(by: { $0.seconds > $1.seconds }).prefix(5) {
        print("{\"id\": \"\(time.id)\", \"seconds\": \(time.seconds)}")
    }
    exit(0)
}

let (mode, folder, name) = (CommandLine.arguments[1], CommandLine.arguments[2], CommandLine.arguments[3])
let input = try JSON(parsing: String(contentsOfFile: CommandLine.arguments[4], encoding: .utf8))
let (project, _) = try Project.load(directory: folder, environment: nil)
guard let workflow = project.workflow(named: name) else { fatalError("there is no workflow \(name)") }

switch mode {
case "memory":
    let machine = try StateMachine(parsing: workflow.definition)
    var times: [Double] = []
    for _ in 0..<21 {
        var eventCount = 0
        let start = ContinuousClock.now
        let result = Simulator(machine: machine).run(input: input, onEvents: { eventCount += $0.count })
        times.append((ContinuousClock.now - start) / .seconds(1))
        guard case .succeeded = result.outcome else { fatalError("\(String(describing: result.outcome))") }
        guard eventCount > result.transitionCount else { fatalError("nothing happened") }
    }
    print("{\"seconds\": \(times.sorted()[times.count / 2]), \"first\": \(times[0])}")
case "durable":
    let local = try LocalEngine(project, variables: [:], for: .working)
    let driver = try local.workflowDriver(of: project)
    let start = ContinuousClock.now
    let execution = try await driver.drive(try await driver.start(name, input: input).id)
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    guard execution.status == .succeeded else { fatalError("\(execution)") }
    print("{\"seconds\": \(seconds), \"events\": \(execution.eventCount)}")
    await local.close()
case "start":
    let local = try LocalEngine(project, variables: [:], for: .working)
    let driver = try local.workflowDriver(of: project)
    var times: [Double] = []
    for _ in 0..<201 {
        let start = ContinuousClock.now
        let problems = StateMachine.diagnostics(of: workflow.definition)
        let machine = try StateMachine(parsing: workflow.definition)
        guard problems.isEmpty, !machine.outline.isEmpty else { fatalError("\(problems)") }
        _ = try await driver.start(name, input: input)
        times.append((ContinuousClock.now - start) / .seconds(1))
    }
    times.sort()
    print("{\"seconds\": \(times[times.count / 2]), \"most\": \(times[times.count - 1])}")
    await local.close()
default: fatalError("unknown mode \(mode)")
}
