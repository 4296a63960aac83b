import JSONTree

extension Signature {
    /// The arguments as the function takes them: the context in place of a missing one, single values as arrays.
    ///
    /// - Throws: `T0410` where an argument does not fit, `T0411` where the context does not, `T0412` where the
    ///   elements of an array do not.
    func apply(to arguments: [Value], context: Value) throws(Failure) -> [Value] {
        if let result = try plainArguments(arguments, context) { return result }
        let symbols = arguments.map(\.symbol)
        guard let counts = match(symbols, upTo: parameters.count, exactly: true) else {
            throw mismatch(arguments, symbols)
        }
        var result: [Value] = []
        var next = 0
        for (parameter, count) in zip(parameters, counts) {
            if count == 0, parameter.takesContext {
                result.append(try fit(context: context, parameter, index: next))
                continue
            }
            for _ in 0..<max(count, 1) {
                let argument = next < arguments.count ? arguments[next] : .undefined
                result.append(count == 0 ? argument : try fit(argument, parameter, index: next))
                next += 1
            }
        }
        return result
    }

    /// The arguments where they fit the parameters one by one from the left, which is nearly always.
    @inline(__always)
    private func plainArguments(_ arguments: [Value], _ context: Value) throws(Failure) -> [Value]? {
        let count = arguments.count
        guard count <= parameters.count else { return nil }
        var isUnchanged = count == parameters.count
        for index in 0..<count {
            let symbol = arguments[index].symbol
            let parameter = parameters[index]
            guard parameter.symbols.contains(symbol), parameter.count != .oneOrMore else { return nil }
            if parameter.isArray, symbol != .array || parameter.elements != nil { isUnchanged = false }
        }
        if isUnchanged { return arguments }
        for index in count..<parameters.count {
            guard case .optional = parameters[index].count else { return nil }
        }
        var result: [Value] = []
        result.reserveCapacity(parameters.count)
        for index in 0..<parameters.count {
            if index < count {
                result.append(try fit(arguments[index], parameters[index], index: index))
            } else if parameters[index].takesContext {
                result.append(try fit(context: context, parameters[index], index: index))
            } else {
                result.append(.undefined)
            }
        }
        return result
    }

    private func fit(context: Value, _ parameter: Parameter, index: Int) throws(Failure) -> Value {
        guard parameter.symbols.contains(context.symbol) else {
            throw Failure("T0411", value: context, inserts: ["index": .integer(Int64(index + 1))])
        }
        return context
    }

    private func fit(_ argument: Value, _ parameter: Parameter, index: Int) throws(Failure) -> Value {
        guard parameter.isArray, !argument.isUndefined else { return argument }
        if let wanted = parameter.elements {
            let fits: Bool
            if case .array(let array) = argument {
                fits = try isArray(array, of: wanted)
            } else {
                fits = String(argument.symbol.letter) == wanted
            }
            guard fits else {
                var inserts: [String: JSON] = ["index": .integer(Int64(index + 1))]
                inserts["type"] = Signature.plurals[wanted].map(JSON.string)
                throw Failure("T0412", value: argument, inserts: inserts)
            }
        }
        if case .array = argument { return argument }
        return Value([argument])
    }

    private func isArray(_ array: ArrayValue, of wanted: String) throws(Failure) -> Bool {
        guard let symbol = wanted.first.flatMap({ Symbol($0) }) else { return array.isEmpty }
        return try array.allSatisfy { $0.symbol == symbol }
    }

    private static let plurals = [
        "a": "arrays", "b": "booleans", "f": "functions", "n": "numbers", "o": "objects", "s": "strings",
    ]

    /// The first argument that no way of giving the arguments to the parameters can place.
    private func mismatch(_ arguments: [Value], _ symbols: [Symbol]) -> Failure {
        var fitting = 0
        for count in 1...max(parameters.count, 1) where count <= parameters.count {
            guard let counts = match(symbols, upTo: count, exactly: false) else { break }
            fitting = counts.reduce(0, +)
        }
        let value = fitting < arguments.count ? arguments[fitting] : .undefined
        return Failure("T0410", value: value, inserts: ["index": .integer(Int64(fitting + 1))])
    }

    /// How many arguments each of the first parameters takes; as many as possible, from the left.
    private func match(_ symbols: [Symbol], upTo count: Int, exactly: Bool) -> [Int]? {
        var search = ArgumentSearch(parameters: parameters.prefix(count), symbols: symbols, takesAll: exactly)
        return search.run(from: 0) ? search.counts : nil
    }
}

/// The search for a way to give arguments to parameters.
private struct ArgumentSearch {
    let parameters: ArraySlice<Signature.Parameter>
    let symbols: [Signature.Symbol]
    let takesAll: Bool
    private(set) var counts: [Int] = []
    /// Where the search has been and found nothing, so that it does not go there again by another way.
    private var deadEnds: Set<[Int]> = []

    init(parameters: ArraySlice<Signature.Parameter>, symbols: [Signature.Symbol], takesAll: Bool) {
        self.parameters = parameters
        self.symbols = symbols
        self.takesAll = takesAll
    }

    mutating func run(from start: Int) -> Bool {
        guard counts.count < parameters.count else { return !takesAll || start == symbols.count }
        guard !deadEnds.contains([counts.count, start]) else { return false }
        let parameter = parameters[counts.count]
        let fitting = symbols[start...].prefix { parameter.symbols.contains($0) }.count
        let (least, most) =
            switch parameter.count {
            case .one: (1, min(fitting, 1))
            case .optional: (0, min(fitting, 1))
            case .oneOrMore: (1, fitting)
            }
        for taken in stride(from: most, through: least, by: -1) {
            counts.append(taken)
            if run(from: start + taken) { return true }
            counts.removeLast()
        }
        deadEnds.insert([counts.count, start])
        return false
    }
}
