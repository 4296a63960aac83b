import JSONTree
import StatesLanguage
import Testing

@Suite("Intrinsic functions")
struct IntrinsicTests {
    /// The value of a call, computed by a Pass state.
    private func value(of call: String, input: JSON = [:]) throws -> ExecutionOutcome? {
        let definition: JSON = [
            "StartAt": "P", "States": ["P": ["Type": "Pass", "Parameters": ["v.$": .string(call)], "End": true]],
        ]
        return Simulator(machine: try StateMachine(DocumentNode(definition))).run(input: input).outcome
    }

    @Test(
        "The examples of the developer guide come out as it says",
        arguments: [
            ("States.Array('Foo', 2020, $.id)", #"["Foo",2020,7]"#),
            ("States.Array()", "[]"),
            ("States.ArrayPartition($.numbers, 4)", "[[1,2,3,4],[5,6]]"),
            ("States.ArrayContains($.numbers, 5)", "true"),
            ("States.ArrayRange(1, 9, 2)", "[1,3,5,7,9]"),
            ("States.ArrayRange(5, 1, 2)", "[]"),
            ("States.ArrayGetItem($.numbers, 5)", "6"),
            ("States.ArrayLength($.numbers)", "6"),
            ("States.ArrayUnique($.repeated)", "[1,2,3]"),
            ("States.Base64Encode('Data to encode')", #""RGF0YSB0byBlbmNvZGU=""#),
            ("States.Base64Decode('RGVjb2RlZCBkYXRh')", #""Decoded data""#),
            ("States.Hash('input data', 'SHA-1')", #""aaff4a450a104cd177d28d18d74485e8cae074b7""#),
            ("States.JsonMerge($.left, $.right, false)", #"{"a":{"a3":1},"b":2,"c":3}"#),
            ("States.StringToJson($.text)", #"{"foo":"bar"}"#),
            ("States.JsonToString($.left)", #""{\"a\":{\"a1\":1},\"b\":2}""#),
            ("States.MathAdd(111, -1)", "110"),
            ("States.StringSplit('1,2,3,4,5', ',')", #"["1","2","3","4","5"]"#),
            ("States.StringSplit('This.is+a,test=string', '.+,=')", #"["This","is","a","test","string"]"#),
            ("States.Format('Hello, my name is {}.', $.name)", #""Hello, my name is Arnav.""#),
            ("States.Format($.template, $.name)", #""Hi Arnav!""#),
            (#"States.Format('\{{}\} it\'s', 1)"#, #""{1} it's""#),
            ("States.Format('{}', $.left)", #""{a={a1=1}, b=2}""#),
            ("States.ArrayGetItem(States.StringSplit('a-b', '-'), States.MathAdd(0, 1))", #""b""#),
        ]
    )
    func examples(call: String, expected: String) throws {
        let input: JSON = [
            "id": 7, "numbers": [1, 2, 3, 4, 5, 6], "repeated": [1, 2, 1.0, 3, 2], "left": ["a": ["a1": 1], "b": 2],
            "right": ["a": ["a3": 1], "c": 3], "text": #"{"foo":"bar"}"#, "name": "Arnav", "template": "Hi {}!",
        ]
        #expect(try value(of: call, input: input) == .succeeded(output: ["v": JSON(parsing: expected)]))
    }

    @Test("Random numbers follow from a seed, and identifiers from the execution's")
    func randomness() throws {
        #expect(try value(of: "States.MathRandom(1, 999, 42)") == value(of: "States.MathRandom(1, 999, 42)"))
        guard case .succeeded(let output) = try value(of: "States.UUID()") else {
            Issue.record("no UUID")
            return
        }
        let text = try #require(output["v"]?.stringValue)
        #expect(text.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil)
        #expect(try value(of: "States.UUID()") == .succeeded(output: output))
    }

    @Test(
        "Arguments that do not suit a function fail the state with the function's name",
        arguments: [
            "States.ArrayGetItem($.a, 9)", "States.ArrayPartition($.a, 0)", "States.ArrayLength('x')",
            "States.ArrayRange(1, 100000, 1)", "States.ArrayRange(1, 9, 0)", "States.Base64Decode('%')",
            "States.Hash('x', 'SHA-0')", "States.JsonMerge($.a, $.a, false)", "States.StringToJson('{')",
            "States.MathAdd('1', 2)", "States.MathAdd(9223372036854775807, 1)", "States.MathRandom(2, 1)",
            "States.Format('{} {}', 1)", "States.Format('{', 1)", "States.ArrayPartition($.a, 'x')",
        ]
    )
    func failures(call: String) throws {
        guard case .failed(let error, let cause) = try value(of: call, input: ["a": [1]]) else {
            Issue.record("\(call) did not fail")
            return
        }
        #expect(error == "States.IntrinsicFailure")
        #expect(cause?.contains("The function '\(call)' had the following error") == true)
    }

    @Test("A path in a call that leads nowhere is an error at run time that names it")
    func missingArgument() throws {
        let cause =
            "An error occurred while executing the state 'P' (entered at the event id #2). The function "
            + "'States.ArrayLength($.x)' had the following error: The JsonPath argument for the field '$.x' could not be "
            + "found in the input '{}'"
        #expect(try value(of: "States.ArrayLength($.x)") == .failed(error: "States.Runtime", cause: cause))
    }

    @Test(
        "Texts that are no calls are refused with the definition",
        arguments: [
            "States.Nothing()", "States.Format('x'", "States.Array(1,)", "States.ArrayLength()", "States.UUID(1)",
            "States.Format('x)", "States.Array(x)", " States.UUID()", "States.JsonMerge($.a, $.b)",
            #"States.Array('a\"b')"#, #"States.Array('\n')"#, #"States.Array('\')"#,
        ]
    )
    func syntax(call: String) {
        #expect(throws: DefinitionError.self) { try value(of: call) }
    }
}
