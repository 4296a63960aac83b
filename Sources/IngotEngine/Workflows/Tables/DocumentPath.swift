/// A place in an item: an attribute, or something inside it.
struct DocumentPath: Sendable, Hashable {
    enum Step: Sendable, Hashable {
        case member(ByteText)
        case index(Int)
    }

    let attribute: ByteText
    let steps: [Step]

    /// What is there; `nil` where nothing is.
    func value(in item: Attributes) -> AttributeValue? {
        steps.reduce(item[attribute]) { value, step in
            switch (value, step) {
            case (.map(let members), .member(let name)): members[name]
            case (.list(let values), .index(let index)): values.indices.contains(index) ? values[index] : nil
            default: nil
            }
        }
    }

    /// Puts a value there, or removes what is there for `nil`; everything around it has to exist.
    func set(_ value: AttributeValue?, in item: inout Attributes) throws {
        item[attribute] = try Self.replaced(item[attribute], steps[...], value)
    }

    /// Refuses a path whose last step leads into something that is not there, or is no map or list; what it leads to may be
    /// missing.
    func checkSurroundings(in item: Attributes) throws {
        guard let last = steps.last else { return }
        switch (DocumentPath(attribute: attribute, steps: steps.dropLast()).value(in: item), last) {
        case (.map, .member), (.list, .index): return
        default: throw Self.invalid
        }
    }

    private static let invalid = TableFailure.validation(
        "The document path provided in the update expression is invalid for update"
    )

    /// Whether one of the two places holds the other.
    func overlaps(_ other: DocumentPath) -> Bool {
        attribute == other.attribute && zip(steps, other.steps).allSatisfy { $0 == $1 }
    }

    private static func replaced(
        _ old: AttributeValue?,
        _ steps: ArraySlice<Step>,
        _ value: AttributeValue?
    ) throws -> AttributeValue? {
        guard let step = steps.first else { return value }
        let rest = steps.dropFirst()
        switch (old, step) {
        case (.map(var members), .member(let name)):
            if !rest.isEmpty, members[name] == nil { break }
            members[name] = try replaced(members[name], rest, value)
            return .map(members)
        case (.list(var values), .index(let index)):
            guard values.indices.contains(index) else {
                guard rest.isEmpty else { break }
                // Beyond the end of a list values are added, and nothing is removed.
                return .list(values + [value].compactMap(\.self))
            }
            if let new = try replaced(values[index], rest, value) {
                values[index] = new
            } else {
                values.remove(at: index)
            }
            return .list(values)
        default: break
        }
        throw invalid
    }
}

extension DocumentPath: CustomStringConvertible {
    /// The path as the service shows it: `[orders, [0], id]`.
    var description: String {
        let steps = steps.map { step in
            switch step {
            case .member(let name): name.text
            case .index(let index): "[\(index)]"
            }
        }
        return "[\(([attribute.text] + steps).joined(separator: ", "))]"
    }
}
