import JSONTree

extension Evaluator {
    /// Whether two values are the same all the way down; the order of members does not matter.
    func isEqual(_ left: Value, _ right: Value) throws(Failure) -> Bool {
        switch (left, right) {
        case (.null, .null), (.undefined, .undefined): return true
        case (.bool(let left), .bool(let right)): return left == right
        case (.wideInteger(let left), .wideInteger(let right)): return left == right
        case (.string(let left), .string(let right)): return left.isSame(as: right)
        case (.array(let left), .array(let right)): return try isEqual(left, right)
        case (.object(let left), .object(let right)): return try isEqual(left, right)
        case (.function(let left), .function(let right)): return left.isIdentical(to: right)
        default:
            guard let left = left.number, let right = right.number else { return false }
            return left == right
        }
    }

    /// Feeds what equal values have in common.
    func hash(_ value: Value, into hasher: inout Hasher) throws(Failure) {
        switch value {
        case .undefined, .null, .function, .tuples: break
        case .bool(let value): hasher.combine(value)
        case .string(let text): for byte in text.utf8 { hasher.combine(byte) }
        case .number, .wideInteger: hasher.combine(value.number)
        case .array(let array):
            try enterValue()
            defer { leaveValue() }
            for index in 0..<array.count {
                try spend(1)
                try hash(array[index], into: &hasher)
            }
        case .object(let object):
            try enterValue()
            defer { leaveValue() }
            // The order of members does not matter.
            var sum = 0
            for (key, value) in object.members {
                try spend(1)
                var member = Hasher()
                for byte in key.utf8 { member.combine(byte) }
                try hash(value, into: &member)
                sum &+= member.finalize()
            }
            hasher.combine(sum)
        }
    }

    /// Whether two values are one, as `in` asks: what the evaluation built is only the same as itself.
    func isIdentical(_ left: Value, _ right: Value) throws(Failure) -> Bool {
        switch (left, right) {
        case (.object(.node(let left)), .object(.node(let right))): left === right
        case (.object(.node), _), (_, .object(.node)): false
        case (.array(let first), .array(let second)) where first.asJSON == nil || second.asJSON == nil: false
        default: try isEqual(left, right)
        }
    }

    private func isEqual(_ left: ArrayValue, _ right: ArrayValue) throws(Failure) -> Bool {
        guard left.count == right.count else { return false }
        try enterValue()
        defer { leaveValue() }
        for index in 0..<left.count {
            try spend(1)
            guard try isEqual(left[index], right[index]) else { return false }
        }
        return true
    }

    private func isEqual(_ left: ObjectValue, _ right: ObjectValue) throws(Failure) -> Bool {
        guard left.count == right.count else { return false }
        try enterValue()
        defer { leaveValue() }
        for (position, key) in left.keys.enumerated() {
            try spend(1)
            let counterpart = right[key]
            guard !counterpart.isUndefined || right.keys.contains(where: key.isSame(as:)) else { return false }
            guard try isEqual(left.value(at: position), counterpart) else { return false }
        }
        return true
    }
}

extension FunctionValue {
    fileprivate func isIdentical(to other: FunctionValue) -> Bool {
        switch (self, other) {
        case (.builtin(let left), .builtin(let right)): left === right
        case (.lambda(let left), .lambda(let right)): left === right
        case (.partial(let left), .partial(let right)): left === right
        case (.composition(let left), .composition(let right)): left === right
        case (.transform(let left), .transform(let right)): left === right
        default: false
        }
    }
}

extension String {
    /// The order of two strings by their UTF-16 code units: negative, zero or positive.
    func utf16Order(_ other: String) -> Int {
        var left = utf8.makeIterator()
        var right = other.utf8.makeIterator()
        while true {
            switch (left.next(), right.next()) {
            case (nil, nil): return 0
            case (nil, _): return -1
            case (_, nil): return 1
            case (let first?, let second?) where first != second:
                return first.utf16Rank < second.utf16Rank ? -1 : 1
            default: break
            }
        }
    }
}

extension UInt8 {
    /// The rank of a byte of UTF-8 that makes its order that of UTF-16: scalars beyond U+FFFF, which are written as
    /// surrogates, come before U+E000 to U+FFFF.
    fileprivate var utf16Rank: Int {
        self >= 0xF0 ? 2 * 0xED + 1 : 2 * Int(self)
    }
}
