import JSONTree

extension Path {
    /// The value of the path in a document.
    ///
    /// - Throws: ``PathFailure`` where a definite path leads nowhere. A path that is not definite answers an array of what
    ///   it found, which may be nothing.
    func value(in document: JSON) throws(PathFailure) -> JSON {
        if isDefinite, !steps.isEmpty { return try definiteValue(in: document) }
        guard !steps.isEmpty else { return document }
        return .array(try PathWalk(document: document).values(of: steps, from: document))
    }

    private func definiteValue(in document: JSON) throws(PathFailure) -> JSON {
        var value = document
        for (position, step) in steps.enumerated() {
            switch (step, value) {
            case (.member(let name), .object(let object)):
                guard let next = object[name] else { throw missing(at: position) }
                value = next
            case (.member(let name), let other):
                throw .notFound(
                    detail: "Expected to find an object with property ['\(name)'] in path \(place(before: position)) "
                        + "but found '\(other.javaClassName)'. This is not a json object according to the JsonProvider: "
                        + "'com.jayway.jsonpath.spi.json.JacksonJsonNodeJsonProvider'."
                )
            case (.index(let index), .array(let elements)):
                let effective = index < 0 ? elements.count + index : index
                guard elements.indices.contains(effective) else { throw noResults }
                value = elements[effective]
            case (.index, .null):
                throw .notFound(detail: "The path \(place(before: position)) is null")
            case (.index(let index), let other):
                throw .notFound(
                    detail: "Filter: [\(index)] can only be applied to arrays. Current context is: \(other.text())"
                )
            case (.function(let function), let argument):
                guard let result = function.value(of: argument) else { throw noResults }
                value = result
            default: throw noResults
            }
        }
        return value
    }

    private func missing(at position: Int) -> PathFailure {
        if position == steps.count - 1 { return noResults }
        return .notFound(detail: "Missing property in path \(place(before: position + 1))")
    }

    private var noResults: PathFailure {
        .notFound(detail: "No results for path: \(bracketText)")
    }

    private func place(before position: Int) -> String {
        "$" + steps[..<position].map(\.bracketText).joined()
    }
}

/// One evaluation of a path that can have many results.
final class PathWalk {
    let document: JSON
    /// How many values may be looked at, so that nested `..` cannot run away.
    private var visitsLeft = 2_000_000
    private var found: [JSON] = []

    init(document: JSON) {
        self.document = document
    }

    /// Everything at the end of the steps.
    func values(of steps: [Path.Step], from start: JSON) throws(PathFailure) -> [JSON] {
        let outer = found
        defer { found = outer }
        found = []
        try visit(steps, 0, start)
        return found
    }

    /// The value of a path inside a filter; nil where it leads nowhere.
    func filterValue(_ steps: [Path.Step], of start: JSON, isDefinite: Bool) throws(PathFailure) -> JSON? {
        let values = try values(of: steps, from: start)
        return isDefinite ? values.first : .array(values)
    }

    /// Takes the steps from a position on, and keeps every value at their end.
    private func visit(_ steps: [Path.Step], _ position: Int, _ value: JSON) throws(PathFailure) {
        visitsLeft -= 1
        guard visitsLeft > 0 else { throw .tooCostly }
        guard position < steps.count else { return found.append(value) }
        let step = steps[position]
        if case .descendants = step { return try visitDescendants(steps, position + 1, value) }
        for child in try children(of: value, by: step, isLast: position == steps.count - 1) {
            try visit(steps, position + 1, child)
        }
    }

    /// The values that one step leads to; a step that does not fit the value leads to none.
    private func children(of value: JSON, by step: Path.Step, isLast: Bool) throws(PathFailure) -> [JSON] {
        switch step {
        case .member(let name): return value.objectValue?[name].map { [$0] } ?? []
        case .members(let names):
            guard let object = value.objectValue else { return [] }
            let present = names.compactMap { name in object[name].map { (name, $0) } }
            // As the last step, several names select a part of the object; before other steps, one value each.
            return isLast ? [.object(JSONObject(present))] : present.map(\.1)
        case .index(let index): return Self.elements([index], of: value)
        case .indices(let indices): return Self.elements(indices, of: value)
        case .slice(let from, let to):
            guard let elements = value.arrayValue else { return [] }
            return Array(elements[Self.bounds(from, to, elements.count)])
        case .wildcard: return value.children
        case .filter(let filter): return try accepted(by: filter, of: value)
        case .descendants: return []
        case .function(let function): return function.value(of: value).map { [$0] } ?? []
        }
    }

