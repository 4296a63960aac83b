import JSONTree

extension Path {
    /// The value of the path in a document.
    ///
    /// - Throws: ``PathFailure`` where a definite path leads nowhere. A path that is not definite answers an array of what
    ///   it found, which may be nothing.
    func value(in document: JSON) throws(PathFailure) -> JSON {
        if isDefinite, !steps.isEmpty { return try definiteValue(in: document) }
        guard !steps.isEmpty else { return document }
        let walk = PathWalk(document: document)
        var found: [JSON] = []
        try walk.visit(steps[...], of: document, isDefinite: true, place: { "$" }) { found.append($0) }
        return .array(found)
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

    init(document: JSON) {
        self.document = document
    }

    /// The value of a path inside a filter; nil where it leads nowhere.
    func filterValue(_ steps: [Path.Step], of start: JSON, isDefinite: Bool) throws(PathFailure) -> JSON? {
        var found: [JSON] = []
        do throws(PathFailure) {
            try visit(steps[...], of: start, isDefinite: true, place: { "$" }) { found.append($0) }
        } catch {
            guard error != .tooCostly else { throw error }
            return nil
        }
        return isDefinite ? found.first : .array(found)
    }

    /// Walks down and hands out every value at the end of the steps.
    func visit(
        _ steps: ArraySlice<Path.Step>,
        of value: JSON,
        isDefinite: Bool,
        place: () -> String,
        found: (JSON) -> Void
    ) throws(PathFailure) {
        visitsLeft -= 1
        guard visitsLeft > 0 else { throw .tooCostly }
        guard let step = steps.first else { return found(value) }
        let rest = steps.dropFirst()
        let next = { (child: JSON) throws(PathFailure) in
            try self.visit(rest, of: child, isDefinite: isDefinite && step.isDefinite, place: place, found: found)
        }
        switch step {
        case .member(let name):
            if let child = value.objectValue?[name] {
                try next(child)
            } else if isDefinite {
                throw .notFound(detail: "Missing property in path \(place())['\(name)']")
            }
        case .members(let names):
            guard let object = value.objectValue else { return }
            let present = names.compactMap { name in object[name].map { (name, $0) } }
            // As the last step, several names select a part of the object; before other steps, one value each.
            if rest.isEmpty { return found(.object(JSONObject(present))) }
            for (_, child) in present { try next(child) }
        case .index(let index): try visit(indices: [index], of: value, isDefinite, next)
        case .indices(let indices): try visit(indices: indices, of: value, isDefinite, next)
        case .slice(let from, let to):
            guard let elements = value.arrayValue else { return }
            for element in elements[Self.bounds(from, to, elements.count)] { try next(element) }
        case .wildcard:
            for child in value.children { try next(child) }
        case .filter(let filter): try visit(filter, of: value, isDefinite, next)
        case .descendants: try visitDescendants(rest, of: value, found)
        case .function(let function):
            if let result = function.value(of: value) { try next(result) }
        }
    }

    private func visit(
        indices: [Int],
        of value: JSON,
        _ isDefinite: Bool,
        _ next: (JSON) throws(PathFailure) -> Void
    ) throws(PathFailure) {
        guard let elements = value.arrayValue else {
            guard isDefinite else { return }
            throw .notFound(
                detail: "Filter: [\(indices.map(String.init).joined(separator: ","))] can only be applied to arrays. "
                    + "Current context is: \(value.text())"
            )
        }
        for index in indices {
            let effective = index < 0 ? elements.count + index : index
            if elements.indices.contains(effective) { try next(elements[effective]) }
        }
    }

    private func visit(
        _ filter: PathFilter,
        of value: JSON,
        _ isDefinite: Bool,
        _ next: (JSON) throws(PathFailure) -> Void
    ) throws(PathFailure) {
        switch value {
        case .object: if try filter.accepts(value, in: self) { try next(value) }
        case .array(let elements):
            for element in elements where try filter.accepts(element, in: self) { try next(element) }
        default:
            guard isDefinite else { return }
            throw .invalid(detail: "Filter: [?] can not be applied to primitives. Current context is: \(value.text())")
        }
    }

    /// Applies the steps to the value itself and to everything below it, parents first.
    private func visitDescendants(
        _ steps: ArraySlice<Path.Step>,
        of value: JSON,
        _ found: (JSON) -> Void
    ) throws(PathFailure) {
        visitsLeft -= 1
        guard visitsLeft > 0 else { throw .tooCostly }
        let startsWithFilter = if case .filter = steps.first { true } else { false }
        // A filter judges every value below by itself; over an array it would judge the elements a second time.
        if !(startsWithFilter && value.arrayValue != nil) {
            try visit(steps, of: value, isDefinite: false, place: { "$" }, found: found)
        }
        for child in value.children { try visitDescendants(steps, of: child, found) }
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
