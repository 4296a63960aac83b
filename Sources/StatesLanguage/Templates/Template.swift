import JSONTree

/// A value of a definition in which parts are computed: payload templates, arguments, outputs, assignments.
indirect enum Template: Sendable {
    /// A value without computed parts.
    case constant(JSON)
    case object([(key: String, value: Template)])
    case array([Template])
    /// A path of a field whose key ends in `.$`.
    case path(Path, field: String)
    /// A call of an intrinsic function.
    case intrinsic(Intrinsic)
    /// A JSONata expression.
    case query(Query, field: String)
}

extension Template {
    /// The value in a scope.
    func value(in scope: QueryScope) throws(StateError) -> JSON {
        switch self {
        case .constant(let value): return value
        case .object(let members):
            var object = JSONObject()
            for (key, template) in members { object[key] = try template.value(in: scope) }
            return .object(object)
        case .array(let elements):
            var values: [JSON] = []
            values.reserveCapacity(elements.count)
            for element in elements { values.append(try element.value(in: scope)) }
            return .array(values)
        case .path(let path, let field): return try Self.value(of: path, field: field, in: scope)
        case .intrinsic(let call): return try call.value(in: scope)
        case .query(let query, let field): return try query.value(in: scope, field: field)
        }
    }

    /// The value of a path for a field, with the service's words where there is none.
    static func value(of path: Path, field: String, in scope: QueryScope) throws(StateError) -> JSON {
        do throws(PathFailure) {
            return try scope.value(of: path)
        } catch {
            let input = scope.document(of: path).text()
            throw .runtime(
                "The JSONPath '\(path.text)' specified for the field '\(field)' could not be found in the input "
                    + "'\(input)'"
            )
        }
    }

    /// Whether the template is the same value every time.
    var constant: JSON? {
        guard case .constant(let value) = self else { return nil }
        return value
    }

    /// An object of these members, or a constant if all of them are.
    static func folded(_ members: [(key: String, value: Template)]) -> Template {
        let constants = members.compactMap { member in member.value.constant.map { (member.key, $0) } }
        return constants.count == members.count ? .constant(.object(JSONObject(constants))) : .object(members)
    }

    /// An array of these elements, or a constant if all of them are.
    static func folded(_ elements: [Template]) -> Template {
        let constants = elements.compactMap(\.constant)
        return constants.count == elements.count ? .constant(.array(constants)) : .array(elements)
    }
}
