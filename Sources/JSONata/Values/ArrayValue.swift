import JSONTree

/// An array, with the marks by which JSONata tells results of queries from arrays that an expression built.
struct ArrayValue {
    /// How an array came to be.
    struct Marks: OptionSet {
        let rawValue: UInt8

        /// A result of a query: one element stands for itself, none for undefined.
        static let sequence = Marks(rawValue: 1)
        /// One element stays an array, because the expression asked for it with `[]`.
        static let keepsSingleton = Marks(rawValue: 2)
        /// Built by an array constructor inside a path, and so not flattened into the result.
        static let constructed = Marks(rawValue: 4)
        /// The array around an input that is itself an array.
        static let wrapsInput = Marks(rawValue: 8)
    }

    private enum Storage {
        case values([Value])
        case json([JSON])
        case range(first: Int, count: Int)
    }

    private var storage: Storage
    var marks: Marks
    private(set) var height: UInt16 = 1

    /// An array of the input.
    init(_ json: JSON) {
        storage = .json(json.arrayValue ?? [])
        marks = []
    }

    /// The consecutive integers from `first`, without memory for each of them.
    init(first: Int, count: Int) {
        storage = .range(first: first, count: count)
        marks = .sequence
    }

    init(_ elements: [Value], _ marks: Marks = []) {
        storage = .values(elements)
        self.marks = marks
        var tallest = 0
        for element in elements {
            tallest = max(tallest, element.height)
        }
        height = UInt16(clamping: tallest + 1)
    }

    /// Makes an array of values of which none is a container.
    init(flat elements: [Value], _ marks: Marks = []) {
        storage = .values(elements)
        self.marks = marks
    }

    var isSequence: Bool {
        marks.contains(.sequence)
    }

    var count: Int {
        switch storage {
        case .values(let values): values.count
        case .json(let elements): elements.count
        case .range(_, let count): count
        }
    }

    var isEmpty: Bool {
        count == 0
    }

    subscript(index: Int) -> Value {
        switch storage {
        case .values(let values): values[index]
        case .json(let elements): Value(elements[index])
        case .range(let first, _): .number(Double(first + index))
        }
    }

    /// The elements as values of their own.
    var elements: [Value] {
        switch storage {
        case .values(let values): values
        case .json(let elements): elements.map(Value.init(_:))
        case .range(let first, let count): (first..<first + count).map { .number(Double($0)) }
        }
    }

    /// The array in its JSON form, where it comes from the input unchanged.
    var asJSON: [JSON]? {
        if case .json(let elements) = storage { elements } else { nil }
    }

    func marked(_ marks: Marks) -> ArrayValue {
        var copy = self
        copy.marks = marks
        return copy
    }

    func allSatisfy(_ condition: (Value) throws(Failure) -> Bool) throws(Failure) -> Bool {
        for index in 0..<count {
            guard try condition(self[index]) else { return false }
        }
        return true
    }
}
