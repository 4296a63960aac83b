import JSONTree

/// How values become JSON.
struct JSONForm {
    var elementCountMax = Int.max
    /// Whether an infinity is the text `Infinity`, and not null.
    var namesInfinity = false
}

extension Value {
    /// The value as a result of the whole expression: a function is none.
    func withoutFunctions() throws(Failure) -> Value {
        if case .function = self { throw Failure("U1002") }
        return self
    }

    /// The value as JSON; `nil` for undefined.
    ///
    /// Functions inside objects are left out and inside arrays are null, as JavaScript writes them. Numbers that are not
    /// finite are their names where the dialect has it so.
    func result(elementCountMax: Int, namesInfinity: Bool) throws(Failure) -> JSON? {
        if isUndefined { return nil }
        if !namesInfinity, let number, !number.isFinite { throw Failure("D1001", inserts: ["value": .null]) }
        let form = JSONForm(elementCountMax: elementCountMax, namesInfinity: namesInfinity)
        return try json(depthMax: 2 * Evaluator.heightMax, form)
    }

    /// The value as JSON, unless it is deeper than wanted; what JSON cannot express becomes null.
    func json(depthMax: Int, _ form: JSONForm = JSONForm()) throws(Failure) -> JSON {
        guard depthMax >= 0 else { throw Failure("U1001", message: ErrorCatalogue.height) }
        switch self {
        case .undefined, .null, .function: return .null
        case .bool(let value): return .bool(value)
        case .number(let value):
            guard form.namesInfinity, !value.isFinite else { return NumberText.json(value) }
            return .string(value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity")
        case .wideInteger(let value): return .integer(value)
        case .string(let value): return .string(value)
        case .object(.json(let json)): return json
        case .object(.node(let node)): return .object(try node.json(depthMax: depthMax, form))
        case .tuples(let tuples):
            return try Value(tuples.map(\.value)).json(depthMax: depthMax, form)
        case .array(let array):
            if let elements = array.asJSON { return .array(elements) }
            guard array.count <= form.elementCountMax else { throw Failure("U1001", message: ErrorCatalogue.size) }
            var elements: [JSON] = []
            elements.reserveCapacity(array.count)
            for index in 0..<array.count {
                elements.append(try array[index].json(depthMax: depthMax - 1, form))
            }
            return .array(elements)
        }
    }
}

extension ObjectNode {
    fileprivate func json(depthMax: Int, _ form: JSONForm) throws(Failure) -> JSONObject {
        var object = JSONObject()
        for (key, value) in zip(keys, values) {
            switch value {
            case .undefined, .function: break
            default: object[key] = try value.json(depthMax: depthMax - 1, form)
            }
        }
        return object
    }
}
