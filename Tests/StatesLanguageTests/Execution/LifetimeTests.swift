import JSONTree
import Testing

@testable import StatesLanguage

@Suite("Lifetimes")
struct LifetimeTests {
    private static let definition = """
        {"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[{"StartAt":"M","States":{"M":{"Type":"Map",
        "ItemProcessor":{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"r","TimeoutSeconds":9,"End":true}}},
        "Retry":[{"ErrorEquals":["E"]}],"End":true}}}]}}}
        """

    @Test("An execution leaves nothing behind, wherever it is dropped", arguments: 0...3)
    func release(stage: Int) throws {
        weak var strand: Strand?
        weak var inner: Strand?
        do {
            let recorder = try Recorder(Self.definition, input: [1, 2])
            strand = recorder.execution.root
            inner = strand?.children?.running.ordered[0].children?.running.ordered[1]
            #expect(inner != nil)
            if stage >= 1 { recorder.send(.taskFailed(token: recorder.tasks[0].token, error: "E", cause: nil)) }
            if stage >= 2 {
                recorder.wake()
                recorder.send(.taskFailed(token: recorder.tasks[2].token, error: "F", cause: nil))
            }
            if stage >= 3 { recorder.send(.redrive) }
        }
        #expect(strand == nil)
        #expect(inner == nil)
    }
}

@Suite("Bounds")
struct BoundsTests {
    @Test("Nested Map states do not multiply without end")
    func nesting() throws {
        var definition = #""StartAt":"T","States":{"T":{"Type":"Task","Resource":"r","End":true}}"#
        for _ in 0..<6 {
            definition = """
                "StartAt":"M","States":{"M":{"Type":"Map","ItemsPath":"$$.Execution.Input","ItemProcessor":{\(definition)},"End":true}}
                """
        }
        let input = JSON.array(Array(repeating: 0, count: 20))
        let recorder = try Recorder("{\(definition)}", options: ExecutionOptions(liveCountMax: 1000), input: input)
        #expect(recorder.execution.liveCount < 6000)
        #expect(!recorder.tasks.isEmpty)
        for task in recorder.tasks { recorder.send(.taskSucceeded(token: task.token, output: 1)) }
        #expect(recorder.execution.liveCount < 6000)
        recorder.send(.abort(error: nil, cause: nil))
        #expect(recorder.execution.liveCount == 0)
    }

    @Test("Timers of tasks that were answered are dropped")
    func timers() throws {
        let definition = """
            {"StartAt":"M","States":{"M":{"Type":"Map","MaxConcurrency":1,"ItemProcessor":{
            "StartAt":"T","States":{"T":{"Type":"Task","Resource":"r","TimeoutSeconds":99999,"End":true}}},"End":true}}}
            """
        let recorder = try Recorder(definition, input: .array(Array(repeating: 0, count: 5000)))
        for count in 0..<5000 { recorder.send(.taskSucceeded(token: recorder.tasks[count].token, output: 1)) }
        #expect(recorder.execution.outcome?.status == "SUCCEEDED")
        var queue = TimerQueue()
        let strand = try #require(try Recorder(definition, input: [1]).execution.root)
        for second in 0..<5000 {
            strand.generation += 1
            queue.set(at: Timestamp(seconds: Int64(5000 - second)), for: strand, .wait)
        }
        #expect(queue.count <= 2048)
        #expect(queue.nextDeadline() == Timestamp(seconds: 1))
    }
}
