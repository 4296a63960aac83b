import JSONTree

/// The condition of a choice rule.
indirect enum ChoiceCondition: Sendable {
    case and([ChoiceCondition])
    case or([ChoiceCondition])
    case not(ChoiceCondition)
    case test(Path, ChoiceTest)
    case query(Query, field: String)
}

/// What a choice rule asks about its variable.
enum ChoiceTest: Sendable {
    case comparison(Domain, Relation, Operand)
    case matches(Wildcard)
    case isPresent(Bool)
    case isType(TypeTest, Bool)

    /// The types whose values are compared; values of other types make a comparison false.
    enum Domain: String, Sendable, CaseIterable {
        case string = "String"
        case numeric = "Numeric"
        case boolean = "Boolean"
        case timestamp = "Timestamp"
    }

    enum Relation: String, Sendable, CaseIterable {
        case equals = "Equals"
        case lessThan = "LessThan"
        case lessThanEquals = "LessThanEquals"
        case greaterThan = "GreaterThan"
        case greaterThanEquals = "GreaterThanEquals"
    }

    enum Operand: Sendable {
        case literal(JSON)
        case path(Path)
    }

    enum TypeTest: String, Sendable, CaseIterable {
        case isNull = "IsNull"
        case isNumeric = "IsNumeric"
        case isString = "IsString"
        case isBoolean = "IsBoolean"
        case isTimestamp = "IsTimestamp"
    }

    /// A text in which `*` stands for any characters, and `\` takes the meaning of what follows it.
    struct Wildcard: Sendable, Hashable {
        /// The texts between the asterisks.
        let parts: [[Unicode.Scalar]]

        init(_ pattern: String) {
            var parts: [[Unicode.Scalar]] = [[]]
            var scalars = pattern.unicodeScalars.makeIterator()
            while let scalar = scalars.next() {
                switch scalar {
                case "*": parts.append([])
                case "\\": parts[parts.count - 1].append(scalars.next() ?? "\\")
                default: parts[parts.count - 1].append(scalar)
                }
            }
            self.parts = parts
        }

        /// Whether a text has the pattern; every part takes the first place it fits, so no search is repeated.
        func matches(_ text: String) -> Bool {
            let scalars = Array(text.unicodeScalars)
            guard parts.count > 1 else { return scalars == parts[0] }
            guard scalars.starts(with: parts[0]) else { return false }
            var position = parts[0].count
            for part in parts[1..<parts.count - 1] {
                guard let found = Self.find(part, in: scalars, from: position) else { return false }
                position = found + part.count
            }
            let last = parts[parts.count - 1]
            return scalars.count - last.count >= position && scalars.suffix(last.count).elementsEqual(last)
        }

        private static func find(_ part: [Unicode.Scalar], in text: [Unicode.Scalar], from start: Int) -> Int? {
            guard start + part.count <= text.count else { return nil }
            return (start...text.count - part.count).first { text[$0..<$0 + part.count].elementsEqual(part) }
        }
    }
}
