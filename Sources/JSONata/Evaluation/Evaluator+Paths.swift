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
            guard done < path.steps.count else {
                if case .array = value {
                } else if !path.keepsSingleton, path.group == nil {
                    return value
                }
                let result = value.asElements
                return try finish(result.isSequence ? result.marked(.sequence) : result, path, frame)
            }
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
                try enter(at: step.node.position)
                leave()
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
        if isLast, items.count == 1 {
            let result = try evaluate(step, items[0], frame)
            // The only result of the last step stays the array that it is.
            if case .array(let array) = result, !array.isSequence { return array }
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
        var collector = SequenceCollector()
        var arguments: [Value] = [.undefined]
        for index in 0..<items.count {
            arguments[0] = items[index]
            guard builtin.signature.parameters[0].symbols.contains(arguments[0].symbol) else {
                // The general case knows what to say about a context that does not fit.
                collector.append(try evaluate(step, arguments[0], frame))
                continue
            }
            try enter(at: step.node.position)
            defer { leave() }
            try enter(at: step.node.position)
            leave()
            do throws(Failure) {
                let call = Invocation(evaluator: self, arguments: arguments, input: arguments[0], frame: frame)
                let result = try builtin.body(call)
                collector.append(try settle(result, keepsArray: false))
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
                try allocate(collector.count + array.count)
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
            try enter(at: step.node.position)
            leave()
            return object[name]
        }
        var result = try evaluate(step.node, item, frame)
        for case .filter(let filter) in step.stages {
            result = try self.filter(result, by: filter, frame)
        }
        return result
    }

    /// Keeps the items for which a predicate holds, or those at the positions that it gives.
    func filter(_ value: Value, by predicate: Node, _ frame: Frame) throws(Failure) -> Value {
        if case .tuples(let tuples) = value { return .tuples(try filter(tuples, by: predicate, frame)) }
        let items = value.asElements
        if case .literal(.number(let number)) = predicate.kind {
            return item(at: number, of: items)
        }
        var kept: [Value] = []
        for index in 0..<items.count {
            let item = items[index]
            let result = try evaluate(predicate, item, frame)
            try repeatItem(item, by: result, index, items.count, into: &kept)
        }
        return .sequence(kept)
    }

    private func item(at number: Double, of items: ArrayValue) -> Value {
        var index = number.rounded(.down)
        if index < 0 { index += Double(items.count) }
        guard let position = Int(exactly: index), position >= 0, position < items.count else { return .sequence([]) }
        let item = items[position]
        switch item {
        case .undefined: return .sequence([])
        case .array: return item
        default: return .sequence([item])
        }
    }

    /// Takes an item over as often as the result of its predicate says.
    private func repeatItem(
        _ item: Value,
        by result: Value,
        _ index: Int,
        _ count: Int,
        into kept: inout [Value]
    ) throws(Failure) {
        if case .bool(let holds) = result {
            if holds { kept.append(item) }
        } else if let positions = try positions(result) {
            for position in positions where (position < 0 ? position + Double(count) : position) == Double(index) {
                kept.append(item)
            }
        } else if try result.isTrue() {
            kept.append(item)
        }
    }

    /// The positions that a predicate gives, rounded down; nothing where its result is no number or array of them.
    private func positions(_ result: Value) throws(Failure) -> [Double]? {
        if let number = try result.finiteNumber() { return [number.rounded(.down)] }
        guard case .array(let array) = result else { return nil }
        var positions: [Double] = []
        for index in 0..<array.count {
            guard let number = try array[index].finiteNumber() else { return nil }
            positions.append(number.rounded(.down))
        }
        try spend(positions.count)
        return positions
    }

    private func filter(_ tuples: [Tuple], by predicate: Node, _ frame: Frame) throws(Failure) -> [Tuple] {
        if case .literal(.number(let number)) = predicate.kind {
            let index = number.rounded(.down)
            guard let position = Int(exactly: index < 0 ? index + Double(tuples.count) : index),
                tuples.indices.contains(position)
            else { return [] }
            return [tuples[position]]
        }
        var kept: [Tuple] = []
        for (index, tuple) in tuples.enumerated() {
            let result = try evaluate(predicate, tuple.value, Frame(parent: frame, tuple: tuple))
            var times: [Value] = []
            try repeatItem(.null, by: result, index, tuples.count, into: &times)
            kept += times.map { _ in tuple }
        }
        return kept
    }

    func filterTuples(_ tuples: [Tuple], by predicate: Node, _ frame: Frame) throws(Failure) -> [Tuple] {
        try filter(tuples, by: predicate, frame)
    }
}

/// Puts the results of a step into one sequence: arrays are flattened into it by one level.
struct SequenceCollector {
    private var elements: [Value] = []

    var count: Int {
        elements.count
    }

    var sequence: ArrayValue {
        ArrayValue(elements, .sequence)
    }

    mutating func append(_ result: Value) {
        switch result {
        case .undefined: break
        case .array(let array) where !array.marks.contains(.constructed):
            elements += array.elements
        default: elements.append(result)
        }
    }
}
