import IngotEngine
import JSONTree
import StatesLanguage
import Testing

@Suite("The tree of an execution")
struct ExecutionTreeTests {
    /// Plays an execution by hand, and tells its tree every event.
    private final class Played {
        let execution: Execution
        let outline: [StateMachine.Outline]
        private(set) var tree: ExecutionTree
        private(set) var events: [JSON] = []
        private(set) var tokens: [(state: String, token: String)] = []
        private var now = Timestamp(seconds: 1_000_000)
        private var wakeUp: Timestamp?

        init(_ states: String, start: String, input: JSON = [:]) throws {
            let machine = try StateMachine(parsing: #"{"StartAt": "\#(start)", "States": {\#(states)}}"#)
            outline = machine.outline
            tree = ExecutionTree(machine.outline)
            execution = Execution(machine: machine, identity: ExecutionIdentity(name: "run", machineName: "machine"))
            send(.start(input: input))
        }

        func send(_ input: ExecutionInput, after seconds: Double = 1) {
            now = now.adding(seconds: seconds)
            execution.send(input, at: now)
            let step = execution.step()
            for event in step.events {
                let json = (try? JSON(parsing: event.text)) ?? .null
                events.append(json)
                tree.add(json)
            }
            for action in step.actions {
                if case .scheduleTask(let request) = action { tokens.append((request.state, request.token)) }
                if case .setTimer(let time) = action { wakeUp = time }
            }
        }

        /// Lets time pass until the execution wants to be woken.
        func wake() {
            now = max(now, wakeUp ?? now)
            send(.timePassed, after: 0)
        }

        /// The token of the oldest task of a state that is not answered.
        private func take(_ state: String) throws -> String {
            let position = try #require(tokens.firstIndex { $0.state == state })
            return tokens.remove(at: position).token
        }

        func succeed(_ state: String) throws {
            send(.taskSucceeded(token: try take(state), output: [:]))
        }

        func fail(_ state: String, _ error: String = "E", _ cause: String? = nil) throws {
            send(.taskFailed(token: try take(state), error: error, cause: cause))
        }

        /// Tasks that were asked for and that nobody waits for are not answered.
        func forgetCancelled() {
            tokens.removeAll { !execution.pendingTokens.contains($0.token) }
        }

        func stay(_ state: String) throws -> ExecutionTree.Stay {
            try #require(tree.root.stays[state])
        }

        /// The branches or iterations of a state.
        func parts(_ state: String) throws -> [ExecutionTree.Strand] {
            tree.strands(of: try stay(state))
        }

        /// A branch or iteration.
        func part(_ state: String, _ number: Int) throws -> ExecutionTree.Strand {
            let parts = try parts(state)
            return try #require(parts.first { $0.number == number })
        }

        /// The states of a branch or iteration, with how they stand.
        func statuses(_ state: String, _ number: Int) throws -> [String: ExecutionTree.Status] {
            try part(state, number).stays.mapValues(\.status)
        }
    }

    private static func task(_ name: String, _ rest: String = #""End": true"#) -> String {
        #""\#(name)": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", \#(rest)}"#
    }

    private static func branch(_ states: String, start: String) -> String {
        #"{"StartAt": "\#(start)", "States": {\#(states)}}"#
    }

    /// A Map state over the input, with the states of its processor and other members.
    private static func map(_ name: String, _ states: String, start: String, _ rest: String = "") -> String {
        let processor = branch(states, start: start)
        return #""\#(name)": {"Type": "Map", "ItemsPath": "$", "ItemProcessor": \#(processor), \#(rest)"End": true}"#
    }

    private static let retry = #""Retry": [{"ErrorEquals": ["E"], "IntervalSeconds": 5, "MaxAttempts": 2}]"#

    @Test func `A task shows its attempts, its last error while it waits, and no error after a good end`() throws {
        let played = try Played(Self.task("A", "\(Self.retry), \"Next\": \"B\"") + "," + Self.task("B"), start: "A")
        try played.fail("A", "E", "not yet")
        #expect(try played.stay("A").status == .running)
        #expect(try played.stay("A").error == "E" && played.stay("A").cause == "not yet")
        played.wake()
        try played.succeed("A")
        let stay = try played.stay("A")
        #expect(stay.status == .succeeded && stay.attemptCount == 2 && stay.error == nil && stay.cause == nil)
        // Started at 1, failed at 2, tried again 5 seconds later, answered a second after that.
        #expect(stay.entered == Timestamp(seconds: 1_000_001) && stay.ended == Timestamp(seconds: 1_000_008))
        #expect(try played.stay("B").status == .running)
        #expect(played.tree.visits(of: "A").exitedCount == 1 && played.tree.visits(of: "B").exitedCount == 0)
    }

