import JSONTree

extension Path {
    /// The document with a value put at this Reference Path, making objects on the way where there are none.
    ///
    /// - Throws: ``PathFailure`` where the path crosses a value that is no object, or an array too short for an index.
    func inserting(_ value: JSON, into document: JSON) throws(PathFailure) -> JSON {
        try Self.inserting(value, at: steps[...], into: document)
    }

    private static func inserting(
        _ value: JSON,
        at steps: ArraySlice<Step>,
        into document: JSON
    ) throws(PathFailure) -> JSON {
        guard let step = steps.first else { return value }
        switch (step, document) {
        case (.member(let name), .object(var object)):
            let below = object[name] ?? .object(JSONObject())
            object[name] = try inserting(value, at: steps.dropFirst(), into: below)
            return .object(object)
        case (.index(let index), .array(var elements)) where elements.indices.contains(index):
            elements[index] = try inserting(value, at: steps.dropFirst(), into: elements[index])
            return .array(elements)
        default:
            throw .invalid(detail: "Unable to apply ReferencePath to input")
        }
    }
}
