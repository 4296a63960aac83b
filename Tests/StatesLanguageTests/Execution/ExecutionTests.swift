import JSONTree
import StatesLanguage
import Testing

@Suite("Executions")
struct ExecutionTests {
    private static let waiting =
        #"{"TimeoutSeconds":10,"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":60,"End":true}}}"#

    /// The length of a text that is doubled so often.
    private static func doubled(_ times: Int) -> String {
        "($d := function($s, $n) { $n = 0 ? $s : $d($s & $s, $n - 1) }; $length($d('x', \(times))))"
    }

    /// A machine that never ends, as far as its data can tell.
    private static func loop(_ fields: String) -> String {
        """
        {"StartAt":"A","States":{"A":{"Type":"Pass",\(fields)"Next":"C"},"C":{"Type":"Choice",
        "Choices":[{"Variable":"$.end","IsPresent":true,"Next":"S"}],"Default":"A"},"S":{"Type":"Succeed"}}}
        """
    }

    @Test("An execution that takes too long ends as timed out")
    func timeout() throws {
        let recorder = try Recorder(Self.waiting)
        #expect(recorder.wakeUp == recorder.now.adding(seconds: 10))
        recorder.wake()
        #expect(recorder.execution.outcome?.status == "TIMED_OUT")
        #expect(recorder.types.last == "ExecutionTimedOut")
        #expect(recorder.events.last?.previousID == 0)
    }

    @Test("An execution of an Express workflow takes five minutes at most", arguments: [299, 301])
    func expressTimeout(seconds: Int64) {
        let wait: JSON = ["Type": "Wait", "Seconds": .integer(seconds), "End": true]
        let definition: JSON = ["StartAt": "W", "States": ["W": wait]]
        func status(_ type: String) -> JSON? {
            SimulationCase(["definition": definition, "type": .string(type)]).answer()["status"]
        }
        #expect(status("STANDARD") == "SUCCEEDED")
        #expect(status("EXPRESS") == (seconds < 300 ? "SUCCEEDED" : "TIMED_OUT"))
    }

    @Test("What a state assigns has 256 KiB together, and all variables that it sees have 10 MiB")
    func variableSizes() {
        func state(_ names: [String], size: Int, next: String?) -> JSON {
            let texts = names.map { ($0, JSON.string(String(repeating: "x", count: size))) }
            var state: JSONObject = ["Type": "Pass", "Assign": .object(JSONObject(texts))]
            if let next { state["Next"] = .string(next) } else { state["End"] = true }
            return .object(state)
        }
        func error(_ states: [JSON]) -> JSON? {
            let named = states.enumerated().map { ("S\($0)", $1) }
            let definition: JSON = ["StartAt": "S0", "States": .object(JSONObject(named))]
            return SimulationCase(["definition": definition]).answer()["error"]
        }
        // A text has two quotes.
        #expect(error([state(["a", "b"], size: 131_070, next: nil)]) == nil)
        #expect(error([state(["a", "b"], size: 131_071, next: nil)]) == "States.DataLimitExceeded")
        // Forty times the input are 10 MiB.
        func error(copies count: Int, named name: (Int) -> String) -> JSON? {
            let states = (0..<count).map { number -> (String, JSON) in
                var state: JSONObject = ["Type": "Pass", "Assign": .object(JSONObject([(name(number) + ".$", "$")]))]
                if number + 1 < count { state["Next"] = .string("S\(number + 1)") } else { state["End"] = true }
                return ("S\(number)", .object(state))
            }
            let definition: JSON = ["StartAt": "S0", "States": .object(JSONObject(states))]
            let input = JSON.string(String(repeating: "x", count: 262_142))
            return SimulationCase(["definition": definition, "input": input]).answer()["error"]
        }
        #expect(error(copies: 40) { "v\($0)" } == nil)
        #expect(error(copies: 41) { "v\($0)" } == "States.DataLimitExceeded")
        #expect(error(copies: 41) { _ in "v" } == nil)
    }

    @Test("An execution that is stopped ends at once, and cancels what runs")
    func abort() throws {
        let definition = #"{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"r","End":true}}}"#
        let recorder = try Recorder(definition)
        let actions = recorder.send(.abort(error: "E", cause: "c"))
        #expect(actions.contains(.cancelTask(token: recorder.tasks[0].token)))
        #expect(recorder.execution.outcome == .aborted(error: "E", cause: "c"))
        #expect(recorder.events.last?.previousID == 0)
        #expect(recorder.send(.taskSucceeded(token: recorder.tasks[0].token, output: 1)).isEmpty)
    }

