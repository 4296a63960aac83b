/// Copies values into new objects that nothing else refers to.
struct Cloner {
    let evaluator: Evaluator
    /// Whether the copy is one by way of JSON text: with numbers as it has them, and nothing that it cannot express.
    var asText = false

    func copy(of value: Value) throws(Failure) -> Value {
        switch value {
        case .object(let object): return try copy(of: object)
        case .array(let array): return try copy(of: array)
        case .tuples(let tuples): return try copy(of: ArrayValue(tuples.map(\.value)))
        case .number(let number) where asText:
            return number.isFinite ? .number(NumberText.rounded(number)) : .null
        case .function where asText: return .string("")
        case .undefined where asText: return .null
        default: return value
        }
    }

    private func copy(of object: ObjectValue) throws(Failure) -> Value {
        try evaluator.enterValue()
        defer { evaluator.leaveValue() }
        let node = ObjectNode()
        for (position, key) in object.keys.enumerated() {
            try evaluator.spend(1)
            let value = object.value(at: position)
            if asText, value.isUndefined { continue }
            node.append(key, try copy(of: value))
        }
        return .object(.node(node))
    }

    private func copy(of array: ArrayValue) throws(Failure) -> Value {
        try evaluator.enterValue()
        defer { evaluator.leaveValue() }
        try evaluator.spend(array.count)
        var elements: [Value] = []
        elements.reserveCapacity(array.count)
        for index in 0..<array.count { elements.append(try copy(of: array[index])) }
        return .array(ArrayValue(elements))
    }
}
