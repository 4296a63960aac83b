import Foundation
import IngotEngine
import IngotLocal
import IngotProject

// Files arrive one by one in one process, each taken in and committed before the next comes. Prints the milliseconds of
// each, one a line.
//
// Use: ArrivalsBenchmark PROJECT FILES..., where PROJECT takes in its folder `landing/`.

let folder = CommandLine.arguments[1]
let (project, _) = try Project.load(directory: folder, environment: nil)
let local = try LocalEngine(project, variables: ProcessInfo.processInfo.environment, for: .working)
for path in CommandLine.arguments.dropFirst(2) {
    let file = URL(filePath: path)
    let target = URL(filePath: folder).appending(path: "landing/\(file.lastPathComponent)")
    try FileManager.default.copyItem(at: file, to: target)
    let start = ContinuousClock.now
    let outcome = try await local.engine.run()
    let elapsed = ContinuousClock.now - start
    guard outcome.pipelines.allSatisfy({ $0.objects.loaded == 1 && $0.error == nil }) else {
        fatalError("\(path) was not taken in: \(outcome.pipelines)")
    }
    print(elapsed / .milliseconds(1))
}
await local.close()
