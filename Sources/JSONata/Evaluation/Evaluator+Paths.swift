import JSONTree

extension Evaluator {
    @inline(never)
    func evaluatePath(_ path: Path, _ input: Value, _ frame: Frame) throws(Failure) -> Value {
        // What is an array goes in item by item; a variable does not depend on the items.
        var items: ArrayValue
        var first = 0
        if case .array(let array) = input, !path.startsWithVariable {
            items = array
        } else {
            let (value, done) = try followNames(path, input, frame)
            if done > 0, value.isUndefined { return try finish(ArrayValue([], .sequence), path, frame) }
            guard done < path.steps.count else { return try finish(value, path, frame) }
            items = done == 0 ? ArrayValue([input], .sequence) : value.asElements
            first = done
        }
        for index in first..<path.steps.count {
            let step = path.steps[index]
            if step.isTuple { return try evaluateTuplePath(path, from: index, items, frame) }
            if index == 0, step.isConstructor {
                let result = try evaluate(step.node, .array(items), frame)
                guard !result.isUndefined else { return .undefined }
                items = result.asElements
            } else {
                items = try evaluateStep(step, items, frame, isLast: index == path.steps.count - 1)
            }
            if items.isEmpty { break }
        }
        return try finish(items, path, frame)
    }

    /// Follows the names at the beginning of a path as long as they lead from one object to the next.
    ///
    /// - Returns: The value, and how many steps led to it. An array is left to the general case unless it is the end.
    @inline(__always)
    private func followNames(_ path: Path, _ input: Value, _ frame: Frame) throws(Failure) -> (Value, Int) {
        var value = input
        var done = 0
        for step in path.steps {
            if let name = step.plainName {
                guard case .object(let object) = value else { break }
                try visit(at: step.node.position)
                value = object[name]
            } else {
                guard done == 0, path.startsWithVariable, step.stages.isEmpty, !step.isTuple else { break }
                value = try evaluate(step.node, input, frame)
            }
            done += 1
            if case .object = value { continue }
            break
        }
        guard done < path.steps.count else { return (value, done) }
        if case .array(let array) = value, array.marks.contains(.constructed) {
            return (Value([value]), done)
        }
        return (value, done)
    }

    /// The result of a path whose steps led from object to object, and so to a single value.
    private func finish(_ value: Value, _ path: Path, _ frame: Frame) throws(Failure) -> Value {
        guard case .array(let array) = value else {
            if !path.keepsSingleton, path.group == nil { return value }
            return try finish(value.asElements, path, frame)
        }
        return try finish(array.isSequence ? array.marked(.sequence) : array, path, frame)
    }

    private func finish(_ result: ArrayValue, _ path: Path, _ frame: Frame) throws(Failure) -> Value {
        var result = result
        if path.keepsSingleton {
            if result.marks.contains(.constructed), !result.isSequence {
                result = ArrayValue([.array(result)], .sequence)
            }
            result.marks.insert(.keepsSingleton)
        }
        guard let group = path.group else { return .array(result) }
        return try evaluateGroup(group.pairs, group.position, .array(result), frame)
    }

    /// Evaluates a step for every item and puts the results into one sequence.
    func evaluateStep(
        _ step: Step,
        _ items: ArrayValue,
        _ frame: Frame,
        isLast: Bool
    ) throws(Failure) -> ArrayValue {
        if case .sort(let terms) = step.node.kind {
            var result = try sort(items, by: terms, step.node.position, frame)
            for case .filter(let filter) in step.stages {
                result = try self.filter(.array(result), by: filter, frame).asElements
            }
            return result
        }
        if let reference = step.contextFunction, let builtin = reference.builtin, bindings[reference.name] == nil,
            items.count > 1
        {
            return try apply(builtin, of: step, toEach: items, frame)
        }
        if items.count == 1, isLast || step.constantFilterCount > 0 {
            let result = try evaluateOnly(step, items[0], frame)
            // The only result of the last step stays the array that it is.
            if isLast, case .array(let array) = result, !array.isSequence { return array }
            var collector = SequenceCollector()
            collector.append(result)
            return collector.sequence
        }
        return try collect(step, items, frame, isLast: isLast)
    }

