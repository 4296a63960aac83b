extension Evaluator {
    /// Evaluates the steps of a path from the first one that binds variables.
    @inline(never)
    func evaluateTuplePath(
        _ path: Path,
        from first: Int,
        _ items: ArrayValue,
        _ frame: Frame
    ) throws(Failure) -> Value {
        try allocate(elements: items.count)
        var tuples: [Tuple]
        let step = path.steps[first]
        if first == 0, step.isConstructor {
            tuples = try evaluate(step.node, .array(items), frame).asElements.elements.map(Tuple.init)
        } else if case .sort(let terms) = step.node.kind {
            tuples = try sort(items, by: terms, step.node.position, frame).elements.map(Tuple.init)
            if let index = step.index { number(&tuples, index) }
            try apply(step.stages, to: &tuples, frame)
        } else {
            tuples = try evaluateTupleStep(step, items.elements.map(Tuple.init), frame)
        }
        for step in path.steps[(first + 1)...] {
            tuples = try evaluateTupleStep(step, tuples, frame)
        }
        if path.isTuple, path.group == nil { return .tuples(tuples) }
        if let group = path.group { return try evaluateGroup(group.pairs, group.position, .tuples(tuples), frame) }
        let marks: ArrayValue.Marks = path.keepsSingleton ? [.sequence, .keepsSingleton] : .sequence
        return .array(ArrayValue(tuples.map(\.value), marks))
    }

    private func evaluateTupleStep(_ step: Step, _ tuples: [Tuple], _ frame: Frame) throws(Failure) -> [Tuple] {
        var results: [Tuple] = []
        if case .sort(let terms) = step.node.kind {
            results = try sort(tuples, by: terms, step.node.position, frame)
        } else {
            for tuple in tuples {
                let value = try evaluate(step.node, tuple.value, Frame(parent: frame, tuple: tuple))
                let count = results.count
                try extend(tuple, with: value, step, into: &results)
                try allocate(elements: results.count - count, total: results.count)
            }
        }
        try apply(step.stages, to: &results, frame)
        return results
    }

    /// Makes a tuple of every result of a step, with what the tuple before it carried.
    private func extend(
        _ tuple: Tuple,
        with value: Value,
        _ step: Step,
        into results: inout [Tuple]
    ) throws(Failure) {
        if value.isUndefined { return }
        if case .tuples(let inner) = value {
            for other in inner {
                var result = tuple
                result.merge(other)
                results.append(result)
            }
            return
        }
        let array = value.asElements
        for index in 0..<array.count {
            var result = tuple
            if let focus = step.focus {
                result.bind(focus, array[index])
            } else {
                result.value = array[index]
            }
            if let name = step.index { result.bind(name, .number(Double(index))) }
            if let label = step.ancestor { result.bind(label, tuple.value) }
            results.append(result)
        }
    }

    private func apply(_ stages: [Step.Stage], to tuples: inout [Tuple], _ frame: Frame) throws(Failure) {
        for stage in stages {
            switch stage {
            case .filter(let filter): tuples = try self.filter(tuples, by: filter, frame)
            case .index(let name): number(&tuples, name)
            }
        }
    }

    private func number(_ tuples: inout [Tuple], _ name: String) {
        for index in tuples.indices {
            tuples[index].bind(name, .number(Double(index)))
        }
    }
}
