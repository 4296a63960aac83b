import JSONTree

/// The intrinsic functions over arrays; each answers nil where its arguments do not suit it.
enum Arrays {
    private static let rangeCountMax = 1000

    static func contains(_ array: JSON, _ value: JSON) -> JSON? {
        array.arrayValue.map { elements in .bool(elements.contains { $0.hasSameValue(as: value) }) }
    }

    static func item(_ array: JSON, _ index: JSON) -> JSON? {
        guard let elements = array.arrayValue, let index = index.wholeNumber, elements.indices.contains(index) else {
            return nil
        }
        return elements[index]
    }

    static func partition(_ array: JSON, _ size: JSON) -> JSON? {
        guard let elements = array.arrayValue, let asked = size.rounded, asked > 0 else { return nil }
        let size = min(Int(asked), max(1, elements.count))
        let starts = stride(from: 0, to: elements.count, by: size)
        return .array(starts.map { .array(Array(elements[$0..<min($0 + size, elements.count)])) })
    }

    /// The numbers from the first up to and with the last.
    static func range(_ first: JSON, _ last: JSON, _ step: JSON) -> JSON? {
        guard let first = first.rounded, let last = last.rounded, let step = step.rounded, step > 0,
            case (let length, false) = last.subtractingReportingOverflow(first), length / step < rangeCountMax
        else { return nil }
        guard length >= 0 else { return [] }
        return .array((0...length / step).map { .integer(first + $0 * step) })
    }

    static func unique(_ array: JSON) -> JSON? {
        guard let elements = array.arrayValue else { return nil }
        var seen: Set<JSON> = []
        return .array(elements.filter { seen.insert($0.canonical).inserted })
    }
}

extension JSON {
    /// The value with every number in one form, so that equal values are equal in a set.
    fileprivate var canonical: JSON {
        switch self {
        case .number(let number): number.doubleValue.map(JSON.number(from:)) ?? self
        case .array(let elements): .array(elements.map(\.canonical))
        case .object(let object): .object(JSONObject(object.map { ($0.key, $0.value.canonical) }))
        default: self
        }
    }
}
