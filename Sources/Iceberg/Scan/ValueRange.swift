/// What is known of the values of a column, or of a transform of it, in a file or a manifest.
struct ValueRange {
    /// Whether there may be nulls.
    var mayHaveNull = true
    /// Whether there may be anything but nulls.
    var mayHaveValue = true
    /// Whether there may be values that are no numbers, which bounds do not cover.
    var mayHaveNaN = true
    var lower: Literal?
    var upper: Literal?

    /// Whether a value that passes a test may be in the range of a column's own values.
    func mayPass(_ test: BoundPredicate.Test) -> Bool {
        mayPass(test, through: .identity)
    }

    /// Whether a value that passes a test may be behind the range, which is of the results of a transform.
    func mayPass(_ test: BoundPredicate.Test, through transform: Transform) -> Bool {
        switch test {
        case .isNull: mayHaveNull
        case .isNotNull: mayHaveValue
        case .oneOf(let literals): literals.contains { mayPass(.equal, $0, transform) }
        case .compare(let comparison, let literal): mayPass(comparison, literal, transform)
        }
    }

    private func mayPass(_ comparison: Predicate.Comparison, _ literal: Literal, _ transform: Transform) -> Bool {
        guard mayHaveValue else { return false }
        // Engines differ in where they put what is no number; so it may pass any test.
        guard !mayHaveNaN, !literal.isNaN, let result = transform.apply(literal) else { return true }
        let isExact = transform == .identity
        guard transform.preservesOrder || comparison == .equal else { return true }
        switch comparison {
        case .equal: return !isBelow(result) && !isAbove(result)
        case .lessThan: return !isAbove(result) && !(isExact && lower.map { isEqual($0, result) } == true)
        case .lessThanOrEqual: return !isAbove(result)
        case .greaterThan: return !isBelow(result) && !(isExact && upper.map { isEqual($0, result) } == true)
        case .greaterThanOrEqual: return !isBelow(result)
        case .notEqual: return true
        }
    }

    /// Whether the whole range is below a value.
    private func isBelow(_ value: Literal) -> Bool {
        upper?.isLess(than: value) == true
    }

    /// Whether the whole range is above a value.
    private func isAbove(_ value: Literal) -> Bool {
        lower.map { value.isLess(than: $0) == true } ?? false
    }

    private func isEqual(_ left: Literal, _ right: Literal) -> Bool {
        left.isLess(than: right) == false && right.isLess(than: left) == false
    }
}
