import JSONTree
import JSONata

/// What all strands of an execution share, apart from the work that waits.
final class ExecutionEnvironment {
    let identity: ExecutionIdentity
    let options: ExecutionOptions
    let kind: StateMachine.Kind
    let executionARN: String
    var random: RandomSource
    /// The time of the input that is being worked on.
    var now = Timestamp(seconds: 0)
    /// How often the execution was driven on after its end, and when for the last time.
    var redriveCount = 0
    var redriveTime: Timestamp?
    /// The variables that the execution's own strand starts with.
    let variables = VariableScope(outer: nil)
    /// What stands for the context object when a state is tested by itself.
    var contextOverride: JSON?
    /// How many tokens were made; each token follows from the seed and its number.
    private var tokenCount: UInt64 = 0

    init(identity: ExecutionIdentity, options: ExecutionOptions, kind: StateMachine.Kind) {
        self.identity = identity
        self.options = options
        self.kind = kind
        random = RandomSource(seed: options.seed)
        // No task has this number, so the identifier is no task's token.
        executionARN =
            kind == .express
            ? identity.expressARN(Self.token(0, seed: options.seed)) : identity.executionARN
    }

    /// A name that no other task of the execution has, the same in every replay.
    func nextToken() -> String {
        tokenCount += 1
        return Self.token(tokenCount, seed: options.seed)
    }

    private static func token(_ number: UInt64, seed: UInt64) -> String {
        var source = RandomSource(seed: RandomSource.mixed(seed) ^ number)
        return source.uuid()
    }
}

/// The history of the execution, or of one child of a distributed Map.
final class EventLog {
    /// The numbers that lead to the child; nil for the execution itself.
    let child: String?
    /// The input of the execution or child, for the context object.
    let input: JSON
    let startTime: Timestamp
    private(set) var eventCount = 0

    init(child: String?, input: JSON, startTime: Timestamp) {
        self.child = child
        self.input = input
        self.startTime = startTime
    }

    /// The history of a child of this execution or child.
    func child(_ index: Int, input: JSON, startTime: Timestamp) -> EventLog {
        EventLog(child: child.map { "\($0)/\(index)" } ?? "\(index)", input: input, startTime: startTime)
    }

    func nextID() -> Int {
        eventCount += 1
        return eventCount
    }
}

/// The variables of one scope; branches and iterations have a scope of their own and can read the ones around it.
final class VariableScope {
    private var values: [String: (value: JSON, size: Int)] = [:]
    private var ownSize = 0
    private let outer: VariableScope?

    init(outer: VariableScope?) {
        self.outer = outer
    }

    /// How many bytes the variables of this scope and those around it have, if some of this one get new values.
    func size(with assigned: [(name: String, size: Int)]) -> Int {
        let change = assigned.reduce(0) { $0 + $1.size - (values[$1.name]?.size ?? 0) }
        return ownSize + change + (outer?.size(with: []) ?? 0)
    }

    subscript(name: String) -> JSON? {
        values[name]?.value ?? outer?[name]
    }

    /// Sets a variable of this scope.
    func set(_ name: String, _ value: JSON) {
        let size = value.textSize
        ownSize += size - (values[name]?.size ?? 0)
        values[name] = (value, size)
    }
}
