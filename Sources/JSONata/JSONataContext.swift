/// What an evaluation takes from the outside world besides its input.
public struct JSONataContext: Sendable, Hashable {
    /// The time that `$now()` and `$millis()` answer, in milliseconds since 1970; `nil` asks the system's clock.
    public var now: Int64?
    /// Where `$random()`, `$shuffle()` and `$uuid()` start; `nil` takes the system's randomness.
    public var randomSeed: UInt64?
    /// What the evaluation may use up.
    public var limits: JSONataLimits

    /// Makes a context; without arguments time and randomness are the system's.
    public init(now: Int64? = nil, randomSeed: UInt64? = nil, limits: JSONataLimits = JSONataLimits()) {
        self.now = now
        self.randomSeed = randomSeed
        self.limits = limits
    }
}
