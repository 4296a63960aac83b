/// A function as a value.
enum FunctionValue {
    case builtin(Builtin)
    case lambda(Closure)
    /// A regular expression, which is a function from a string to its first match.
    case regex(RegexProgram, position: Int)
    /// The function that looks for the match after one.
    case nextMatch(NextMatch)
    case partial(PartialApplication)
    case composition(Composition)
    case transform(TransformClosure)

    /// How many arguments a caller of a higher-order function passes to it at most.
    var arity: Int {
        switch self {
        case .builtin(let builtin): builtin.arity
        case .lambda(let closure): closure.lambda.parameters.count
        case .regex: 2
        case .nextMatch: 0
        case .partial(let partial): partial.openCount
        case .composition, .transform: 1
        }
    }
}

/// A lambda with the place in which it was written.
final class Closure {
    let lambda: Lambda
    let input: Value
    let frame: Frame

    init(lambda: Lambda, input: Value, frame: Frame) {
        self.lambda = lambda
        self.input = input
        self.frame = frame
    }
}

/// A function of which some arguments are given.
final class PartialApplication {
    let function: FunctionValue
    /// The arguments; `nil` is one still to come.
    let arguments: [Value?]

    init(function: FunctionValue, arguments: [Value?]) {
        self.function = function
        self.arguments = arguments
    }

    var openCount: Int {
        arguments.count { $0 == nil }
    }
}

/// Two functions of which the second takes the result of the first.
final class Composition {
    let first: FunctionValue
    let second: FunctionValue

    init(first: FunctionValue, second: FunctionValue) {
        self.first = first
        self.second = second
    }
}

/// A transform operator with the place in which it was written.
final class TransformClosure {
    let transform: Transform
    let frame: Frame
    let position: Int

    init(transform: Transform, frame: Frame, position: Int) {
        self.transform = transform
        self.frame = frame
        self.position = position
    }
}

/// Where the search for the next match of a regular expression goes on.
final class NextMatch {
    let program: RegexProgram
    let subject: RegexSubject
    let offset: Int
    let position: Int

    init(program: RegexProgram, subject: RegexSubject, offset: Int, position: Int) {
        self.program = program
        self.subject = subject
        self.offset = offset
        self.position = position
    }
}
