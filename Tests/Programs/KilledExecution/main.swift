import Foundation
import IngotCore
import IngotEngine
import IngotLocal
import IngotProject
import IngotTesting
import JSONTree

// Starts an execution of a project, or finds it, and drives it to its end; kills itself at an operation of the store.
//
//   KilledExecution PROJECT WORKFLOW NAME             prints how it ended and the operations that there were, as JSON
//   KilledExecution PROJECT WORKFLOW NAME MOMENT      is killed there: `before append 3`, `after leaseExecution 1`

let arguments = CommandLine.arguments
let (project, _) = try Project.load(directory: arguments[1], environment: nil)
let local = try LocalEngine(project, variables: [:], for: .working)
let death = OwnDeath(at: arguments.count > 4 ? arguments[4] : nil)
let store = WatchedExecutionStore(local.executions) { death.notice($0) }
let driver = try local.workflowDriver(of: project, over: store)
let known = try await local.executions.execution(workflow: arguments[2], name: arguments[3])
let id: Int64
if let known { id = known.id } else { id = try await driver.start(arguments[2], input: [:], name: arguments[3]).id }
let execution = try await driver.drive(id)
let events = try await local.executions.history(of: id, after: 0, limit: 10_000).compactMap { try JSON(parsing: $0) }
let answer: JSON = [
    "status": .string(execution.status.rawValue), "output": .string(execution.output ?? ""),
    "operations": .array(death.operations.map(JSON.string)), "events": .array(events),
]
print(answer)
await local.close()
