/// One lexical unit of an expression.
struct Token {
    enum Kind: Equatable {
        /// A punctuation mark or one of the words `and`, `or` and `in`.
        case symbol(String)
        case name(String)
        case variable(String)
        case literal(Literal)
        case regex(pattern: [UInt16], flags: [UInt16])
        case end
    }

    let kind: Kind
    /// Where the token ends, as JSONata reports places.
    let position: Int

    /// Whether this is the symbol.
    func isSymbol(_ text: String) -> Bool {
        kind == .symbol(text)
    }
}

/// A value that is written out in an expression.
enum Literal: Equatable, Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)

    var value: Value {
        switch self {
        case .null: .null
        case .bool(let value): .bool(value)
        case .number(let value): .number(value)
        case .string(let value): .string(value)
        }
    }
}
