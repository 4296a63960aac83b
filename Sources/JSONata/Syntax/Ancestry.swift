import JSONTree

/// Finds, for every use of `%`, the step whose context it means.
enum Ancestry {
    /// Finds the steps of a path for the uses of `%` in its last one; what goes beyond its start is left to the
    /// expression around it.
    static func resolve(_ path: Draft) throws(Failure) {
        guard let steps = path.steps, let last = steps.last else { return }
        var slots = last.seeking ?? []
        if case .parent(let slot) = last.kind { slots.append(slot) }
        for slot in slots {
            var index = steps.count - 2
            while slot.level > 0 {
                guard index >= 0 else {
                    path.seeking = (path.seeking ?? []) + [slot]
                    break
                }
                var step = steps[index]
                index -= 1
                // Steps that bind their results to variables leave the context where it was.
                while index >= 0, step.focus != nil, steps[index].focus != nil {
                    step = steps[index]
                    index -= 1
                }
                try seek(slot, in: step)
            }
        }
    }

    /// Goes back over one step, and marks it if it is the one that a `%` means.
    static func seek(_ slot: AncestorSlot, in step: Draft) throws(Failure) {
        switch step.kind {
        case .name, .wildcard:
            slot.level -= 1
            guard slot.level == 0 else { return }
            // Several uses of `%` may mean one step: they share its label.
            if let known = step.ancestor { slot.label = known.label }
            step.ancestor = slot
            step.isTuple = true
        case .parent:
            slot.level += 1
        case .block(let expressions):
            guard let last = expressions.last else { return }
            step.isTuple = true
            try seek(slot, in: last)
        case .path(let steps):
            step.isTuple = true
            var index = steps.count - 1
            repeat {
                try seek(slot, in: steps[index])
                index -= 1
            } while slot.level > 0 && index >= 0
        default:
            throw Failure("S0217", position: step.position, token: .string(step.typeName))
        }
    }
}
