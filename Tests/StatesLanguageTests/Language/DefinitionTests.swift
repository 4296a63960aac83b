import JSONTree
import StatesLanguage
import Testing

@Suite("Definitions")
struct DefinitionTests {
    private static let faulty = """
        {
          "StartAt": "Go",
          "States": {
            "Go": {
              "Type": "Task",
              "Resource": "arn:aws:states:::lambda:invoke",
              "Parameters": {"é": 1, "a.$": "b", "deep": [{"c.$": "States.Nope()"}]},
              "TimeoutSeconds": 0,
              "Next": "Nowhere"
            },
            "Alone": {"Type": "Succeed", "Nothing": true}
          }
        }
        """

    @Test("Every problem is reported with its line and column, its path, and the states around it")
    func places() {
        let found = StateMachine.diagnostics(of: Self.faulty)
        let places = found.map { "\($0.position) \($0.severity.rawValue) \($0.location ?? "")" }
        #expect(
            places == [
                "7:37 ERROR /States/Go/Parameters",
                "7:59 ERROR /States/Go/Parameters/deep[0]",
                "8:25 ERROR /States/Go/TimeoutSeconds",
                "9:15 ERROR /States/Go/Next",
                "11:5 ERROR /States/Alone",
                "11:34 ERROR /States/Alone",
            ]
        )
        #expect(found.dropLast(2).allSatisfy { $0.statePath == ["Go"] })
    }

    @Test("Problems inside branches name the path of states")
    func nesting() {
        let text = """
            {"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[
            {"StartAt":"M","States":{"M":{"Type":"Map","End":true,"ItemProcessor":
            {"StartAt":"X","States":{"X":{"Type":"Pass"}}}}}}]}}}
            """
        let found = StateMachine.diagnostics(of: text)
        #expect(found.map(\.statePath) == [["P", "M"], ["P", "M", "X"]])
        #expect(found.last?.location == "/States/P/Branches[0]/States/M/ItemProcessor/States/X")
    }

    @Test(
        "Fields of the other query language, and two ways to say one thing, are refused",
        arguments: [
            #"{"Type":"Pass","Output":{},"End":true}"#,
            #"{"Type":"Pass","QueryLanguage":"JSONata","InputPath":"$","End":true}"#,
            #"{"Type":"Task","Resource":"r","TimeoutSeconds":1,"TimeoutSecondsPath":"$.a","End":true}"#,
            #"{"Type":"Task","Resource":"r","TimeoutSeconds":5,"HeartbeatSeconds":5,"End":true}"#,
            #"{"Type":"Wait","Seconds":1,"Timestamp":"2020-01-01T00:00:00Z","End":true}"#,
            #"{"Type":"Wait","End":true}"#,
            #"{"Type":"Wait","Seconds":1.5,"End":true}"#,
            #"{"Type":"Task","Resource":"r","TimeoutSeconds":1.5,"End":true}"#,
            #"{"Type":"Wait","Timestamp":"tomorrow","End":true}"#,
            #"{"Type":"Pass","Next":"A","End":true}"#,
            #"{"Type":"Pass"}"#,
            #"{"Type":"Pass","ResultPath":"$.a[*]","End":true}"#,
            #"{"Type":"Pass","Assign":{"states":1},"End":true}"#,
            #"{"Type":"Pass","Assign":{"not a name":1},"End":true}"#,
            #"{"Type":"Pass","QueryLanguage":"JSONata","Output":"{% 1 + %}","End":true}"#,
            #"{"Type":"Task","Resource":"r","Retry":[{"ErrorEquals":["States.ALL"]},{"ErrorEquals":["E"]}],"End":true}"#,
            #"{"Type":"Task","Resource":"r","Retry":[{"ErrorEquals":["States.ALL","E"]}],"End":true}"#,
            #"{"Type":"Task","Resource":"r","Catch":[{"ErrorEquals":["E"]}],"End":true}"#,
            #"{"Type":"Choice","Choices":[]}"#,
            #"{"Type":"Choice","Choices":[{"Variable":"$.a","Next":"A"}]}"#,
            #"{"Type":"Choice","Choices":[{"Variable":"$.a","NumericEquals":"1","Next":"A"}]}"#,
            #"{"Type":"Map","End":true}"#,
            #"{"Type":"Map","ToleratedFailurePercentage":101,"ItemProcessor":{"StartAt":"B","States":{"B":{"Type":"Succeed"}}},"End":true}"#,
        ]
    )
    func refusals(state: String) {
        #expect(throws: DefinitionError.self) {
            try StateMachine(parsing: #"{"StartAt":"A","States":{"A":\#(state)}}"#)
        }
    }

    @Test(
        "An action that a service does not have is refused, and one that is asked for otherwise is not",
        arguments: [
            ("arn:aws:states:::dynamodb:scan", false), ("arn:aws:states:::sqs:sendMessages.waitForTaskToken", false),
            ("arn:aws:states:::aws-sdk:dynamodb:scan", true), ("arn:aws:states:::dynamodb:updateItem", true),
            ("arn:aws:states:::glue:startJobRun.sync", true), ("arn:aws:states:::newest:thing", true), ("own", true),
        ]
    )
    func actions(resource: String, isKnown: Bool) {
        let definition = #"{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"\#(resource)","End":true}}}"#
        let found = StateMachine.diagnostics(of: definition)
        #expect(found.isEmpty == isKnown)
        let words = "The resource provided \(resource) is not recognized."
        #expect(found.allSatisfy { $0.message.hasPrefix(words) && $0.location == "/States/A/Resource" })
    }

    @Test("A state that stands twice, or under no name, is refused")
    func names() {
        let twice = #"{"StartAt":"A","States":{"A":{"Type":"Succeed"},"A":{"Type":"Succeed"}}}"#
        #expect(StateMachine.diagnostics(of: twice).map(\.code) == ["DUPLICATE_STATE_NAME"])
        #expect(throws: DefinitionError.self) {
            try StateMachine(parsing: #"{"StartAt":"","States":{"":{"Type":"Succeed"}}}"#)
        }
        let long = String(repeating: "n", count: 81)
        #expect(throws: DefinitionError.self) {
            try StateMachine(parsing: #"{"StartAt":"\#(long)","States":{"\#(long)":{"Type":"Succeed"}}}"#)
        }
    }

    @Test("What the service takes but hardly anybody means is warned about")
    func warnings() throws {
        let definition = """
            {"StartAt":"A","States":{"A":{"Type":"Pass","Result":{"a.$":"$.x"},"Next":"B"},
            "B":{"Type":"Pass","Parameters":{"b":"$.x","c":"$1.50","d":"States.UUID()"},"End":true}}}
            """
        let found = StateMachine.diagnostics(of: definition)
        #expect(found.map(\.code) == ["PASS_RESULT_IS_STATIC", "NO_DOLLAR", "NO_DOLLAR"])
        #expect(found.allSatisfy { $0.severity == .warning })
        #expect(try StateMachine(parsing: definition).outline.count == 2)
    }

    @Test(
        "Expressions have no input to look names up in",
        arguments: [
            ("phone", ["phone"]), ("$states.input.phone", []), ("$states.input[phone = 1].name", []),
            ("$x.phone & phone.number", ["phone"]), ("$map($states.input, function($v) { $v.a + b })", ["b"]),
            ("{'a': c, d: 1}", ["c", "d"]), ("$states.input{name: $sum(price)}", []),
            ("$sort($x, function($l, $r) { $l.a > $r.a })", []),
            ("($y := [1..n]; $y ~> $count)", ["n"]), ("$states.input ~> |a|{'b': c}|", []), ("'phone'", []),
            ("$", ["$"]), ("$.phone", ["$"]), ("$string($)", ["$"]), ("$map($x, function($v) { $ })", ["$"]),
            ("$states.input.a[$ > 1]", []), ("$states.input.a.($ + 1)", []),
        ]
    )
    func inputReferences(expression: String, names: [String]) {
        let definition: JSON = [
            "QueryLanguage": "JSONata", "StartAt": "A",
            "States": ["A": ["Type": "Pass", "Output": ["v": .string("{% \(expression) %}")], "End": true]],
        ]
        let found = StateMachine.diagnostics(of: DocumentNode(definition))
        #expect(found.map(\.message) == names.map { "Reference to '\($0)' at the top level is not supported." })
        #expect(found.allSatisfy { $0.code == "UNSUPPORTED_JSONATA_EXPRESSION" && $0.location == "/States/A/Output/v" })
    }

    @Test(
        "Problems are told in the words that the service was seen to use",
        arguments: [
            (#""Type":"Pass""#, "This object should have only one of the following fields: [Next, End]"),
            (#""Type":"Pass","Next":"S","End":true"#, "There should only be one of the following fields: [Next, End]"),
            (#""Type":"Pass","Next":"N""#, "Missing 'Next' target: N"),
            (#""Type":"Pass","End":true,"Catch":[]"#, "Field 'Catch' is not supported"),
            (
                #""Type":"Wait","Seconds":1,"TimestampPath":"$.t","End":true"#,
                "There should only be one of the following fields: [SecondsPath, Seconds, TimestampPath, Timestamp]"
            ),
            (
                #""Type":"Task","Resource":"r","TimeoutSeconds":1,"TimeoutSecondsPath":"$.t","End":true"#,
                "There should only be one of the following fields: [TimeoutSeconds, TimeoutSecondsPath]"
            ),
            (
                #""Type":"Map","End":true"#,
                "This object should have only one of the following fields: [ItemProcessor, Iterator]"
            ),
            (#"\#(map),"ToleratedFailureCount":-1"#, "Minimum value is 0"),
            (#"\#(map),"ToleratedFailurePercentage":-1"#, "Minimum value is 0.0"),
            (#"\#(map),"ToleratedFailurePercentage":101"#, "Maximum value is 100.0"),
            (#"\#(map),"ToleratedFailureCountPath":"$$.Execution.Input.n""#, "Value is not a Reference Path"),
            (#"\#(map),"MaxConcurrencyPath":"$.n[*]""#, "Value is not a Reference Path"),
            (
                #"\#(map),"QueryLanguage":"JSONata","ItemBatcher":{"MaxItemsPerBatchPath":"$.n"}"#,
                "The QueryLanguage is set to 'JSONata', but field 'MaxItemsPerBatchPath' is only supported for the "
                    + "'JSONPath' QueryLanguage"
            ),
        ]
    )
    func words(state: String, message: String) {
        let definition = #"{"StartAt":"S","States":{"S":{\#(state)},"E":{"Type":"Succeed"}}}"#
        let found = StateMachine.diagnostics(of: definition).map(\.message)
        #expect(found.filter { !$0.contains("is not reachable") } == [message])
    }

    private static let map =
        #""Type":"Map","End":true,"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","#
        + #""ExecutionType":"STANDARD"},"StartAt":"P","States":{"P":{"Type":"Succeed"}}}"#

    @Test("Without an end, nothing is said of what is not reached")
    func endless() {
        let pass = { (next: String) -> JSON in ["Type": "Pass", "Next": .string(next)] }
        let definition: JSON = ["StartAt": "A", "States": ["A": pass("B"), "B": pass("A"), "C": pass("A")]]
        let found = StateMachine.diagnostics(of: DocumentNode(definition))
        #expect(found.map(\.message) == ["Workflow has no terminal state"])
        #expect(found.map(\.location) == [nil])
    }

    @Test("What a function cannot decode is an internal error, as on the service")
    func undecodable() throws {
        let definition = """
            {"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Pass","Output":"{% $base64decode('!!!') %}","End":true}}}
            """
        guard case .failed("States.QueryEvaluationError", let cause) = try Recorder(definition).execution.outcome else {
            Issue.record("the expression did not fail")
            return
        }
        #expect(cause?.hasSuffix("specified for the field 'Output' threw an internal error during evaluation.") == true)
    }

    @Test("Nor have they a root", arguments: ["$$", "$$.phone", "$states.input.a[$$.b]", "$count($states.input.($$))"])
    func root(expression: String) {
        let definition: JSON = [
            "QueryLanguage": "JSONata", "StartAt": "A",
            "States": ["A": ["Type": "Pass", "Output": .string("{% \(expression) %}"), "End": true]],
        ]
        let found = StateMachine.diagnostics(of: DocumentNode(definition))
        #expect(found.map(\.message) == ["Reference to '$$' is not supported."])
        #expect(found.map(\.code) == ["UNSUPPORTED_JSONATA_EXPRESSION"])
    }

    @Test("An expression that evaluates texts is warned about, for it always fails")
    func evalFunction() throws {
        let definition = """
            {"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Pass","Output":"{% $eval('1') %}","End":true}}}
            """
        let found = StateMachine.diagnostics(of: definition)
        #expect(found.map(\.code) == ["UNSUPPORTED_JSONATA_EXPRESSION"] && found.map(\.severity) == [.warning])
        guard case .failed("States.QueryEvaluationError", let cause) = try Recorder(definition).execution.outcome else {
            Issue.record("the expression did not fail")
            return
        }
        #expect(cause?.hasSuffix("evaluation. T1006: Attempted to invoke a non-function") == true)
    }

    @Test("The error of a state can be read where it is caught, and nowhere else")
    func errorOutput() {
        let expression = #""{% $states.errorOutput.Cause %}""#
        func found(_ fields: String) -> [String] {
            let task = #""Type":"Task","Resource":"r","End":true,\#(fields)"#
            return StateMachine.diagnostics(
                of: #"{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{\#(task)},"B":{"Type":"Succeed"}}}"#
            ).map(\.message).filter { !$0.contains("not reachable") }
        }
        #expect(found(#""Output":\#(expression)"#) == ["Field '$states.errorOutput' does not exist."])
        #expect(found(#""Output":"{% '$states.errorOutput' %}""#) == [])
        let rule = #"{"ErrorEquals":["E"],"Next":"B","Output":\#(expression),"Assign":{"cause":\#(expression)}}"#
        #expect(found(#""Catch":[\#(rule)]"#) == [])
    }

    @Test(
        "A language that is neither name is reported, and the state is read as one of JSONata",
        arguments: [
            (#""jsonpath""#, "Value is not accepted. Valid values: \"JSONata\", \"JSONPath\"."),
            ("1", "Expected value of type String"),
        ]
    )
    func queryLanguages(name: String, message: String) {
        let state = #"{"Type":"Pass","QueryLanguage":\#(name),"InputPath":"$.a","End":true}"#
        let found = StateMachine.diagnostics(of: #"{"StartAt":"A","States":{"A":\#(state)}}"#)
        let foreign = "The QueryLanguage is set to 'JSONata', but field 'InputPath' is only supported for the "
        #expect(found.map(\.message) == [message, foreign + "'JSONPath' QueryLanguage"])
        #expect(found.map(\.location) == ["/States/A/QueryLanguage", "/States/A"])
    }

    @Test("A text that is not JSON is refused with its place, and one without a definition with words")
    func syntax() {
        let found = StateMachine.diagnostics(of: "{\n  \"StartAt\": ,\n}")
        #expect(found.map(\.position) == [SourcePosition(line: 2, column: 14)])
        #expect(found.map(\.code) == ["INVALID_JSON_DESCRIPTION"])
        #expect(StateMachine.diagnostics(of: "[]").map(\.message) == ["Definition must be a valid JSON object"])
    }

    @Test("A Wait state with several times is reported once")
    func waitTimes() {
        for times in [#""Seconds":1,"Timestamp":"2020-01-01T00:00:00Z""#, #""Seconds":1,"SecondsPath":"$.s""#] {
            let found = StateMachine.diagnostics(
                of: #"{"StartAt":"A","States":{"A":{"Type":"Wait",\#(times),"End":true}}}"#
            )
            let names = "SecondsPath, Seconds, TimestampPath, Timestamp"
            #expect(found.map(\.message) == ["There should only be one of the following fields: [\(names)]"])
        }
    }

    @Test("A syntax error shows what stands around its place, and no more of a long text")
    func longSyntax() throws {
        let blanks = String(repeating: "é", count: 5000)
        let text = #"{"Comment":"\#(blanks)","StartAt": ,"Comment":"\#(blanks)"}"#
        let found = try #require(StateMachine.diagnostics(of: text).first)
        #expect(found.message.contains(#"éé","StartAt": ,"Comment":"éé"#))
        #expect(found.message.count < 250)
        #expect(found.description.count < 350)
        #expect(found.position.column == 5026)
        // At the ends of a text nothing is cut off that is not there.
        let start = try #require(StateMachine.diagnostics(of: "{,\(blanks)").first)
        #expect(start.message.contains(#"(String)"{,éé"#))
        let end = try #require(StateMachine.diagnostics(of: #"{"Comment":"\#(blanks)""#).first)
        #expect(end.message.contains(#"éé""; line"#))
    }

    @Test("A definition can come from any notation that has a tree to give")
    func trees() throws {
        let place = { (line: Int) in SourcePosition(line: line, column: 1) }
        func text(_ value: String, _ line: Int) -> DocumentNode {
            DocumentNode(.scalar(.string(value)), position: place(line))
        }
        func object(_ line: Int, _ members: (String, DocumentNode)...) -> DocumentNode {
            DocumentNode(
                .object(members.map { .init(key: $0, position: place(line), value: $1) }),
                position: place(line)
            )
        }
        let tree = object(
            1,
            ("StartAt", text("A", 1)),
            ("States", object(2, ("A", object(3, ("Type", text("Pass", 3)), ("Next", text("B", 4))))))
        )
        let refusal = #expect(throws: DefinitionError.self) { try StateMachine(tree) }
        #expect(refusal?.diagnostics.last?.position == place(4))
    }

    @Test("An outline shows states, resources, successors and branches")
    func outline() throws {
        let machine = try StateMachine(
            parsing: """
                {"StartAt":"B","States":{
                "A":{"Type":"Task","Resource":"r","Catch":[{"ErrorEquals":["E"],"Next":"B"}],"End":true},
                "B":{"Type":"Parallel","Branches":[{"StartAt":"C","States":{"C":{"Type":"Succeed"}}}],"Next":"A"}}}
                """
        )
        #expect(machine.outline.map(\.name) == ["B", "A"])
        #expect(machine.outline[0].successors == ["A"])
        #expect(machine.outline[0].branches.first?.map(\.name) == ["C"])
        #expect(machine.outline[1].resource == "r")
        #expect(machine.outline[1].successors == ["B"])
        #expect(machine.taskResources == ["r"])
    }
}
