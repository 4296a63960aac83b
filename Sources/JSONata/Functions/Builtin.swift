/// A function of the library.
final class Builtin: Sendable {
    typealias Body = @Sendable (Invocation) throws(Failure) -> Value

    let name: String
    let signature: Signature
    /// How many arguments a caller of a higher-order function passes to it at most.
    let arity: Int
    let body: Body

    init(_ name: String, _ signature: String, arity: Int, _ body: @escaping Body) {
        self.name = name
        self.signature = Signature(wellFormed: signature)
        self.arity = arity
        self.body = body
    }
}

/// One call of a function of the library.
struct Invocation {
    let evaluator: Evaluator
    var arguments: [Value]
    let input: Value
    let frame: Frame

    subscript(index: Int) -> Value {
        index < arguments.count ? arguments[index] : .undefined
    }
}

/// The functions that an expression may call.
struct Library: Sendable {
    private let functions: [String: Builtin]

    subscript(name: String) -> Builtin? {
        functions[name]
    }

    static func of(_ dialect: JSONataDialect) -> Library {
        switch dialect.kind {
        case .standard: standard
        case .statesLanguage: statesLanguage
        }
    }

    private init(_ functions: [[Builtin]]) {
        let pairs = functions.joined().map { ($0.name, $0) }
        self.functions = Dictionary(pairs, uniquingKeysWith: { _, last in last })
    }

    private static let common: [[Builtin]] = [
        NumberFunctions.all, TextFunctions.all, MatchFunctions.all, EncodingFunctions.all, ArrayFunctions.all,
        ObjectFunctions.all, HigherOrderFunctions.all, DateFunctions.all, GeneralFunctions.all,
    ]

    private static let standard = Library(common + [[GeneralFunctions.eval]])
    private static let statesLanguage = Library(common + [StatesFunctions.all])
}
