import JSONTree
import JSONata

/// The condition of a filter `[?(...)]`.
indirect enum PathFilter: Sendable {
    case and(PathFilter, PathFilter)
    case or(PathFilter, PathFilter)
    case not(PathFilter)
    /// A path alone asks whether there is a value.
    case exists(Operand)
    case comparison(Operand, Comparator, Operand)
    /// `=~`: a regular expression, compiled into a condition on `$value`.
    case matches(Operand, JSONataExpression)

    enum Comparator: String, Sendable, CaseIterable {
        case equal = "=="
        case notEqual = "!="
        case lessOrEqual = "<="
        case less = "<"
        case greaterOrEqual = ">="
        case greater = ">"
        case isIn = "in"
        case isNotIn = "nin"
        case subsetOf = "subsetof"
        case anyOf = "anyof"
        case noneOf = "noneof"
        case size = "size"
        case isEmpty = "empty"
        case contains = "contains"
    }

    enum Operand: Sendable {
        /// `@...`: below the value that is judged.
        case current([Path.Step], isDefinite: Bool)
        /// `$...`: below the whole document.
        case root([Path.Step], isDefinite: Bool)
        case literal(JSON)
    }
}

extension PathFilter {
    func accepts(_ value: JSON, in walk: PathWalk) throws(PathFailure) -> Bool {
        switch self {
        case .and(let left, let right):
            guard try left.accepts(value, in: walk) else { return false }
            return try right.accepts(value, in: walk)
        case .or(let left, let right):
            if try left.accepts(value, in: walk) { return true }
            return try right.accepts(value, in: walk)
        case .not(let condition):
            return try !condition.accepts(value, in: walk)
        case .exists(let operand):
            return try operand.value(for: value, in: walk) != nil
        case .matches(let operand, let pattern):
            guard let text = try operand.value(for: value, in: walk)?.stringValue else { return false }
            do throws(JSONataError) {
                return try pattern.evaluate(nil, bindings: ["value": .string(text)]) == .bool(true)
            } catch {
                throw .tooCostly
            }
        case .comparison(let left, let comparator, let right):
            let leftValue = try left.value(for: value, in: walk)
            let rightValue = try right.value(for: value, in: walk)
            return comparator.holds(leftValue, rightValue)
        }
    }
}

extension PathFilter.Operand {
    /// The operand's value; nil where a path leads nowhere.
    func value(for current: JSON, in walk: PathWalk) throws(PathFailure) -> JSON? {
        switch self {
        case .literal(let value): return value
        case .current(let steps, let isDefinite):
            return try walk.filterValue(steps, of: current, isDefinite: isDefinite)
        case .root(let steps, let isDefinite):
            return try walk.filterValue(steps, of: walk.document, isDefinite: isDefinite)
        }
    }
}

extension PathFilter.Comparator {
    /// Whether the comparison holds; values of different types are unequal and in no order.
    func holds(_ left: JSON?, _ right: JSON?) -> Bool {
        switch self {
        case .equal: return isEqual(left, right)
        case .notEqual: return !isEqual(left, right)
        case .less: return order(left, right) == -1
        case .lessOrEqual: return (order(left, right) ?? 1) <= 0
        case .greater: return order(left, right) == 1
        case .greaterOrEqual: return (order(left, right) ?? -1) >= 0
        case .isIn: return isMember(left, of: right)
        case .isNotIn: return !isMember(left, of: right)
        case .subsetOf: return left?.arrayValue?.allSatisfy { isMember($0, of: right) } ?? false
        case .anyOf: return left?.arrayValue?.contains { isMember($0, of: right) } ?? false
        case .noneOf: return !(left?.arrayValue?.contains { isMember($0, of: right) } ?? true)
        case .size: return size(left).map { isEqual(.integer(Int64($0)), right) } ?? false
        case .isEmpty: return size(left).map { .bool($0 == 0) == right } ?? false
        case .contains: return contains(left, right)
        }
    }

    private func isEqual(_ left: JSON?, _ right: JSON?) -> Bool {
        guard let left, let right else { return left == nil && right == nil }
        return left.hasSameValue(as: right)
    }

    private func order(_ left: JSON?, _ right: JSON?) -> Int? {
        if let left = left?.doubleValue, let right = right?.doubleValue {
            return left < right ? -1 : left > right ? 1 : 0
        }
        if let left = left?.stringValue, let right = right?.stringValue {
            return left == right ? 0 : left.utf16.lexicographicallyPrecedes(right.utf16) ? -1 : 1
        }
        return nil
    }

    private func isMember(_ value: JSON?, of list: JSON?) -> Bool {
        guard let value, let elements = list?.arrayValue else { return false }
        return elements.contains { $0.hasSameValue(as: value) }
    }

    private func size(_ value: JSON?) -> Int? {
        switch value {
        case .array(let elements): elements.count
        case .object(let object): object.count
        case .string(let text): text.utf16.count
        default: nil
        }
    }

    private func contains(_ container: JSON?, _ value: JSON?) -> Bool {
        if let text = container?.stringValue, let part = value?.stringValue {
            return part.isEmpty || text.utf8.firstRange(ofBytes: part.utf8)
        }
        return isMember(value, of: container)
    }
}

extension String.UTF8View {
    /// Whether these bytes occur anywhere.
    fileprivate func firstRange(ofBytes part: String.UTF8View) -> Bool {
        let haystack = Array(self)
        let needle = Array(part)
        guard haystack.count >= needle.count else { return false }
        return (0...haystack.count - needle.count).contains { haystack[$0..<$0 + needle.count].elementsEqual(needle) }
    }
}
