/// What the parser read, before paths and ancestors are worked out.
final class Syntax {
    /// A key and its value in an object, or what orders a sequence.
    typealias Pair = (key: Syntax, value: Syntax)

    enum Kind {
        case literal(Literal)
        case name(String)
        case variable(String)
        case wildcard
        case descendants
        case parent
        case regex(RegexProgram)
        /// The `?` that stands for an argument still to come.
        case placeholder
        /// The end of the text where an operand should be.
        case end
        case negation(Syntax)
        case array([Syntax])
        case object([Pair])
        case binary(BinaryOperator, Syntax, Syntax)
        case step(Syntax, Syntax)
        case predicate(Syntax, Syntax)
        case grouping(Syntax, [Pair])
        case ordering(Syntax, [(isDescending: Bool, term: Syntax)])
        case binding(String, Syntax)
        case focus(Syntax, String)
        case index(Syntax, String)
        case application(Syntax, Syntax)
        case call(Syntax, [Syntax])
        case partial(Syntax, [Syntax])
        case lambda(parameters: [String], signature: Signature?, body: Syntax)
        case condition(Syntax, then: Syntax, otherwise: Syntax?)
        case block([Syntax])
        case transform(pattern: Syntax, update: Syntax, deletion: Syntax?)
    }

    let kind: Kind
    let position: Int
    /// Set by `[]` after it: one result stays an array.
    var keepsArray = false
    /// How many expressions lie inside each other here; bounded, so that later stages may recurse.
    let height: Int

    init(_ kind: Kind, at position: Int, height: Int) {
        self.kind = kind
        self.position = position
        self.height = height
    }
}

/// An operator between two values.
enum BinaryOperator: String, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case remainder = "%"
    case equal = "="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case concatenate = "&"
    case range = ".."
    case and = "and"
    case or = "or"
    case includedIn = "in"
}