    @Test("Waits end in the order of their times, whatever order they were set in")
    func waits() throws {
        let branches = [30, 10, 20].map { seconds in
            #"{"StartAt":"W\#(seconds)","States":{"W\#(seconds)":{"Type":"Wait","Seconds":\#(seconds),"End":true}}}"#
        }
        let recorder = try Recorder(
            #"{"StartAt":"P","States":{"P":{"Type":"Parallel","Branches":[\#(branches.joined(separator: ","))],"End":true}}}"#
        )
        for _ in 0..<3 { recorder.wake() }
        let ends = recorder.events.compactMap { event -> String? in
            guard case .stateExited(let name, _, _) = event.detail, event.type.hasPrefix("Wait") else { return nil }
            return name
        }
        #expect(ends == ["W10", "W20", "W30"])
        #expect(recorder.execution.outcome?.status == "SUCCEEDED")
    }

    @Test(
        "A wait needs a whole number of seconds that is not negative",
        arguments: [
            (JSON.integer(-1), "references a negative value: $.s == -1"),
            (1.5, "cannot be parsed as a long value: $.s == 1.5"),
            ("soon", "cannot be parsed as a long value: $.s == soon"),
        ]
    )
    func seconds(value: JSON, words: String) throws {
        let definition = #"{"StartAt":"W","States":{"W":{"Type":"Wait","SecondsPath":"$.s","End":true}}}"#
        let recorder = try Recorder(definition, input: ["s": value])
        let prefix = "An error occurred while executing the state 'W' (entered at the event id #2). "
        let cause = "\(prefix)The SecondsPath parameter \(words)"
        #expect(recorder.execution.outcome == .failed(error: "States.Runtime", cause: cause))
    }

    @Test(
        "A wait can be as long as 32 bits count seconds, and no longer",
        arguments: [(Int64(Int32.max), true), (Int64(Int32.max) + 1, false)],
        ["SecondsPath", "TimestampPath"]
    )
    func longWait(wait: (seconds: Int64, succeeds: Bool), field: String) throws {
        // The recorder starts a million seconds after 1970.
        let value: JSON =
            field == "SecondsPath"
            ? .integer(wait.seconds) : .string(Timestamp(seconds: wait.seconds + 1_000_000).iso8601)
        let definition = #"{"StartAt":"W","States":{"W":{"Type":"Wait","\#(field)":"$.w","End":true}}}"#
        let recorder = try Recorder(definition, input: ["w": value])
        guard !wait.succeeds else {
            #expect(recorder.wakeUp == recorder.now.adding(seconds: Double(wait.seconds)))
            return
        }
        let cause = "An error occurred while executing the state 'W' (entered at the event id #2). "
        let words = "Wait state delay is too long."
        #expect(recorder.execution.outcome == .failed(error: "States.Runtime", cause: cause + words))
    }

    @Test("An Express execution has an ARN of its own kind, which ends with an identifier")
    func expressARN() throws {
        let answer = SimulationCase([
            "type": "EXPRESS", "context": ["Execution.Name": "run", "StateMachine.Name": "machine"],
            "definition": [
                "StartAt": "A",
                "States": ["A": ["Type": "Pass", "Parameters": ["id.$": "$$.Execution.Id"], "End": true]],
            ],
        ]).answer()
        let parts = try #require(answer["output"]?["id"]?.stringValue).split(separator: ":")
        #expect(parts.dropLast().joined(separator: ":") == "arn:aws:states:us-east-1:111111111111:express:machine:run")
        #expect(parts.last?.count == 36)
    }

    @Test(
        "An expression ends where the service's limits are, in the words it has for them",
        arguments: [
            ("1" + String(repeating: "+1", count: 99), nil),
            ("1" + String(repeating: "+1", count: 100), "Stack overflow error: Check for non-terminating recursive "),
            (doubled(22), nil),
            (doubled(23), "Expression evaluation memory limit exceeded: Check for excessive memory "),
        ] as [(String, String?)]
    )
    func queryLimits(expression: String, words: String?) throws {
        let machine: JSON = [
            "QueryLanguage": "JSONata", "StartAt": "A",
            "States": ["A": ["Type": "Pass", "Output": .string("{% \(expression) %}"), "End": true]],
        ]
        let outcome = try Recorder(machine.text()).execution.outcome
        guard case .failed(let error, let cause) = outcome else {
            #expect(words == nil)
            return
        }
        let reason = "specified for the field 'Output' threw an error during evaluation: "
        #expect(error == "States.QueryEvaluationError")
        #expect(cause?.contains(reason + (words ?? "nothing")) == true)
    }

