import JSONTree

extension Evaluator {
    /// The member of an object, or those of all objects of an array.
    func lookup(_ key: String, in value: Value) throws(Failure) -> Value {
        switch value {
        case .object(let object): return object[key]
        case .array(let array):
            try enterValue()
            defer { leaveValue() }
            var found: [Value] = []
            for index in 0..<array.count {
                let result = try lookup(key, in: array[index])
                try spend(1)
                switch result {
                case .undefined: break
                case .array(let inner):
                    try allocate(elements: inner.count, total: found.count + inner.count)
                    found += inner.elements
                default: found.append(result)
                }
            }
            return .sequence(found)
        default: return .undefined
        }
    }

    /// The values of all members, with arrays flattened.
    @inline(never)
    func evaluateWildcard(_ input: Value) throws(Failure) -> Value {
        var input = input
        if case .array(let array) = input, array.marks.contains(.wrapsInput), !array.isEmpty { input = array[0] }
        let members: [Value]
        switch input {
        case .object(let object): members = object.members.map(\.value)
        case .array(let array): members = array.elements
        default: return .undefined
        }
        var results: [Value] = []
        // Appending an array makes the result one that is not unwrapped, as in the reference implementation.
        var marks: ArrayValue.Marks = .sequence
        for member in members {
            if case .array = member {
                try flatten(member, into: &results)
                marks = []
            } else {
                results.append(member)
            }
        }
        try spend(results.count)
        return .array(ArrayValue(results, marks))
    }

    private func flatten(_ value: Value, into results: inout [Value]) throws(Failure) {
        guard case .array(let array) = value else { return results.append(value) }
        try enterValue()
        defer { leaveValue() }
        for index in 0..<array.count {
            try spend(1)
            try flatten(array[index], into: &results)
        }
    }

    /// The value and everything inside it, but arrays themselves.
    @inline(never)
    func evaluateDescendants(_ input: Value) throws(Failure) -> Value {
        if input.isUndefined { return .undefined }
        var results: [Value] = []
        try descend(input, into: &results)
        return results.count == 1 ? results[0] : .sequence(results)
    }

    private func descend(_ value: Value, into results: inout [Value]) throws(Failure) {
        try enterValue()
        defer { leaveValue() }
        switch value {
        case .array(let array):
            for index in 0..<array.count { try descend(array[index], into: &results) }
        case .object(let object):
            results.append(value)
            for position in 0..<object.count { try descend(object.value(at: position), into: &results) }
        default: results.append(value)
        }
    }
}
