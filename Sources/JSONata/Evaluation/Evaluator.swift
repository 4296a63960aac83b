import JSONTree

/// Evaluates one expression for one input.
final class Evaluator {
    let library: Library
    let bindings: [String: JSON]
    let root: Value
    let context: JSONataContext
    let limits: JSONataLimits
    var randomness: Randomness
    private(set) lazy var now = context.now ?? SystemTime.milliseconds

    private var depth = 0
    private var valueDepth = 0
    /// What is left of the work that the limits allow; a step is 16 units, an element or a byte that is copied one.
    private var workLeft: Int
    private var workToClock = Evaluator.workBetweenClocks
    private let deadline: ContinuousClock.Instant?

    /// What functions refer to. Held until the end: frames and functions that refer to each other would otherwise
    /// never be freed, and long chains of them would be freed by a recursion as deep as they are long.
    private var heldFrames: [Frame] = []
    private var heldFunctions: [AnyObject] = []

    /// How many containers may lie inside each other; what is freed or walked over recurses as deep.
    static let heightMax = 500
    private static let workPerStep = 16
    private static let workBetweenClocks = 1 << 16

    init(library: Library, input: JSON?, bindings: [String: JSON], context: JSONataContext) {
        self.library = library
        self.bindings = bindings
        self.context = context
        limits = context.limits
        root = Value(input)
        randomness = Randomness(seed: context.randomSeed)
        workLeft = min(max(context.limits.stepCountMax, 0), Int.max / 32) * Evaluator.workPerStep
        deadline = context.limits.timeMax.map { ContinuousClock.now.advanced(by: $0) }
    }

    /// Evaluates a whole expression.
    func run(_ node: Node) throws(Failure) -> Value {
        defer { release() }
        // An input that is an array is one value, not a sequence of values.
        var input = root
        if case .array = root { input = .array(ArrayValue([root], [.sequence, .wrapsInput])) }
        return try evaluate(node, input, Frame(parent: nil)).withoutFunctions()
    }

    private func release() {
        for frame in heldFrames { frame.clear() }
        // The newest first: each is freed while what it refers to is still held.
        while heldFrames.popLast() != nil {}
        while heldFunctions.popLast() != nil {}
    }

    func hold(_ frame: Frame) {
        guard !frame.isCaptured else { return }
        frame.isCaptured = true
        heldFrames.append(frame)
    }

    func hold(_ function: AnyObject) {
        heldFunctions.append(function)
    }

    // MARK: - Limits

    /// Goes one level deeper; whoever calls this calls `leave` on the way out.
    @inline(__always)
    func enter(at position: Int) throws(Failure) {
        depth += 1
        workLeft -= Evaluator.workPerStep
        workToClock -= Evaluator.workPerStep
        if depth > limits.depthMax || workLeft < 0 || workToClock < 0 { try checkLimits(at: position) }
    }

    @inline(__always)
    func leave() {
        depth -= 1
    }

    /// Goes one level deeper into a value; whoever calls this calls `leaveValue` on the way out.
    func enterValue() throws(Failure) {
        valueDepth += 1
        try spend(1)
        guard valueDepth <= 2 * Evaluator.heightMax else { throw Failure("U1001", message: ErrorCatalogue.height) }
    }

    func leaveValue() {
        valueDepth -= 1
    }

    @inline(never)
    private func checkLimits(at position: Int?) throws(Failure) {
        guard depth <= limits.depthMax else { throw Failure("U1001", position: position) }
        workToClock = Evaluator.workBetweenClocks
        let isLate = deadline.map { ContinuousClock.now > $0 } ?? false
        guard workLeft >= 0, !isLate else {
            throw Failure("U1001", position: position, message: ErrorCatalogue.timeout)
        }
    }

    /// Counts work that is done outside of `evaluate`: elements or bytes that are looked at or copied.
    @inline(__always)
    func spend(_ amount: Int) throws(Failure) {
        workLeft -= amount
        workToClock -= amount
        if workLeft < 0 || workToClock < 0 { try checkLimits(at: nil) }
    }

    /// Counts an array or a string that is about to be made.
    func allocate(_ size: Int) throws(Failure) {
        guard size <= limits.sizeMax else { throw Failure("U1001", message: ErrorCatalogue.size) }
        try spend(size)
    }

    func checkHeight(_ value: Value) throws(Failure) {
        guard value.height <= Evaluator.heightMax else { throw Failure("U1001", message: ErrorCatalogue.height) }
    }
}
