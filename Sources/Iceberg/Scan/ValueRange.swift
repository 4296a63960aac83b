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
        guard !mayHaveNaN, !literal.isNaN, transform.preservesOrder || comparison == .equal else { return true }
        switch comparison {
        case .equal: return transform.apply(literal).map { !isBelow($0) && !isAbove($0) } ?? true
        case .notEqual: return true
        case .lessThanOrEqual: return transform.apply(literal).map { !isAbove($0) } ?? true
        case .greaterThanOrEqual: return transform.apply(literal).map { !isBelow($0) } ?? true
        case .lessThan:
            // Below a value is at most the one before, which may be in an earlier partition.
            if let previous = literal.neighbour(-1) { return mayPass(.lessThanOrEqual, previous, transform) }
            return mayPass(.lessThanOrEqual, literal, transform) && !(transform == .identity && isAtOrAbove(literal))
        case .greaterThan:
            if let next = literal.neighbour(1) { return mayPass(.greaterThanOrEqual, next, transform) }
            return mayPass(.greaterThanOrEqual, literal, transform) && !(transform == .identity && isAtOrBelow(literal))
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

    private func isAtOrAbove(_ value: Literal) -> Bool {
        lower.map { $0.isLess(than: value) == false } ?? false
    }

    private func isAtOrBelow(_ value: Literal) -> Bool {
        upper.map { value.isLess(than: $0) == false } ?? false
    }
}

extension Literal {
    /// The value one step away in a type whose values are counted; `nil` for other types and beyond the last value.
    func neighbour(_ step: Int8) -> Literal? {
        func moved<Number: FixedWidthInteger>(_ number: Number) -> Number? {
            let (result, overflow) = number.addingReportingOverflow(Number(step))
            return overflow ? nil : result
        }
        return switch self {
        case .int(let value): moved(value).map(Literal.int)
        case .date(let value): moved(value).map(Literal.date)
        case .long(let value): moved(value).map(Literal.long)
        case .time(let value): moved(value).map(Literal.time)
        case .timestamp(let value): moved(value).map(Literal.timestamp)
        case .timestamptz(let value): moved(value).map(Literal.timestamptz)
        case .decimal(let unscaled, let scale): moved(unscaled).map { .decimal(unscaled: $0, scale: scale) }
        default: nil
        }
    }
}
