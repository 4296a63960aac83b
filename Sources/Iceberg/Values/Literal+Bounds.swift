extension Literal {
    /// How many characters or bytes of a bound are kept, as the reference implementation has it.
    static let boundLengthMax = 16

    /// The value as a lower bound: long text and bytes are cut, zero is the negative one.
    public var asLowerBound: Literal? {
        switch self {
        case .string(let text):
            .string(String(String.UnicodeScalarView(text.unicodeScalars.prefix(Self.boundLengthMax))))
        case .binary(let bytes): .binary(Array(bytes.prefix(Self.boundLengthMax)))
        case .float(let value): value.isNaN ? nil : .float(value == 0 ? -0.0 : value)
        case .double(let value): value.isNaN ? nil : .double(value == 0 ? -0.0 : value)
        default: self
        }
    }

    /// The value as an upper bound: long text and bytes are cut and raised, so that the result is above the value;
    /// `nil` where there is no such result.
    public var asUpperBound: Literal? {
        switch self {
        case .string(let text): Self.raised(text)
        case .binary(let bytes): Self.raised(bytes)
        case .float(let value): value.isNaN ? nil : .float(value == 0 ? 0.0 : value)
        case .double(let value): value.isNaN ? nil : .double(value == 0 ? 0.0 : value)
        default: self
        }
    }

    private static func raised(_ text: String) -> Literal? {
        guard text.unicodeScalars.dropFirst(boundLengthMax).first != nil else { return .string(text) }
        var scalars = Array(text.unicodeScalars.prefix(boundLengthMax))
        while let last = scalars.popLast() {
            // The surrogates are no characters; what follows 0xD7FF is 0xE000.
            let next = last.value == 0xD7FF ? 0xE000 : last.value + 1
            guard let raised = Unicode.Scalar(next) else { continue }
            return .string(String(String.UnicodeScalarView(scalars + [raised])))
        }
        return nil
    }

    private static func raised(_ bytes: [UInt8]) -> Literal? {
        guard bytes.count > boundLengthMax else { return .binary(bytes) }
        var prefix = Array(bytes.prefix(boundLengthMax))
        while let last = prefix.popLast() {
            if last < .max { return .binary(prefix + [last + 1]) }
        }
        return nil
    }
}
