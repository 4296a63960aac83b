import JSONTree

/// The types of a function's parameters, as JSONata writes them: `<s-nn?:s>`.
struct Signature: Sendable {
    /// The letter by which signatures know a type; `m` stands for undefined.
    enum Symbol: UInt16, Sendable, CaseIterable {
        case string
        case number
        case boolean
        case null
        case array
        case object
        case function
        case missing

        init?(_ letter: Character) {
            guard let symbol = Symbol.allCases.first(where: { $0.letter == letter }) else { return nil }
            self = symbol
        }

        var letter: Character {
            switch self {
            case .string: "s"
            case .number: "n"
            case .boolean: "b"
            case .null: "l"
            case .array: "a"
            case .object: "o"
            case .function: "f"
            case .missing: "m"
            }
        }
    }

    /// Some of the types.
    struct Symbols: OptionSet {
        let rawValue: UInt16

        static let json: Symbols = [
            Symbols(.array), Symbols(.string), Symbols(.number), Symbols(.boolean), Symbols(.null), Symbols(.object),
            Symbols(.missing),
        ]
        static let any = json.union(Symbols(.function))

        init(rawValue: UInt16) {
            self.rawValue = rawValue
        }

        init(_ symbol: Symbol) {
            rawValue = 1 << symbol.rawValue
        }

        @inline(__always)
        func contains(_ symbol: Symbol) -> Bool {
            rawValue & (1 << symbol.rawValue) != 0
        }
    }

    struct Parameter: Sendable {
        enum Count: Sendable {
            case one
            case optional
            case oneOrMore
        }

        var symbols: Symbols
        var isArray = false
        /// The type that every element of an array has to have.
        var elements: String?
        var count = Count.one
        /// Whether the context takes the place of an argument that is not given.
        var takesContext = false
        /// Whether the type may be followed by the types of its parts.
        var takesParts = false
    }

    private(set) var parameters: [Parameter] = []

    private static let parameterCountMax = 100

    /// Reads a signature; `position` is where it begins in the expression.
    init(_ text: String, position: Int) throws(Failure) {
        let letters = Array(text)
        var index = 1
        while index < letters.count, letters[index] != ":" {
            index = try read(letters, at: index, position: position) + 1
            guard parameters.count <= Signature.parameterCountMax else { throw Failure("U1001", position: position) }
        }
    }

    /// A signature of the library, which is known to be well-formed.
    init(wellFormed text: String) {
        do throws(Failure) {
            try self.init(text, position: 0)
        } catch {
            preconditionFailure("\(text): \(error.code)")
        }
    }

    /// Reads what stands at a place, and answers where it ends.
    private mutating func read(_ letters: [Character], at index: Int, position: Int) throws(Failure) -> Int {
        switch letters[index] {
        case "s", "n", "b", "l", "o":
            parameters.append(Parameter(symbols: [Symbols(Symbol(letters[index]) ?? .missing), Symbols(.missing)]))
        case "a":
            parameters.append(Parameter(symbols: .any, isArray: true, takesParts: true))
        case "f": parameters.append(Parameter(symbols: Symbols(.function), takesParts: true))
        case "j": parameters.append(Parameter(symbols: .json))
        case "x": parameters.append(Parameter(symbols: .any))
        case "-":
            change {
                $0.takesContext = true
                $0.count = .optional
            }
        case "?":
            change { $0.count = .optional }
        case "+":
            change { $0.count = .oneOrMore }
        case "(":
            let end = closing(letters, from: index, open: "(", close: ")")
            let choice = letters[(index + 1)..<max(end, index + 1)]
            guard !choice.contains("<") else {
                throw Failure("S0402", position: position + index, value: .string(String(choice)))
            }
            let symbols = choice.compactMap { Symbol($0) }.map { Symbols($0) }
            parameters.append(Parameter(symbols: Symbols(symbols).union(Symbols(.missing))))
            return end
        case "<":
            guard let last = parameters.last, last.takesParts else {
                throw Failure("S0401", position: position + index)
            }
            let end = closing(letters, from: index, open: "<", close: ">")
            let parts = String(letters[(index + 1)..<max(end, index + 1)])
            change { $0.elements = $0.isArray ? parts : nil }
            return end
        default: break
        }
        return index
    }

    private mutating func change(_ body: (inout Parameter) -> Void) {
        guard let last = parameters.indices.last else { return }
        body(&parameters[last])
    }

    private func closing(_ letters: [Character], from start: Int, open: Character, close: Character) -> Int {
        var depth = 1
        var index = start + 1
        while index < letters.count {
            if letters[index] == close {
                depth -= 1
                if depth == 0 { return index }
            } else if letters[index] == open {
                depth += 1
            }
            index += 1
        }
        return letters.count
    }
}

extension Value {
    /// The letter of this value's type in signatures.
    var symbol: Signature.Symbol {
        switch self {
        case .undefined: .missing
        case .null: .null
        case .bool: .boolean
        case .number, .wideInteger: .number
        case .string: .string
        case .array, .tuples: .array
        case .object: .object
        case .function: .function
        }
    }
}
