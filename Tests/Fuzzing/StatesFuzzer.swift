import JSONTree
import JSONata
import StatesLanguage

/// One round of the fuzzer: a definition, a zero byte and an input, all of which may be anything.
///
/// libFuzzer hands the bytes over by a pointer, which is read once and not kept. What it looks for is a trap or a run
/// without an end: findings and failures of executions are as good as any answer.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzStates(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let parts = UnsafeBufferPointer(start: start, count: count).split(separator: 0, maxSplits: 1)
    let texts = parts.map { String(decoding: $0, as: UTF8.self) }
    guard let definition = texts.first else { return 0 }
    _ = StateMachine.diagnostics(of: definition)
    guard let machine = try? StateMachine(parsing: definition) else { return 0 }
    let answer = TaskMock.sequence([.failure(error: "E", cause: nil), .echo])
    let simulator = Simulator(
        machine: machine,
        options: ExecutionOptions(
            eventCountMax: 2000,
            queryLimits: JSONataLimits(depthMax: 200, stepCountMax: 20_000)
        ),
        mocks: Dictionary(machine.taskResources.map { ($0, answer) }) { $1 },
        transitionCountMax: 500
    )
    let input = texts.count > 1 ? try? JSON(parsing: texts[1]) : nil
    _ = simulator.run(input: input ?? ["items": [1, ["x": 2], "three"]])
    return 0
}
