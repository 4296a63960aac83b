public import JSONata

/// Who an execution is: what its context object and its ARNs say.
public struct ExecutionIdentity: Sendable, Hashable {
    /// The name of the execution.
    public var name: String
    /// The name of the state machine.
    public var machineName: String
    /// The ARN of the role that the execution works with.
    public var roleARN: String
    /// The account in ARNs.
    public var account: String
    /// The region in ARNs.
    public var region: String

    /// Makes an identity.
    public init(
        name: String,
        machineName: String,
        roleARN: String = "arn:aws:iam::123456789012:role/ingot",
        account: String = "123456789012",
        region: String = "us-east-1"
    ) {
        self.name = name
        self.machineName = machineName
        self.roleARN = roleARN
        self.account = account
        self.region = region
    }

    /// How many characters the name of an execution has at most.
    public static let nameLengthMax = 80

    /// Whether an execution may have a name: 1 to 80 characters, without those that the service refuses.
    public static func isName(_ name: String) -> Bool {
        (1...nameLengthMax).contains(name.utf16.count) && name.unicodeScalars.allSatisfy(isAllowedInName)
    }

    /// No whitespace, brackets, wildcards, special or control characters, and none that stands for no character.
    static func isAllowedInName(_ character: Unicode.Scalar) -> Bool {
        if character.value < 0x20 || (0x7F...0x9F).contains(character.value) { return false }
        if character.properties.isWhitespace || character.properties.isNoncharacterCodePoint { return false }
        return !"<>{}[]?*\"#%\\^|~`$&,;:/".unicodeScalars.contains(character)
    }

    /// The ARN of the state machine.
    public var machineARN: String {
        "arn:aws:states:\(region):\(account):stateMachine:\(machineName)"
    }

    /// The ARN of the execution.
    public var executionARN: String {
        "arn:aws:states:\(region):\(account):execution:\(machineName):\(name)"
    }

    /// The ARN of the execution where it is one of an Express workflow, whose names may come again.
    func expressARN(_ identifier: String) -> String {
        "arn:aws:states:\(region):\(account):express:\(machineName):\(name):\(identifier)"
    }
}

/// Limits and choices of an execution.
///
/// Options are part of what determines an execution: it can only be brought back with the ones it was started with.
public struct ExecutionOptions: Sendable, Hashable {
    /// Where randomness starts: jitter, UUIDs, tokens.
    public var seed: UInt64
    /// How many bytes the text of an input, result or output may have.
    ///
    /// The service starts nothing with a larger input; here such an execution fails at once.
    public var dataSizeMax: Int
    /// How many events the history may have; nil for any number.
    ///
    /// The service allows 25,000. No step begins when only a few are left; one that starts many iterations may pass the
    /// limit by as many.
    public var eventCountMax: Int?
    /// How many iterations of an inline Map run at once where the state sets no limit.
    public var inlineConcurrencyMax: Int
    /// How many children of a distributed Map run at once at most.
    public var distributedConcurrencyMax: Int
    /// How many branches and iterations run at once in all; beyond it, every Map state runs one iteration at a time.
    public var liveCountMax: Int
    /// How many finished items a result part has.
    public var resultPartSize: Int
    /// How many bytes the variables that a state can see may have together.
    public var variablesSizeMax: Int
    /// Whether children of a distributed Map hand out their events too.
    public var recordsChildren: Bool
    /// The ARNs of activities that do not exist: a task that asks for one fails.
    public var missingActivities: Set<String>
    /// What one JSONata evaluation may use up.
    public var queryLimits: JSONataLimits

    /// Makes options; without arguments they are the service's limits.
    public init(
        seed: UInt64 = 0,
        dataSizeMax: Int = 262_144,
        eventCountMax: Int? = nil,
        inlineConcurrencyMax: Int = 40,
        distributedConcurrencyMax: Int = 1000,
        liveCountMax: Int = 100_000,
        resultPartSize: Int = 1000,
        variablesSizeMax: Int = 10 << 20,
        recordsChildren: Bool = false,
        missingActivities: Set<String> = [],
        queryLimits: JSONataLimits = .statesLanguage
    ) {
        self.seed = seed
        self.dataSizeMax = dataSizeMax
        self.eventCountMax = eventCountMax
        self.inlineConcurrencyMax = max(1, inlineConcurrencyMax)
        self.distributedConcurrencyMax = max(1, distributedConcurrencyMax)
        self.liveCountMax = liveCountMax
        self.resultPartSize = max(1, resultPartSize)
        self.variablesSizeMax = variablesSizeMax
        self.recordsChildren = recordsChildren
        self.missingActivities = missingActivities
        self.queryLimits = queryLimits
    }
}
