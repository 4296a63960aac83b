import JSONTree

/// Evaluates one expression for one input.
final class Evaluator {
    let builtins: Library
    let bindings: [String: JSON]
    let root: Value
    let context: JSONataContext
    let limits: JSONataLimits
    var randomness: Randomness
    private(set) lazy var now = context.now ?? SystemTime.milliseconds

    /// Whether this runs on a stack of its own, which is as large as the limits ask for.
    let isDeep: Bool
    private let depthMax: Int
    private var depth = 0
    private var valueDepth = 0
    /// How many functions of the library are waiting for a function that they called.
    private var callDepth = 0
    /// What is left of the work that the limits allow; a step is 16 units, an element or a byte that is copied one.
    private var workLeft: Int
    private var workToClock = Evaluator.workBetweenClocks
    private let deadline: ContinuousClock.Instant?

    /// What the steps came to that do so whenever they are evaluated.
    var constantResults: [ObjectIdentifier: Value] = [:]

    /// What functions refer to, held until the end.
    ///
    /// Frames and functions that refer to each other would otherwise never be freed, and long chains of them would be
    /// freed by a recursion as deep as they are long.
    private var heldFrames: [Frame] = []
    private var heldFunctions: [AnyObject] = []

    /// How many containers may lie inside each other; what is freed or walked over recurses as deep.
    static let heightMax = 256
    private static let workPerStep = 16
    private static let workBetweenClocks = 1 << 16

    init(builtins: Library, input: JSON?, bindings: [String: JSON], context: JSONataContext, isDeep: Bool) {
        self.isDeep = isDeep
        depthMax = isDeep ? context.limits.depthMax : min(context.limits.depthMax, Stack.shallowDepth)
        self.builtins = builtins
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
        if depth > depthMax || workLeft < 0 || workToClock < 0 { try checkLimits(at: position) }
    }

    /// Counts an evaluation so many levels down that needs no function of its own.
    @inline(__always)
    func visit(levels: Int = 1, at position: Int) throws(Failure) {
        let work = levels * Evaluator.workPerStep
        workLeft -= work
        workToClock -= work
        if depth + levels > depthMax || workLeft < 0 || workToClock < 0 {
            depth += levels
            try checkLimits(at: position)
            depth -= levels
        }
    }

    @inline(__always)
    func leave() {
        depth -= 1
    }

    /// Goes one level deeper into functions that call functions, which `depth` does not count where the call is the
    /// last thing that a function does; whoever calls this calls `leaveCall` on the way out.
    func enterCall() throws(Failure) {
        callDepth += 1
        guard callDepth > depthMax else { return }
        if callDepth <= limits.depthMax { throw Failure.needsDeepStack }
        throw Failure("U1001")
    }

    func leaveCall() {
        callDepth -= 1
    }

    /// Goes one level deeper into a value; whoever calls this calls `leaveValue` on the way out.
    func enterValue() throws(Failure) {
        valueDepth += 1
        try spend(1)
        // Input may nest deeper than what the evaluation itself may build.
        try checkHeight(valueDepth / 2)
    }

    func leaveValue() {
        valueDepth -= 1
    }

    @inline(never)
    private func checkLimits(at position: Int?) throws(Failure) {
        guard depth <= depthMax else {
            if depth <= limits.depthMax { throw Failure.needsDeepStack }
            throw Failure("U1001", position: position)
        }
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

    /// Counts elements that are about to be added to an array, which then has `total` of them.
    func allocate(elements added: Int, total: Int? = nil) throws(Failure) {
        try check(total ?? added, against: limits.elementCountMax)
        try spend(added)
    }

    /// Counts the bytes of a string that is about to be made; they cost less than elements.
    func allocate(bytes: Int) throws(Failure) {
        try check(bytes, against: limits.textSizeMax)
        try spend(bytes >> 3)
    }

    func check(_ size: Int, against max: Int) throws(Failure) {
        guard size <= max else { throw Failure("U1001", message: ErrorCatalogue.size) }
    }

    @inline(__always)
    func checkHeight(_ value: Value) throws(Failure) {
        try checkHeight(value.height)
    }

    @inline(__always)
    private func checkHeight(_ height: Int) throws(Failure) {
        if height > Stack.shallowDepth { try checkTallHeight(height) }
    }

    @inline(never)
    private func checkTallHeight(_ height: Int) throws(Failure) {
        guard height <= Evaluator.heightMax else { throw Failure("U1001", message: ErrorCatalogue.height) }
        if !isDeep { throw Failure.needsDeepStack }
    }
}
