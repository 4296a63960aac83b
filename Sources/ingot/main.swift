import Foundation
import IngotCore
import IngotEngine
import IngotLocal
import IngotProject

let directory = CommandLine.arguments[1]
let (project, _) = try Project.load(directory: directory)
let state = try SQLiteState(path: directory + "/.ingot/state.db")
let services = EngineServices(
    project: project, state: state, storage: FileLakeStorage(root: directory + "/lake"),
    bronze: FileBronzeStore(root: directory + "/bronze"), arrivals: FileArrivalSource(),
    resolve: { $0.description }, scratch: directory + "/.ingot/tmp",
    owner: LeaseOwner(host: "h", process: getpid(), start: ""), isAlive: { kill($0.process, 0) == 0 })
let engine = Engine(services)
for report in await engine.ingest() {
    print(report.pipeline, report.status, report.objects, report.rows, report.seconds)
    for notice in report.notices.prefix(10) { print("  ", notice.key, notice.state, notice.message) }
    for problem in report.problems.prefix(10) { print("  ", problem) }
    if let error = report.error { print(error) }
}
await engine.close()
