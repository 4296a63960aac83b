import JSONTree
import StatesLanguage
import Testing

@Suite("Tasks")
struct TaskTests {
    private static func task(_ fields: String, resource: String = "arn:aws:states:::demo:run") -> String {
        """
        {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"\(resource)","Next":"S",\(fields)},
        "S":{"Type":"Choice","Choices":[{"Variable":"$","IsPresent":false,"Next":"H"}],"Default":"E"},
        "E":{"Type":"Pass","End":true},"H":{"Type":"Pass","End":true}}}
        """
    }

    @Test("A task that fails is tried again after growing waits, and then its error ends the execution")
    func backoff() throws {
        let retry =
            #""Retry":[{"ErrorEquals":["E"],"IntervalSeconds":2,"BackoffRate":3,"MaxAttempts":3,"MaxDelaySeconds":10}]"#
        let recorder = try Recorder(Self.task(retry))
        for delay in [2.0, 6, 10] {
            let start = recorder.now
            recorder.send(.taskFailed(token: recorder.tasks.last?.token ?? "", error: "E", cause: "c"))
            #expect(recorder.wakeUp == start.adding(seconds: delay))
            recorder.wake()
        }
        #expect(recorder.tasks.map(\.retryCount) == [0, 1, 2, 3])
        #expect(Set(recorder.tasks.map(\.token)).count == 4)
        recorder.send(.taskFailed(token: recorder.tasks.last?.token ?? "", error: "E", cause: "c"))
        #expect(recorder.execution.outcome == .failed(error: "E", cause: "c"))
    }

    @Test("Full jitter waits at most the whole delay, and the same in every run of one seed")
    func jitter() throws {
        let retry = #""Retry":[{"ErrorEquals":["States.ALL"],"IntervalSeconds":100,"JitterStrategy":"FULL"}]"#
        func delays(seed: UInt64) throws -> [Timestamp?] {
            let recorder = try Recorder(Self.task(retry), options: ExecutionOptions(seed: seed))
            return (0..<3).map { _ in
                recorder.send(.taskFailed(token: recorder.tasks.last?.token ?? "", error: nil, cause: nil))
                defer { recorder.wake() }
                return recorder.wakeUp
            }
        }
        let first = try delays(seed: 1)
        #expect(first == (try delays(seed: 1)))
        #expect(first != (try delays(seed: 2)))
        #expect(first.allSatisfy { ($0?.seconds ?? .max) < 1_000_000 + 100 + 200 + 400 })
    }

    @Test("The first rule that names the error decides, and only what it names is caught")
    func catching() throws {
        let rules = """
            "Catch":[{"ErrorEquals":["A","B"],"Next":"S","ResultPath":"$.e"},{"ErrorEquals":["States.TaskFailed"],"Next":"H"}]
            """
        func outcome(_ error: String?) throws -> ExecutionOutcome? {
            let recorder = try Recorder(Self.task(rules), input: ["i": 1])
            recorder.send(.taskFailed(token: recorder.tasks.last?.token ?? "", error: error, cause: "c"))
            return recorder.execution.outcome
        }
        #expect(try outcome("B") == .succeeded(output: ["i": 1, "e": ["Error": "B", "Cause": "c"]]))
        #expect(try outcome("C") == .succeeded(output: ["Error": "C", "Cause": "c"]))
        #expect(try outcome("States.Timeout") == .failed(error: "States.Timeout", cause: "c"))
    }

    @Test("The output of an error says null for what the failed task did not say")
    func namelessFailure() throws {
        let rules = #""Catch":[{"ErrorEquals":["States.ALL"],"Next":"H"}]"#
        let recorder = try Recorder(Self.task(rules))
        recorder.send(.taskFailed(token: recorder.tasks.first?.token ?? "", error: nil, cause: nil))
        #expect(recorder.execution.outcome == .succeeded(output: ["Error": nil, "Cause": nil]))
    }

