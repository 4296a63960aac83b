/// What one evaluation may use up before it ends with the error `U1001`.
public struct JSONataLimits: Sendable, Hashable {
    /// How deep evaluations may nest: an operator inside a call inside an operator is three deep.
    public var depthMax: Int
    /// How many steps an evaluation may take; a step is about the evaluation of one operator, name or literal.
    public var stepCountMax: Int
    /// How many elements an array may have.
    public var elementCountMax: Int
    /// How many integers a range may have that is only counted or added up; 10 million at most.
    public var rangeCountMax: Int
    /// How many bytes of UTF-8 a string may have.
    public var textSizeMax: Int
    /// How long an evaluation may take; `nil` leaves it to the steps, which do not depend on the machine.
    public var timeMax: Duration?

    /// The limits that AWS Step Functions was seen to have, as far as what its bound on memory counts is counted here.
    public static let statesLanguage = JSONataLimits(
        depthMax: 100,
        elementCountMax: 873_782,
        rangeCountMax: 873_782,
        textSizeMax: 6_990_256
    )

    /// Makes limits; the default ones end an endless recursion in less than a second.
    public init(
        depthMax: Int = 500,
        stepCountMax: Int = 2_000_000,
        elementCountMax: Int = 2_000_000,
        rangeCountMax: Int = 10_000_000,
        textSizeMax: Int = 16_000_000,
        timeMax: Duration? = nil
    ) {
        self.depthMax = depthMax
        self.stepCountMax = stepCountMax
        self.elementCountMax = elementCountMax
        self.rangeCountMax = rangeCountMax
        self.textSizeMax = textSizeMax
        self.timeMax = timeMax
    }
}
