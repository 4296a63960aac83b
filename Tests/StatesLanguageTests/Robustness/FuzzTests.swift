import JSONTree
import JSONata
import StatesLanguage
import Testing

@Suite("Any document", .timeLimit(.minutes(30)))
struct FuzzTests {
    private static let secondsMax = Duration.seconds(4)

    /// Machines of every kind, for where the outside cases are not there.
    private static let seeds: [JSON] = [
        [
            "StartAt": "A",
            "States": [
                "A": [
                    "Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": 2,
                    "ItemSelector": ["i.$": "$$.Map.Item.Index", "v.$": "$$.Map.Item.Value"],
                    "ItemProcessor": [
                        "StartAt": "P", "States": ["P": ["Type": "Pass", "ResultPath": "$.r", "End": true]],
                    ],
                    "Retry": [["ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "MaxAttempts": 2]], "Next": "C",
                ],
                "C": [
                    "Type": "Choice", "Default": "F",
                    "Choices": [["Variable": "$[0].i", "NumericGreaterThanEquals": 0, "Next": "W"]],
                ],
                "W": ["Type": "Wait", "Seconds": 5, "Next": "J"],
                "J": [
                    "Type": "Pass", "QueryLanguage": "JSONata", "Assign": ["n": "{% $count($states.input) %}"],
                    "Output": "{% $map($states.input, function($v, $i) { $v.v * $i }) %}", "End": true,
                ],
                "F": ["Type": "Fail", "ErrorPath": "States.Format('{}', $.e)", "Cause": "c"],
            ],
        ],
        [
            "StartAt": "P",
            "States": [
                "P": [
                    "Type": "Parallel", "End": true,
                    "Branches": [
                        [
                            "StartAt": "T",
                            "States": ["T": ["Type": "Task", "Resource": "r", "TimeoutSeconds": 9, "End": true]],
                        ],
                        [
                            "StartAt": "U",
                            "States": ["U": ["Type": "Pass", "Parameters": ["u.$": "States.UUID()"], "End": true]],
                        ],
                    ],
                    "Catch": [["ErrorEquals": ["States.ALL"], "ResultPath": "$.e", "Next": "S"]],
                ],
                "S": ["Type": "Succeed", "OutputPath": "$..[?(@.x > 1)]"],
            ],
        ],
    ]

    @Test(
        "No document makes the interpreter trap or run on, as a definition or as an input",
        arguments: [1, 2, 3] as [UInt64]
    )
    func mutations(seed: UInt64) throws {
        var random = SeededGenerator(state: seed)
        var definitions = Self.seeds
        if Conformance.isPresent {
            definitions += try Conformance.cases("asl_executions.jsonl").compactMap { $0["definition"] }
        }
        let clock = ContinuousClock()
        let end = clock.now + Self.secondsMax / 3
        var accepted = 0
        while clock.now < end {
            var definition = definitions[Int.random(in: 0..<definitions.count, using: &random)]
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                definition = Mutation.mutated(definition, &random)
            }
            _ = StateMachine.diagnostics(of: definition.text())
            guard let machine = try? StateMachine(parsing: definition.text()) else { continue }
            accepted += 1
            let simulator = Simulator(
                machine: machine,
                options: ExecutionOptions(
                    seed: seed,
                    eventCountMax: 2000,
                    queryLimits: .init(depthMax: 200, stepCountMax: 20_000)
                ),
                mocks: ["r": .sequence([.failure(error: "E", cause: nil), .echo])],
                transitionCountMax: 500
            )
            _ = simulator.run(input: Mutation.mutated(["items": [1, ["x": 2], "three"], "e": "E"], &random))
        }
        #expect(accepted > 10)
    }

    @Test("No text makes the readers of definitions, paths and calls trap", arguments: [1, 2] as [UInt64])
    func texts(seed: UInt64) {
        var random = SeededGenerator(state: seed)
        let pieces = [
            "{", "}", "[", "]", "\"", "\\", "$", "$$", ".", "..", "*", "?(", "@", ")", "'", ",", ":", "-1",
            "9999999999999", "e",
            "States.Format(", "==", "=~", "/(a*)*b/", "&&", "!", "\u{0}", "é", "\u{1F600}", "null", "StartAt", "{%",
            "%}", "\n",
        ]
        let clock = ContinuousClock()
        let end = clock.now + .seconds(1)
        while clock.now < end {
            let text = (0..<Int.random(in: 0...12, using: &random)).map { _ in
                pieces.randomElement(using: &random) ?? ""
            }
            _ = StateMachine.diagnostics(of: text.joined())
            let state: JSON = [
                "Type": "Pass", "End": true, "InputPath": .string("$" + text.joined()),
                "Parameters": ["a.$": .string(text.joined()), "b.$": .string("States.Array(" + text.joined() + ")")],
            ]
            _ = StateMachine.diagnostics(of: DocumentNode(["StartAt": "A", "States": ["A": state]]))
        }
    }

    @Test("Definitions that nest too deep are refused, not followed")
    func depth() {
        let arrays = String(repeating: "[", count: 100_000)
        #expect(!StateMachine.diagnostics(of: arrays).isEmpty)
        var definition: JSON = ["StartAt": "S", "States": ["S": ["Type": "Succeed"]]]
        for _ in 0..<60 {
            definition = [
                "StartAt": "P", "States": ["P": ["Type": "Parallel", "Branches": [definition], "End": true]],
            ]
        }
        #expect(!StateMachine.diagnostics(of: DocumentNode(definition)).isEmpty)
    }
}

/// Random numbers by a seed (xorshift).
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}

/// Changes at random places of a value.
enum Mutation {
    private static let scalars: [JSON] = [
        .null, true, false, 0, -1, 1, 1.5, 1e300, 9_223_372_036_854_775_807, "", "$", "$.a", "$..*", "$$", "$x",
        "{% $ %}",
        "{% $states %}", "{% 1/0 %}", "States.UUID()", "A", "P", "2020-01-01T00:00:00Z", [], [:], ["a": 1], [[[]]],
    ]

    static func mutated(_ value: JSON, _ random: inout SeededGenerator) -> JSON {
        let stops = Int.random(in: 0..<6, using: &random) == 0
        switch value {
        case .object(var object) where !object.isEmpty && !stops:
            let key = object.keys[Int.random(in: 0..<object.count, using: &random)]
            switch Int.random(in: 0..<12, using: &random) {
            case 0: object[key] = nil
            case 1: object[key + "Path"] = object[key]
            case 2: object[key] = scalar(&random)
            default: object[key] = object[key].map { mutated($0, &random) }
            }
            return .object(object)
        case .array(var elements) where !elements.isEmpty && !stops:
            let index = Int.random(in: 0..<elements.count, using: &random)
            switch Int.random(in: 0..<8, using: &random) {
            case 0: elements.remove(at: index)
            case 1: elements.append(elements[index])
            default: elements[index] = mutated(elements[index], &random)
            }
            return .array(elements)
        default: return scalar(&random)
        }
    }

    private static func scalar(_ random: inout SeededGenerator) -> JSON {
        scalars[Int.random(in: 0..<scalars.count, using: &random)]
    }
}