    @Test func `A caught failure is told apart from a good end`() throws {
        let rest = #""Catch": [{"ErrorEquals": ["States.ALL"], "Next": "B"}], "Next": "B""#
        let played = try Played(Self.task("A", rest) + "," + Self.task("B"), start: "A")
        try played.fail("A", "E", "because")
        #expect(try played.stay("A").status == .caught && played.stay("A").cause == "because")
        #expect(try played.stay("B").status == .running)
    }

    @Test func `A state of a loop is shown as it is now, with how often it was entered`() throws {
        let choice = #""C": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsPresent": true, "Next": "D"}], "#
        let states = Self.task("A", #""Next": "C""#) + "," + choice + #""Default": "A"}, "D": {"Type": "Succeed"}"#
        let played = try Played(states, start: "A")
        for _ in 0..<3 { try played.succeed("A") }
        let stay = try played.stay("A")
        #expect(stay.enteredCount == 4 && stay.status == .running && stay.attemptCount == 1)
        #expect(try played.stay("C").enteredCount == 3 && played.stay("C").status == .succeeded)
    }

    @Test func `A state that ends with another iteration's failure is not taken for one around it`() throws {
        let innermost = Self.branch(Self.task("B"), start: "B")
        let inner = #""In": {"Type": "Parallel", "End": true, "Branches": [\#(innermost)]}"#
        let choice =
            #""C": {"Type": "Choice", "Default": "A", "Choices": [{"Variable": "$", "NumericEquals": 1, "Next": "In"}]}"#
        let map = Self.map("M", [choice, inner, Self.task("A")].joined(separator: ","), start: "C")
        let rest = #""Catch": [{"ErrorEquals": ["E"], "Next": "D"}], "End": true}, "D": {"Type": "Succeed"}"#
        let outer = #""P": {"Type": "Parallel", "Branches": [\#(Self.branch(map, start: "M"))], \#(rest)"#
        let played = try Played(outer, start: "P", input: [1, 2])
        try played.fail("A")
        #expect(try played.stay("P").status == .caught)
        let stay = try #require(played.part("P", 0).stays["M"])
        #expect(played.tree.strands(of: stay).map(\.status) == [.stopped, .failed])
    }

    @Test func `A branch that fails stops the others, and the failure stands where it began`() throws {
        let innermost = Self.branch(Self.task("B"), start: "B")
        let inner = #""In": {"Type": "Parallel", "End": true, "Branches": [\#(innermost)]}"#
        let branches = [
            Self.branch(Self.task("A", Self.retry + #", "End": true"#), start: "A"),
            Self.branch(inner, start: "In"),
            Self.branch(#""F": {"Type": "Wait", "Seconds": 9, "Next": "G"}, "G": {"Type": "Succeed"}"#, start: "F"),
        ]
        let states = #""P": {"Type": "Parallel", "End": true, "Branches": [\#(branches.joined(separator: ","))]}"#
        let played = try Played(states, start: "P")
        #expect(try played.statuses("P", 0) == ["A": .running])
        #expect(try played.statuses("P", 1) == ["In": .running])
        #expect(try played.statuses("P", 2) == ["F": .running])
        try played.fail("B", "Boom", "a wire")
        #expect(played.execution.outcome != nil)
        #expect(try played.stay("P").status == .failed)
        #expect(try played.statuses("P", 0) == ["A": .stopped])
        #expect(try played.statuses("P", 1) == ["In": .failed])
        #expect(try played.statuses("P", 2) == ["F": .stopped])
        let inside = try #require(try played.part("P", 1).stays["In"])
        let part = try #require(played.tree.strands(of: inside).first)
        #expect(part.stays["B"]?.status == .failed && part.stays["B"]?.cause == "a wire")
    }

    @Test func `A failure without an event of its own gets the words of the execution's end`() throws {
        let branch = Self.branch(#""F": {"Type": "Fail", "Error": "Bad", "Cause": "by will"}"#, start: "F")
        let states = #""P": {"Type": "Parallel", "End": true, "Branches": [\#(branch)]}"#
        let played = try Played(states, start: "P")
        let part = try played.part("P", 0)
        #expect(part.stays["F"]?.status == .failed && part.stays["F"]?.error == "Bad")
        #expect(part.stays["F"]?.cause == "by will")
        #expect(try played.stay("P").error == nil)
    }

    @Test func `Iterations are counted, and only those that did not succeed are kept`() throws {
        let states = Self.map("M", Self.task("W"), start: "W", #""MaxConcurrency": 3, "#)
        let played = try Played(states, start: "M", input: .array((0..<10).map { .integer($0) }))
        for _ in 0..<4 { try played.succeed("W") }
        var stay = try played.stay("M")
        #expect(stay.itemCount == 10 && stay.succeededCount == 4)
        #expect(played.tree.strands(of: stay).map(\.number) == [4, 5, 6])
        #expect(played.tree.strands(of: stay).allSatisfy { $0.status == .running })
        try played.fail("W", "E", "item 4")
        stay = try played.stay("M")
        #expect(stay.status == .failed && stay.succeededCount == 4)
        #expect(played.tree.strands(of: stay).map(\.status) == [.failed, .stopped, .stopped])
        #expect(try played.statuses("M", 4) == ["W": .failed])
        #expect(try played.statuses("M", 5) == ["W": .stopped])
        #expect(played.tree.strands(of: stay)[0].stays["W"]?.cause == "item 4")
    }

    @Test func `A Map in a Parallel in a Map keeps its iterations apart`() throws {
        let inner = Self.map("I", Self.task("W"), start: "W")
        let branches = [Self.branch(inner, start: "I"), Self.branch(Self.task("X"), start: "X")]
        let parallel = #""P": {"Type": "Parallel", "End": true, "Branches": [\#(branches.joined(separator: ","))]}"#
        let states = Self.map("M", parallel, start: "P")
        let played = try Played(states, start: "M", input: [[1, 2], [3, 4, 5]])
        // The first task that waits is the first one of the first iteration.
        try played.succeed("W")
        try played.succeed("X")
        let parallels = try played.parts("M").compactMap { $0.stays["P"] }
        let maps = parallels.compactMap { played.tree.strands(of: $0).first?.stays["I"] }
        #expect(maps.map(\.itemCount) == [2, 3] && maps.map(\.succeededCount) == [1, 0])
        #expect(maps.map { played.tree.strands(of: $0).map(\.number) } == [[1], [0, 1, 2]])
        let others = parallels.map { played.tree.strands(of: $0).last?.stays["X"]?.status }
        #expect(others == [.succeeded, .running])
    }

    @Test func `A Map that is tried again begins its iterations anew`() throws {
        let states = Self.map("M", Self.task("W"), start: "W", Self.retry + ", ")
        let played = try Played(states, start: "M", input: [1, 2])
        try played.succeed("W")
        try played.fail("W")
        played.wake()
        #expect(try played.stay("M").attemptCount == 2 && played.stay("M").succeededCount == 0)
        #expect(try played.statuses("M", 0) == ["W": .running])
        try played.succeed("W")
        try played.succeed("W")
        #expect(try played.stay("M").status == .succeeded && played.stay("M").succeededCount == 2)
    }

    @Test func `A redrive goes on in the branches that it belongs to`() throws {
        let branches = [
            Self.branch(Self.task("A", #""Next": "A2""#) + "," + Self.task("A2"), start: "A"),
            Self.branch(Self.task("B", #""Next": "B2""#) + "," + Self.task("B2"), start: "B"),
            Self.branch(Self.task("C"), start: "C"),
        ]
        let states = #""P": {"Type": "Parallel", "End": true, "Branches": [\#(branches.joined(separator: ","))]}"#
        let played = try Played(states, start: "P")
        try played.succeed("C")
        try played.fail("B")
        #expect(try played.stay("P").status == .failed)
        #expect(try played.statuses("P", 0) == ["A": .stopped])
        #expect(try played.statuses("P", 1) == ["B": .failed])
        #expect(try played.statuses("P", 2) == ["C": .succeeded])
        played.send(.redrive)
        #expect(try played.stay("P").status == .running && played.stay("P").ended == nil)
        #expect(try played.statuses("P", 0) == ["A": .running] && played.statuses("P", 1) == ["B": .running])
        played.forgetCancelled()
        try played.succeed("B")
        #expect(try played.statuses("P", 0) == ["A": .running])
        #expect(try played.statuses("P", 1) == ["B": .succeeded, "B2": .running])
        try played.succeed("A")
        try played.succeed("A2")
        try played.succeed("B2")
        #expect(try played.stay("P").status == .succeeded)
        let strands = try played.parts("P")
        #expect(strands.map(\.number) == [0, 1, 2])
        #expect(strands[1].stays["B"]?.attemptCount == 1 && strands[1].stays["B"]?.error == nil)
    }

    @Test func `An execution that is stopped stops what runs in it`() throws {
        let states = Self.map("M", Self.task("W"), start: "W")
        let played = try Played(states, start: "M", input: [1, 2])
        played.send(.abort(error: nil, cause: "enough"))
        #expect(try played.stay("M").status == .stopped)
        #expect(try played.statuses("M", 1) == ["W": .stopped])
    }
}
