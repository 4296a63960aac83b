import JSONTree
import Testing

@testable import StatesLanguage

@Suite("Map and Parallel states", .timeLimit(.minutes(30)))
struct MapTests {
    private static func map(_ fields: String, processor: String, mode: String = "INLINE") -> String {
        """
        {"StartAt":"M","States":{"M":{"Type":"Map",\(fields)"ItemProcessor":{"ProcessorConfig":{"Mode":"\(mode)"},
        \(processor)},"End":true}}}
        """
    }

    private static func items(_ values: [JSON]) -> [MapItem] {
        values.map { MapItem($0) }
    }

    private static let task = #""StartAt":"T","States":{"T":{"Type":"Task","Resource":"r","End":true}}"#

    @Test("No more iterations run at once than the state says, and outputs keep the order of the items")
    func concurrency() throws {
        let recorder = try Recorder(Self.map(#""MaxConcurrency":2,"#, processor: Self.task), input: [10, 20, 30, 40])
        #expect(recorder.tasks.map(\.input) == [10, 20])
        recorder.send(.taskSucceeded(token: recorder.tasks[1].token, output: "b"))
        #expect(recorder.tasks.map(\.input) == [10, 20, 30])
        recorder.send(.taskSucceeded(token: recorder.tasks[2].token, output: "c"))
        recorder.send(.taskSucceeded(token: recorder.tasks[3].token, output: "d"))
        recorder.send(.taskSucceeded(token: recorder.tasks[0].token, output: "a"))
        #expect(recorder.execution.outcome == .succeeded(output: ["a", "b", "c", "d"]))
    }

    @Test("When an iteration fails, the others are cancelled")
    func failure() throws {
        let recorder = try Recorder(Self.map("", processor: Self.task), input: [1, 2, 3])
        let actions = recorder.send(.taskFailed(token: recorder.tasks[1].token, error: "E", cause: nil))
        #expect(recorder.execution.outcome == .failed(error: "E", cause: nil))
        #expect(actions.contains(.cancelTask(token: recorder.tasks[0].token)))
        #expect(actions.contains(.cancelTask(token: recorder.tasks[2].token)))
        let failure = try #require(recorder.events.first { $0.type == "TaskFailed" })
        let end = recorder.events.suffix(8)
        #expect(
            end.map(\.type) == [
                "MapIterationFailed", "TaskStateAborted", "MapIterationAborted", "TaskStateAborted",
                "MapIterationAborted", "TaskStateAborted", "MapStateFailed", "ExecutionFailed",
            ]
        )
        #expect(end.dropLast().allSatisfy { $0.previousID == failure.id })
    }

    @Test("When a branch fails, what ends with it and the next try follow from the failure")
    func failedBranch() throws {
        let recorder = try Recorder(
            """
            {"StartAt":"P","States":{"P":{"Type":"Parallel","Branches":[{\(Self.task)},{"StartAt":"W","States":
            {"W":{"Type":"Wait","Seconds":60,"End":true}}}],"Retry":[{"ErrorEquals":["E"]}],"End":true}}}
            """
        )
        recorder.send(.taskFailed(token: recorder.tasks[0].token, error: "E", cause: nil))
        recorder.wake()
        let failure = try #require(recorder.events.firstIndex { $0.type == "TaskFailed" })
        let next = recorder.events[(failure + 1)...].prefix(3)
        #expect(next.map(\.type) == ["TaskStateAborted", "WaitStateAborted", "ParallelStateStarted"])
        #expect(next.allSatisfy { $0.previousID == recorder.events[failure].id })
    }

    @Test("A value that is no array of items is shown", arguments: ["1", #""a""#, #"{"a":null}"#])
    func noItems(text: String) throws {
        let value = try JSON(parsing: text)
        let processor = #""StartAt":"A","States":{"A":{"Type":"Pass","End":true}}"#
        let recorder = try Recorder(Self.map(#""QueryLanguage":"JSONata","#, processor: processor), input: value)
        let words = "An error occurred while executing the state 'M' (entered at the event id #2). "
        let cause = "\(words)Map state input must be an array but was: \(text)"
        #expect(recorder.execution.outcome == .failed(error: "States.QueryEvaluationError", cause: cause))
    }

    @Test("A distributed Map tolerates as many failures as it says", arguments: [(1, true), (2, false)])
    func tolerance(failures: Int, succeeds: Bool) throws {
        let definition = Self.map(#""ToleratedFailureCount":1,"#, processor: Self.task, mode: "DISTRIBUTED")
        let recorder = try Recorder(definition, input: [1, 2, 3])
        for (index, task) in recorder.tasks.enumerated() {
            recorder.send(
                index < failures
                    ? .taskFailed(token: task.token, error: "E", cause: nil)
                    : .taskSucceeded(token: task.token, output: .integer(Int64(index)))
            )
        }
        if succeeds {
            #expect(recorder.execution.outcome == .succeeded(output: [1, 2]))
        } else {
            let cause = "The specified tolerated failure threshold was exceeded"
            let error = "States.ExceedToleratedFailureThreshold"
            #expect(recorder.execution.outcome == .failed(error: error, cause: cause))
        }
    }

    @Test("A percentage is judged when all items have ended")
    func percentage() throws {
        let definition = Self.map(#""ToleratedFailurePercentage":50,"#, processor: Self.task, mode: "DISTRIBUTED")
        let recorder = try Recorder(definition, input: [1, 2, 3, 4])
        for (index, task) in recorder.tasks.enumerated() {
            recorder.send(
                index < 2
                    ? .taskFailed(token: task.token, error: "E", cause: nil)
                    : .taskSucceeded(token: task.token, output: 1)
            )
        }
        #expect(recorder.execution.outcome == .succeeded(output: [1, 1]))
    }

    @Test("A branch sees the variables around it, and sets only its own")
    func variables() throws {
        let definition = """
            {"StartAt":"A","States":{"A":{"Type":"Pass","Assign":{"x":1},"Next":"P"},
            "P":{"Type":"Parallel","Branches":[
            {"StartAt":"B","States":{"B":{"Type":"Pass","Assign":{"y.$":"$x","x":2},"Next":"C"},
            "C":{"Type":"Pass","Parameters":{"x.$":"$x","y.$":"$y"},"End":true}}},
            {"StartAt":"D","States":{"D":{"Type":"Pass","Parameters":{"x.$":"$x"},"End":true}}}],"Next":"E"},
            "E":{"Type":"Pass","Parameters":{"x.$":"$x","branches.$":"$"},"End":true}}}
            """
        let recorder = try Recorder(definition)
        #expect(recorder.execution.outcome == .succeeded(output: ["x": 1, "branches": [["x": 2, "y": 1], ["x": 1]]]))
    }

    @Test("Children of a distributed Map see no variables, and their own input as the execution's")
    func children() throws {
        let processor = """
            "StartAt":"C","States":{"C":{"Type":"Pass","Parameters":{"i.$":"$$.Execution.Input"},"End":true}}
            """
        let recorder = try Recorder(Self.map("", processor: processor, mode: "DISTRIBUTED"), input: [7])
        #expect(recorder.execution.outcome == .succeeded(output: [["i": 7]]))
        let blind = #""StartAt":"C","States":{"C":{"Type":"Pass","Parameters":{"i.$":"$x"},"End":true}}"#
        let definition = """
            {"StartAt":"A","States":{"A":{"Type":"Pass","Assign":{"x":1},"Next":"M"},
            "M":{"Type":"Map","ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED"},\(blind)},"End":true}}}
            """
        guard case .failed = try Recorder(definition, input: [7]).execution.outcome else {
            Issue.record("a child saw a variable of the execution")
            return
        }
    }

    @Test("Children have histories of their own, which are handed out where they are asked for")
    func childHistories() throws {
        let inner = #""StartAt":"P","States":{"P":{"Type":"Pass","End":true}}"#
        let outer =
            #""StartAt":"N","States":{"N":{"Type":"Map","ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED"},\#(inner)},"End":true}}"#
        let definition = Self.map("", processor: outer, mode: "DISTRIBUTED")
        let recorder = try Recorder(definition, options: ExecutionOptions(recordsChildren: true), input: [[1], [2]])
        let histories = Dictionary(grouping: recorder.events) { $0.child ?? "" }
        #expect(histories.keys.sorted() == ["", "0", "0/0", "1", "1/0"])
        for history in histories.values { #expect(history.map(\.id) == Array(1...history.count)) }
        #expect(histories["1/0"]?.map(\.type).last == "ExecutionSucceeded")
        let silent = try Recorder(definition, input: [[1], [2]])
        #expect(silent.events.map(\.type) == histories[""]?.map(\.type))
    }

    // MARK: Items from outside

    private static let reader = """
        "ItemReader":{"Resource":"arn:aws:states:::s3:getObject","Parameters":{"Bucket":"b","Key":"k"}},
        """

    @Test("Items are read page by page, the next page only when the last one was started")
    func pages() throws {
        let definition = Self.map(Self.reader + #""MaxConcurrency":2,"#, processor: Self.task, mode: "DISTRIBUTED")
        let recorder = try Recorder(definition)
        func reads() -> [ItemRequest] {
            recorder.actions.compactMap { action in
                guard case .readItems(let request) = action else { return nil }
                return request
            }
        }
        #expect(reads().count == 1)
        recorder.send(.itemsRead(token: reads()[0].token, items: Self.items([1, 2, 3]), continuation: "next"))
        #expect(recorder.tasks.map(\.input) == [1, 2])
        #expect(reads().count == 1)
        recorder.send(.taskSucceeded(token: recorder.tasks[0].token, output: 1))
        #expect(reads().count == 1)
        recorder.send(.taskSucceeded(token: recorder.tasks[1].token, output: 2))
        #expect(reads().map(\.continuation) == [nil, "next"])
        recorder.send(.itemsRead(token: reads()[1].token, items: [], continuation: nil))
        #expect(recorder.execution.outcome == nil)
        recorder.send(.taskSucceeded(token: recorder.tasks[2].token, output: 3))
        #expect(recorder.execution.outcome == .succeeded(output: [1, 2, 3]))
    }

    @Test("Items that cannot be read fail the run")
    func unreadable() throws {
        let recorder = try Recorder(Self.map(Self.reader, processor: Self.task, mode: "DISTRIBUTED"))
        guard case .readItems(let request) = recorder.actions.first else {
            Issue.record("no items were asked for")
            return
        }
        recorder.send(.itemsFailed(token: request.token, error: nil, cause: "no such key"))
        #expect(recorder.execution.outcome == .failed(error: "States.ItemReaderFailed", cause: "no such key"))
        #expect(recorder.types.suffix(3) == ["MapRunFailed", "MapStateFailed", "ExecutionFailed"])
    }

    @Test("Batches hold as many items and bytes as they may")
    func batches() throws {
        let pass = #""StartAt":"P","States":{"P":{"Type":"Pass","End":true}}"#
        let byCount = #""ItemBatcher":{"MaxItemsPerBatch":2,"BatchInput":{"b":1}},"#
        let counted = try Recorder(Self.map(byCount, processor: pass, mode: "DISTRIBUTED"), input: [1, 2, 3])
        #expect(
            counted.execution.outcome
                == .succeeded(output: [
                    ["BatchInput": ["b": 1], "Items": [1, 2]], ["BatchInput": ["b": 1], "Items": [3]],
                ])
        )
        // {"Items":["aaa","bbb"]} has 23 bytes.
        let byBytes = #""ItemBatcher":{"MaxInputBytesPerBatch":23},"#
        let weighed = try Recorder(
            Self.map(byBytes, processor: pass, mode: "DISTRIBUTED"),
            input: ["aaa", "bbb", "ccc"]
        )
        #expect(weighed.execution.outcome == .succeeded(output: [["Items": ["aaa", "bbb"]], ["Items": ["ccc"]]]))
    }

    @Test("Results are written in parts by status, and a manifest names the files")
    func results() throws {
        let writer =
            #""ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"b","Prefix":"p"}},"#
        let definition = Self.map(writer + #""ToleratedFailureCount":1,"#, processor: Self.task, mode: "DISTRIBUTED")
        let recorder = try Recorder(definition, options: ExecutionOptions(resultPartSize: 2), input: [1, 2, 3])
        recorder.send(.taskSucceeded(token: recorder.tasks[0].token, output: "a"))
        recorder.send(.taskFailed(token: recorder.tasks[1].token, error: "E", cause: "c"))
        recorder.send(.taskSucceeded(token: recorder.tasks[2].token, output: "b"))
        let requests = recorder.actions.compactMap { action -> ResultRequest? in
            guard case .writeResults(let request) = action else { return nil }
            return request
        }
        let last = try #require(requests.last)
        let names = requests.map { $0.files.compactMap { $0.key.split(separator: "/").last.map(String.init) } }
        #expect(names == [["SUCCEEDED_0.json", "FAILED_0.json"], ["SUCCEEDED_1.json", "manifest.json"]])
        let entry = try JSON(parsing: requests[0].files[0].text)[0]
        #expect(entry?["Output"] == #""a""#)
        #expect(entry?["Status"] == "SUCCEEDED")
        // The run ends when all of its files are written.
        recorder.send(.resultsWritten(token: requests[0].token, details: requests[0].details))
        #expect(recorder.execution.outcome == nil)
        let manifest = try JSON(parsing: last.files[1].text)
        #expect(manifest["ResultFiles"]?["SUCCEEDED"]?.arrayValue?.count == 2)
        #expect(manifest["ResultFiles"]?["FAILED"]?.arrayValue?.count == 1)
        recorder.send(.resultsWritten(token: last.token, details: last.details))
        guard case .succeeded(let output) = recorder.execution.outcome else {
            Issue.record("ended with \(String(describing: recorder.execution.outcome))")
            return
        }
        #expect(output["ResultWriterDetails"]?["Bucket"] == "b")
        #expect(output["ResultWriterDetails"]?["Key"]?.stringValue?.hasSuffix("/manifest.json") == true)
    }

    @Test("A Map over 100,000 items that are read and written holds few of them at once")
    func memory() throws {
        let writer = #""ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"b"}},"#
        let pass = #""StartAt":"P","States":{"P":{"Type":"Pass","End":true}}"#
        let machine = try StateMachine(parsing: Self.map(Self.reader + writer, processor: pass, mode: "DISTRIBUTED"))
        let execution = Execution(machine: machine, identity: .init(name: "e", machineName: "m"))
        let now = Timestamp(seconds: 0)
        execution.send(.start(input: [:]), at: now)
        var written = 0
        var read = 0
        var mostLive = 0
        while execution.outcome == nil {
            let step = execution.step(eventCountMax: 100)
            mostLive = max(mostLive, execution.liveCount)
            for action in step.actions {
                switch action {
                case .readItems(let request):
                    let items = (read..<read + 1000).map { JSON.object(["n": .integer(Int64($0)), "t": "some text"]) }
                    read += 1000
                    let next = read < 100_000 ? "more" : nil
                    execution.send(
                        .itemsRead(token: request.token, items: Self.items(items), continuation: next),
                        at: now
                    )
                case .writeResults(let request):
                    written += try request.files.filter { $0.key.contains("SUCCEEDED") }
                        .reduce(0) { try $0 + (JSON(parsing: $1.text).arrayValue?.count ?? 0) }
                    execution.send(.resultsWritten(token: request.token, details: [:]), at: now)
                default: break
                }
            }
        }
        #expect(written == 100_000)
        #expect(mostLive <= 1000)
    }
}
