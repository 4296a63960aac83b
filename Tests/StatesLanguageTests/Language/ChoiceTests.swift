import JSONTree
import StatesLanguage
import Testing

@Suite("Choice rules")
struct ChoiceTests {
    private func holds(_ rule: JSONObject, _ input: JSON) throws -> Bool {
        var rule = rule
        rule["Next"] = "Yes"
        let definition: JSON = [
            "StartAt": "C",
            "States": [
                "C": ["Type": "Choice", "Choices": [.object(rule)], "Default": "No"],
                "Yes": ["Type": "Pass", "Result": true, "End": true],
                "No": ["Type": "Pass", "Result": false, "End": true],
            ],
        ]
        let outcome = Simulator(machine: try StateMachine(DocumentNode(definition))).run(input: input).outcome
        return outcome == .succeeded(output: true)
    }

    @Test(
        "An asterisk matches any characters, and a backslash takes its meaning",
        arguments: [
            ("log-*.txt", "log-2024.txt", true), ("log-*.txt", "log-.txt", true), ("log-*.txt", "log-.txt.gz", false),
            ("*", "", true), ("a*b*c", "a1b2b3c", true), ("a*b*c", "acb", false), ("a**c", "abc", true),
            (#"a\*c"#, "a*c", true), (#"a\*c"#, "abc", false), (#"a\\*"#, #"a\b"#, true), ("aba*aba", "aba", false),
            ("", "", true), ("", "x", false),
        ]
    )
    func wildcards(pattern: String, text: String, expected: Bool) throws {
        #expect(try holds(["Variable": "$", "StringMatches": .string(pattern)], .string(text)) == expected)
    }

    @Test(
        "Timestamps are compared as moments",
        arguments: [
            ("2016-03-14T01:59:00Z", "2016-03-14T02:59:00+01:00", true),
            ("2016-03-14T01:59:00.000Z", "2016-03-14T01:59:00Z", true),
            ("2016-03-14T01:59:00Z", "2016-03-14T01:59:01Z", false),
        ]
    )
    func timestamps(left: String, right: String, areEqual: Bool) throws {
        let input: JSON = ["a": .string(left), "b": .string(right)]
        #expect(try holds(["Variable": "$.a", "TimestampEqualsPath": "$.b"], input) == areEqual)
    }

    @Test(
        "Only an offset date-time with an upper-case T and Z is a timestamp",
        arguments: [
            ("2016-03-14T01:59:00Z", true), ("2016-03-14T01:59:00.243167252Z", true), ("2016-02-30T01:59:00Z", false),
            ("2016-03-14", false), ("2016-03-14T01:59:00", false), ("2016-03-14t01:59:00z", false),
            ("2016-03-14T24:00:00Z", false), ("2016-02-29T00:00:00Z", true), ("2015-02-29T00:00:00Z", false),
        ]
    )
    func timestampSyntax(text: String, expected: Bool) throws {
        #expect(try holds(["Variable": "$", "IsTimestamp": true], .string(text)) == expected)
    }

    @Test("Numbers are compared by their worth, strings by UTF-16, booleans only for equality")
    func domains() throws {
        #expect(try holds(["Variable": "$", "NumericEquals": 1], 1.0))
        #expect(try holds(["Variable": "$", "NumericLessThanEquals": 1.5], 1))
        #expect(try holds(["Variable": "$", "StringLessThan": "\u{FFFD}"], "\u{1F600}"))
        #expect(try !holds(["Variable": "$", "StringEquals": "\u{E9}"], "e\u{301}"))
        #expect(try !holds(["Variable": "$", "BooleanEquals": true], 1))
        #expect(throws: DefinitionError.self) { try holds(["Variable": "$", "BooleanLessThan": true], true) }
    }

    @Test("A variable that is not there is an error, except where its presence is asked for")
    func absence() throws {
        #expect(try holds(["Variable": "$.x", "IsPresent": false], [:]))
        #expect(try !holds(["Not": ["Variable": "$.x", "IsPresent": false]], [:]))
        #expect(
            try !holds(
                ["And": [["Variable": "$.x", "IsPresent": true], ["Variable": "$.x", "NumericEquals": 1]]],
                [:]
            )
        )
        let definition = """
            {"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[
            {"Variable":"$.x","NumericEquals":1,"Next":"S"}]},"S":{"Type":"Succeed"}}}
            """
        let machine = try StateMachine(parsing: definition)
        let cause =
            "An error occurred while executing the state 'C' (entered at the event id #2). Invalid path '$.x': The choice "
            + "state's condition path references an invalid value."
        #expect(Simulator(machine: machine).run(input: [:]).outcome == .failed(error: "States.Runtime", cause: cause))
        let unmatched = Simulator(machine: machine).run(input: ["x": 2]).outcome
        guard case .failed(error: "States.NoChoiceMatched", _) = unmatched else {
            Issue.record("ended with \(String(describing: unmatched))")
            return
        }
    }
}