    private static func elements(_ indices: [Int], of value: JSON) -> [JSON] {
        guard let elements = value.arrayValue else { return [] }
        return indices.compactMap { index in
            let effective = index < 0 ? elements.count + index : index
            return elements.indices.contains(effective) ? elements[effective] : Optional<JSON>.none
        }
    }

    private func accepted(by filter: PathFilter, of value: JSON) throws(PathFailure) -> [JSON] {
        switch value {
        case .object: return try filter.accepts(value, in: self) ? [value] : []
        case .array(let elements):
            var accepted: [JSON] = []
            for element in elements where try filter.accepts(element, in: self) { accepted.append(element) }
            return accepted
        default: return []
        }
    }

    /// Applies the steps to the value itself and to everything below it, parents first.
    private func visitDescendants(_ steps: [Path.Step], _ position: Int, _ value: JSON) throws(PathFailure) {
        visitsLeft -= 1
        guard visitsLeft > 0 else { throw .tooCostly }
        let startsWithFilter = if position < steps.count, case .filter = steps[position] { true } else { false }
        // A filter judges every value below by itself; over an array it would judge the elements a second time.
        if !(startsWithFilter && value.arrayValue != nil) {
            try visit(steps, position, value)
        }
        for child in value.children { try visitDescendants(steps, position, child) }
    }

    static func bounds(_ from: Int?, _ to: Int?, _ count: Int) -> Range<Int> {
        let clamp = { (index: Int) in min(max(index < 0 ? count + index : index, 0), count) }
        let start = clamp(from ?? 0)
        return start..<max(start, clamp(to ?? count))
    }
}

extension PathFunction {
    /// The function's value; nil where it has none for this argument.
    func value(of argument: JSON) -> JSON? {
        switch self {
        case .length, .size:
            switch argument {
            case .array(let elements): return .integer(Int64(elements.count))
            case .object(let object): return .integer(Int64(object.count))
            case .string(let text): return .integer(Int64(text.utf16.count))
            default: return nil
            }
        case .keys: return argument.objectValue.map { .array($0.keys.map(JSON.string)) }
        case .first: return argument.arrayValue?.first
        case .last: return argument.arrayValue?.last
        case .min, .max, .avg, .sum, .stddev:
            let numbers = (argument.arrayValue ?? []).compactMap(\.doubleValue)
            guard !numbers.isEmpty else { return nil }
            return JSON.double(aggregate(numbers))
        }
    }

    private func aggregate(_ numbers: [Double]) -> Double {
        let sum = numbers.reduce(0, +)
        let mean = sum / Double(numbers.count)
        switch self {
        case .min: return numbers.min() ?? 0
        case .max: return numbers.max() ?? 0
        case .sum: return sum
        case .stddev: return (numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(numbers.count)).squareRoot()
        default: return mean
        }
    }
}

extension JSON {
    /// The values directly below this one.
    fileprivate var children: [JSON] {
        switch self {
        case .array(let elements): elements
        case .object(let object): object.values
        default: []
        }
    }

    /// How the service's own JSONPath library calls the value's kind.
    fileprivate var javaClassName: String {
        switch self {
        case .null: "null"
        case .bool: "com.fasterxml.jackson.databind.node.BooleanNode"
        case .integer: "com.fasterxml.jackson.databind.node.IntNode"
        case .number: "com.fasterxml.jackson.databind.node.DoubleNode"
        case .string: "com.fasterxml.jackson.databind.node.TextNode"
        case .array: "com.fasterxml.jackson.databind.node.ArrayNode"
        case .object: "com.fasterxml.jackson.databind.node.ObjectNode"
        }
    }
}
