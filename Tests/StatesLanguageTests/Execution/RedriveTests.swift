import JSONTree
import StatesLanguage
import Testing

@Suite("Redrives")
struct RedriveTests {
    @Test("A failed task is done again, with its attempts as at first, and without what came before it")
    func task() throws {
        let definition = """
            {"StartAt":"A","States":{"A":{"Type":"Pass","Result":{"x":1},"Assign":{"v":2},"Next":"T"},
            "T":{"Type":"Task","Resource":"r","Parameters":{"v.$":"$v","n.$":"$$.Execution.RedriveCount"},
            "Retry":[{"ErrorEquals":["E"],"MaxAttempts":1}],"End":true}}}
            """
        let recorder = try Recorder(definition)
        for _ in 0..<2 {
            recorder.send(.taskFailed(token: recorder.tasks.last?.token ?? "", error: "E", cause: nil))
            recorder.wake()
        }
        #expect(recorder.execution.outcome == .failed(error: "E", cause: nil))
        let eventCount = recorder.events.count
        recorder.send(.redrive)
        #expect(recorder.execution.outcome == nil)
        #expect(recorder.types[eventCount...] == ["ExecutionRedriven", "TaskScheduled", "TaskStarted"])
        #expect(recorder.events.map(\.id) == Array(1...recorder.events.count))
        #expect(recorder.tasks.last?.input == ["v": 2, "n": 1])
        recorder.send(.taskFailed(token: recorder.tasks.last?.token ?? "", error: "E", cause: nil))
        #expect(recorder.execution.outcome == nil)
        recorder.wake()
        recorder.send(.taskSucceeded(token: recorder.tasks.last?.token ?? "", output: "done"))
        #expect(recorder.execution.outcome == .succeeded(output: "done"))
    }

    @Test("Only the branches go on that had not ended", arguments: [false, true])
    func branches(isAborted: Bool) throws {
        let branches = ["a", "b", "c"].map {
            #"{"StartAt":"\#($0)","States":{"\#($0)":{"Type":"Task","Resource":"\#($0)","End":true}}}"#
        }
        let recorder = try Recorder(
            #"{"StartAt":"P","States":{"P":{"Type":"Parallel","Branches":[\#(branches.joined(separator: ","))],"End":true}}}"#
        )
        recorder.send(.taskSucceeded(token: recorder.tasks[0].token, output: 1))
        recorder.send(
            isAborted
                ? .abort(error: nil, cause: nil) : .taskFailed(token: recorder.tasks[1].token, error: "E", cause: nil)
        )
        #expect(recorder.execution.outcome != nil)
        recorder.send(.redrive)
        #expect(recorder.tasks.map(\.resource.text) == ["a", "b", "c", "b", "c"])
        recorder.send(.taskSucceeded(token: recorder.tasks[4].token, output: 3))
        recorder.send(.taskSucceeded(token: recorder.tasks[3].token, output: 2))
        #expect(recorder.execution.outcome == .succeeded(output: [1, 2, 3]))
    }

    @Test(
        "Only the iterations go on that had not ended, and those that had not begun",
        arguments: ["INLINE", "DISTRIBUTED"]
    )
    func iterations(mode: String) throws {
        let definition = """
            {"StartAt":"M","States":{"M":{"Type":"Map","MaxConcurrency":2,"ItemProcessor":{"ProcessorConfig":{"Mode":"\(mode)"},
            "StartAt":"T","States":{"T":{"Type":"Task","Resource":"r","End":true}}},"End":true}}}
            """
        let recorder = try Recorder(definition, input: [1, 2, 3, 4])
        recorder.send(.taskSucceeded(token: recorder.tasks[0].token, output: "a"))
        recorder.send(.taskFailed(token: recorder.tasks[1].token, error: "E", cause: nil))
        #expect(recorder.execution.outcome?.status == "FAILED")
        recorder.send(.redrive)
        #expect(recorder.tasks.map(\.input) == [1, 2, 3, 2, 3])
        #expect(recorder.types.contains("MapRunRedriven") == (mode == "DISTRIBUTED"))
        recorder.send(.taskSucceeded(token: recorder.tasks[3].token, output: "b"))
        recorder.send(.taskSucceeded(token: recorder.tasks[4].token, output: "c"))
        recorder.send(.taskSucceeded(token: recorder.tasks[5].token, output: "d"))
        #expect(recorder.execution.outcome == .succeeded(output: ["a", "b", "c", "d"]))
    }

    @Test("An execution that took too long has its whole time again")
    func timeout() throws {
        let recorder = try Recorder(
            #"{"TimeoutSeconds":10,"StartAt":"T","States":{"T":{"Type":"Task","Resource":"r","End":true}}}"#
        )
        recorder.wake()
        #expect(recorder.execution.outcome == .timedOut(error: "States.Timeout", cause: nil))
        recorder.now = recorder.now.adding(seconds: 100)
        recorder.send(.redrive)
        recorder.send(.timePassed, after: 9)
        #expect(recorder.execution.outcome == nil)
        // The first task is not waited for any more.
        recorder.send(.taskSucceeded(token: recorder.tasks[0].token, output: "late"))
        #expect(recorder.execution.outcome == nil)
        recorder.send(.taskSucceeded(token: recorder.tasks[1].token, output: "done"))
        #expect(recorder.execution.outcome == .succeeded(output: "done"))
    }

    @Test("Items that could not be read are asked for again")
    func items() throws {
        let definition = """
            {"StartAt":"M","States":{"M":{"Type":"Map","ItemReader":{"Resource":"arn:aws:states:::s3:getObject",
            "Parameters":{"Bucket":"b","Key":"k"}},"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED"},
            "StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},"End":true}}}
            """
        let recorder = try Recorder(definition)
        func request() throws -> ItemRequest {
            guard
                case .readItems(let request)? = recorder.actions.last(where: {
                    if case .readItems = $0 { true } else { false }
                })
            else { throw ItemReadingError(message: "nothing was to be read") }
            return request
        }
        recorder.send(.itemsFailed(token: try request().token, error: nil, cause: "no such key"))
        #expect(recorder.execution.outcome == .failed(error: "States.ItemReaderFailed", cause: "no such key"))
        recorder.send(.redrive)
        #expect(recorder.execution.outcome == nil)
        recorder.send(.itemsRead(token: try request().token, items: [MapItem(7)], continuation: nil))
        #expect(recorder.execution.outcome == .succeeded(output: [7]))
    }

    @Test("A state that could not be evaluated is evaluated again, and a succeeded execution is not driven on")
    func states() throws {
        let failing = try Recorder(#"{"StartAt":"A","States":{"A":{"Type":"Pass","InputPath":"$.x","End":true}}}"#)
        let outcome = failing.execution.outcome
        failing.send(.redrive)
        #expect(failing.execution.outcome == outcome)
        #expect(failing.types.suffix(3) == ["ExecutionFailed", "ExecutionRedriven", "ExecutionFailed"])
        let succeeding = try Recorder(#"{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}"#)
        #expect(succeeding.send(.redrive).isEmpty)
        #expect(succeeding.send(.start(input: 1)).isEmpty)
    }
}