    @Test("Assignments of a state all see the variables as they were before it")
    func assignments() throws {
        let definition = """
            {"QueryLanguage":"JSONata","StartAt":"A","States":{
            "A":{"Type":"Pass","Assign":{"x":1,"y":2},"Next":"B"},
            "B":{"Type":"Pass","Assign":{"x":"{% $y %}","y":"{% $x %}"},"Output":"{% $x %}","Next":"C"},
            "C":{"Type":"Pass","Output":{"x":"{% $x %}","y":"{% $y %}","input":"{% $states.input %}"},"End":true}}}
            """
        #expect(try Recorder(definition).execution.outcome == .succeeded(output: ["x": 2, "y": 1, "input": 1]))
    }

    @Test("A history that grows too long ends the execution")
    func eventLimit() throws {
        let definition = Self.loop("")
        let recorder = try Recorder(definition, options: ExecutionOptions(eventCountMax: 100))
        #expect((95...100).contains(recorder.events.count))
        guard case .failed(error: "States.Runtime", _) = recorder.execution.outcome else {
            Issue.record("ended with \(String(describing: recorder.execution.outcome))")
            return
        }
    }

    @Test("Data that grow with every round of a loop end at a limit of size or depth")
    func dataLimit() throws {
        for parameters in [#"{"a.$":"$"}"#, #"{"a.$":"$","b.$":"$"}"#] {
            let definition = Self.loop(#""Parameters":\#(parameters),"#)
            let recorder = try Recorder(definition)
            guard case .failed(error: "States.DataLimitExceeded", _) = recorder.execution.outcome else {
                Issue.record("ended with \(String(describing: recorder.execution.outcome))")
                return
            }
        }
    }

    @Test("An execution with too large an input fails before its first state", arguments: [262_144, 262_145])
    func largeInput(size: Int) throws {
        // The text has two quotes.
        let input = JSON.string(String(repeating: "x", count: size - 2))
        let recorder = try Recorder(#"{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}"#, input: input)
        if size == 262_144 {
            #expect(recorder.execution.outcome == .succeeded(output: input))
        } else {
            let cause = "The input of the execution exceeds the maximum number of bytes service limit."
            #expect(recorder.execution.outcome == .failed(error: "States.DataLimitExceeded", cause: cause))
            #expect(recorder.types == ["ExecutionStarted", "ExecutionFailed"])
        }
    }

    @Test("Events have the shape of GetExecutionHistory")
    func eventShape() throws {
        let definition = #"{"StartAt":"A","States":{"A":{"Type":"Pass","Assign":{"v":"x"},"End":true}}}"#
        let recorder = try Recorder(definition, input: ["i": 1])
        #expect(
            try JSON(parsing: recorder.events[2].text) == [
                "timestamp": "1970-01-12T13:46:40.000Z", "type": "PassStateExited", "id": 3, "previousEventId": 2,
                "stateExitedEventDetails": [
                    "name": "A", "output": #"{"i":1}"#, "outputDetails": ["truncated": false],
                    "assignedVariables": ["v": #""x""#], "assignedVariablesDetails": ["truncated": false],
                ],
            ]
        )
        let started = try JSON(parsing: recorder.events[0].text)
        #expect(started["executionStartedEventDetails"]?["input"] == #"{"i":1}"#)
    }

    @Test(
        "Sizes are those of the compact text, counted exactly where it matters",
        arguments: [#"{"a":[1,2.50,true,null,"x\n\u0001\"é"],"b":{}}"#, "[]", #""""#, "-17", #"{"":[[],{}]}"#]
    )
    func sizes(text: String) throws {
        let value = try JSON(parsing: text)
        let definition = #"{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"v.$":"$"},"End":true}}}"#
        let size = JSON.object(["v": value]).text().utf8.count
        for (limit, succeeds) in [(size, true), (size - 1, false)] {
            let recorder = try Recorder(definition, options: ExecutionOptions(dataSizeMax: limit), input: value)
            #expect((recorder.execution.outcome?.status == "SUCCEEDED") == succeeds)
        }
    }
}