    /// Applies a function to every item, as calls in the context of each would.
    private func apply(
        _ builtin: Builtin,
        of step: Step,
        toEach items: ArrayValue,
        _ frame: Frame
    ) throws(Failure) -> ArrayValue {
        var collector = SequenceCollector(reserving: items.count)
        let symbols = builtin.signature.parameters[0].symbols
        // One call for all items, so that nothing is allocated for each of them; the functions that look at their
        // input apart from their arguments are none of these.
        var call = Invocation(evaluator: self, arguments: [.undefined], input: .undefined, frame: frame)
        for index in 0..<items.count {
            let item = items[index]
            guard symbols.contains(item.symbol) else {
                // The general case knows what to say about a context that does not fit.
                collector.append(try evaluate(step, item, frame))
                continue
            }
            call.arguments[0] = item
            // The call, and the name of the function in it.
            try visit(levels: 2, at: step.node.position)
            do throws(Failure) {
                collector.append(try settle(try builtin.body(call), keepsArray: false))
            } catch {
                throw error.at(step.node.position, token: error.token ?? .string(builtin.name))
            }
        }
        return collector.sequence
    }

    private func collect(
        _ step: Step,
        _ items: ArrayValue,
        _ frame: Frame,
        isLast: Bool
    ) throws(Failure) -> ArrayValue {
        var collector = SequenceCollector()
        var resultCount = 0
        var onlyArray: ArrayValue?
        for index in 0..<items.count {
            let result = try evaluate(step, items[index], frame)
            if result.isUndefined { continue }
            resultCount += 1
            if case .array(let array) = result {
                try allocate(elements: array.count, total: collector.count + array.count)
                onlyArray = array
            }
            collector.append(result)
        }
        if isLast, resultCount == 1, let onlyArray, !onlyArray.isSequence { return onlyArray }
        return collector.sequence
    }

    @inline(__always)
    private func evaluate(_ step: Step, _ item: Value, _ frame: Frame) throws(Failure) -> Value {
        if let name = step.plainName, case .object(let object) = item {
            try visit(at: step.node.position)
            return object[name]
        }
        var result = try evaluate(step.node, item, frame)
        for case .filter(let filter) in step.stages {
            result = try self.filter(result, by: filter, frame)
        }
        return result
    }

    /// Evaluates a step whose input is a single item.
    private func evaluateOnly(_ step: Step, _ item: Value, _ frame: Frame) throws(Failure) -> Value {
        guard step.constantFilterCount > 0 else { return try evaluate(step, item, frame) }
        // The way here from the root is always the same, and so is what these filters leave.
        var result: Value
        if let known = constantResults[ObjectIdentifier(step)] {
            result = known
        } else {
            result = try evaluate(step.node, item, frame)
            for case .filter(let filter) in step.stages.prefix(step.constantFilterCount) {
                result = try self.filter(result, by: filter, frame)
            }
            constantResults[ObjectIdentifier(step)] = result
        }
        for case .filter(let filter) in step.stages.dropFirst(step.constantFilterCount) {
            result = try self.filter(result, by: filter, frame)
        }
        return result
    }
}

/// Puts the results of a step into one sequence: arrays are flattened into it by one level.
struct SequenceCollector {
    private var elements: [Value] = []
    private var isFlat = true

    init(reserving capacity: Int = 0) {
        elements.reserveCapacity(capacity)
    }

    var count: Int {
        elements.count
    }

    var sequence: ArrayValue {
        isFlat ? ArrayValue(flat: elements, .sequence) : ArrayValue(elements, .sequence)
    }

    mutating func append(_ result: Value) {
        switch result {
        case .undefined: return
        case .array(let array):
            isFlat = false
            if array.marks.contains(.constructed) {
                elements.append(result)
            } else {
                elements += array.elements
            }
            return
        case .object(.node): isFlat = false
        default: break
        }
        elements.append(result)
    }
}