    @Test("A task that answers too late has timed out, and its answer is not looked at")
    func timeout() throws {
        let recorder = try Recorder(
            Self.task(#""TimeoutSeconds":5,"Catch":[{"ErrorEquals":["States.Timeout"],"Next":"H"}]"#)
        )
        let token = try #require(recorder.tasks.first?.token)
        #expect(recorder.wakeUp == recorder.now.adding(seconds: 5))
        let actions = recorder.wake()
        #expect(actions.contains(.cancelTask(token: token)))
        #expect(recorder.types.contains("TaskTimedOut"))
        let outcome = recorder.execution.outcome
        recorder.send(.taskSucceeded(token: token, output: 1))
        #expect(recorder.execution.outcome == outcome)
        #expect(outcome == .succeeded(output: ["Error": "States.Timeout", "Cause": ""]))
    }

    @Test("A task that is heard of goes on, and one that falls silent has timed out")
    func heartbeat() throws {
        let recorder = try Recorder(Self.task(#""HeartbeatSeconds":5,"TimeoutSeconds":60"#))
        let token = try #require(recorder.tasks.first?.token)
        for _ in 0..<4 { recorder.send(.taskHeartbeat(token: token), after: 4) }
        recorder.send(.timePassed, after: 4)
        #expect(recorder.execution.outcome == nil)
        recorder.wake()
        #expect(recorder.execution.outcome == .failed(error: "States.Timeout", cause: nil))
    }

    @Test("A rule can tell a silent task from one that took too long")
    func heartbeatRule() throws {
        let rules = #""HeartbeatSeconds":5,"Catch":[{"ErrorEquals":["States.HeartbeatTimeout"],"Next":"H"}]"#
        let recorder = try Recorder(Self.task(rules))
        recorder.wake()
        #expect(recorder.execution.outcome == .succeeded(output: ["Error": "States.Timeout", "Cause": ""]))
    }

    @Test(
        "The events of a task are those of its kind of resource",
        arguments: [
            ("arn:aws:lambda:us-east-1:1:function:f", ["LambdaFunctionScheduled", "LambdaFunctionStarted"]),
            ("arn:aws:states:us-east-1:1:activity:a", ["ActivityScheduled"]),
            ("arn:aws:states:::sqs:sendMessage.waitForTaskToken", ["TaskScheduled", "TaskStarted"]),
        ]
    )
    func kinds(resource: String, types: [String]) throws {
        let recorder = try Recorder(Self.task(#""Comment":"""#, resource: resource))
        #expect(Array(recorder.types.dropFirst(2)) == types)
        recorder.send(.taskSucceeded(token: recorder.tasks.first?.token ?? "", output: 1))
        #expect(recorder.types.contains { $0.hasSuffix("Succeeded") && $0.hasPrefix(types[0].dropLast(9)) })
    }

    @Test("A resource is taken apart into service, action and pattern")
    func resources() {
        let sync = TaskResource("arn:aws:states:::states:startExecution.sync:2")
        #expect((sync.service, sync.action, sync.pattern) == ("states", "startExecution.sync:2", .sync2))
        let sdk = TaskResource("arn:aws:states:::aws-sdk:s3:getObject")
        #expect((sdk.service, sdk.action, sdk.pattern) == ("aws-sdk:s3", "getObject", .requestResponse))
        let own = TaskResource("check:orders")
        #expect((own.kind, own.service, own.action) == (.service, "check", "check:orders"))
    }

    @Test("A result that is too large fails the task, and can be caught")
    func sizeOfResult() throws {
        let rules = #""Catch":[{"ErrorEquals":["States.ALL"],"Next":"H"}]"#
        let recorder = try Recorder(Self.task(rules), options: ExecutionOptions(dataSizeMax: 1000))
        let large = JSON.string(String(repeating: "\n", count: 600))
        recorder.send(.taskSucceeded(token: recorder.tasks.first?.token ?? "", output: large))
        guard case .succeeded(let output) = recorder.execution.outcome else {
            Issue.record("ended with \(String(describing: recorder.execution.outcome))")
            return
        }
        #expect(output["Error"] == "States.DataLimitExceeded")
    }

    @Test("Of the answers with one token the first counts, and signs of life keep it", arguments: [true, false])
    func answers(succeeds: Bool) throws {
        let fields = #""HeartbeatSeconds":10,"Retry":[{"ErrorEquals":["States.Timeout"],"IntervalSeconds":1}]"#
        let recorder = try Recorder(
            Self.task(fields, resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken")
        )
        let first = try #require(recorder.tasks.first?.token)
        recorder.send(.taskSubmitted(token: first, output: [:]))
        for _ in 0..<3 { recorder.send(.taskHeartbeat(token: first), after: 9) }
        recorder.wake()
        #expect(recorder.types.last == "TaskTimedOut")
        recorder.wake()
        #expect(recorder.tasks.count == 2)
        let second = recorder.tasks[1].token
        #expect(second != first)
        // The token of the attempt that timed out, and one that nobody made, are answered in vain.
        for token in [first, "unknown"] {
            recorder.send(.taskSucceeded(token: token, output: "late"))
            recorder.send(.taskFailed(token: token, error: "Late", cause: nil))
            recorder.send(.taskHeartbeat(token: token))
        }
        #expect(recorder.execution.outcome == nil)
        let answers: [ExecutionInput] = [
            .taskSucceeded(token: second, output: "done"), .taskFailed(token: second, error: "E", cause: "c"),
        ]
        for answer in succeeds ? answers : answers.reversed() {
            recorder.send(answer)
            recorder.send(answer)
        }
        let expected: ExecutionOutcome = succeeds ? .succeeded(output: "done") : .failed(error: "E", cause: "c")
        #expect(recorder.execution.outcome == expected)
    }

    @Test(
        "The token is handed on by the context object, only where the response does not end the task",
        arguments: ["sqs:sendMessage.waitForTaskToken", "states:startExecution.sync", "states:startExecution.sync:2"]
    )
    func token(action: String) throws {
        let parameters = #""Parameters":{"t.$":"$$.Task.Token"}"#
        let waiting = try Recorder(Self.task(parameters, resource: "arn:aws:states:::\(action)"))
        let request = try #require(waiting.tasks.first)
        #expect(request.input == ["t": .string(request.token)])
        let plain = try Recorder(Self.task(parameters))
        guard case .failed(error: "States.Runtime", _) = plain.execution.outcome else {
            Issue.record("ended with \(String(describing: plain.execution.outcome))")
            return
        }
    }
}
