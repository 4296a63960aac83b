import JSONTree

/// Splits the bytes of a JSON array into its elements, or those of an object into its members.
struct ElementSplitter: Sendable {
    private enum Phase {
        case before
        case inside
        case after
        /// The file is neither an array nor an object.
        case other
    }

    private var phase = Phase.before
    private var isObject = false
    private var element: [UInt8] = []
    private var hasContent = false
    private var isFirst = true
    private var depth = 0
    private var isInText = false
    private var isEscaped = false

    mutating func add(_ byte: UInt8) throws(ItemReadingError) -> MapItem? {
        switch phase {
        case .before:
            guard !byte.isJSONBlank else { return nil }
            isObject = byte == UInt8(ascii: "{")
            phase = isObject || byte == UInt8(ascii: "[") ? .inside : .other
            if phase == .other { element.append(byte) }
            return nil
        case .inside: return try addInside(byte)
        case .after:
            guard byte.isJSONBlank else {
                throw ItemReadingError(message: "The file is not JSON: something follows its end")
            }
            return nil
        case .other:
            guard element.count < ItemSplitter.recordSizeMax else { throw .notIterable }
            element.append(byte)
            return nil
        }
    }

    private mutating func addInside(_ byte: UInt8) throws(ItemReadingError) -> MapItem? {
        let isEnd = depth == 0 && !isInText && byte == UInt8(ascii: isObject ? "}" : "]")
        if isEnd || depth == 0 && !isInText && byte == UInt8(ascii: ",") {
            if isEnd { phase = .after }
            // Only what has no elements or members has nothing before its end.
            if isEnd, isFirst, !hasContent { return nil }
            defer { (element, hasContent, isFirst) = ([], false, false) }
            return try item()
        }
        if isInText {
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isInText = false
            }
        } else {
            switch byte {
            case UInt8(ascii: "\""): isInText = true
            case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
            default: break
            }
        }
        guard element.count < ItemSplitter.recordSizeMax else { throw .recordTooLarge }
        element.append(byte)
        hasContent = hasContent || !byte.isJSONBlank
        return nil
    }

    private func item() throws(ItemReadingError) -> MapItem {
        guard isObject else { return MapItem(try ItemSplitter.parsed(element)) }
        let whole = try ItemSplitter.parsed([UInt8(ascii: "{")] + element + [UInt8(ascii: "}")])
        guard let member = whole.objectValue?.first else {
            throw ItemReadingError(message: "The file is not JSON: a member is missing")
        }
        return MapItem(member.value, key: member.key)
    }

    func finish() throws(ItemReadingError) {
        switch phase {
        case .after: return
        case .other:
            _ = try ItemSplitter.parsed(element)
            throw .notIterable
        case .before, .inside: throw ItemReadingError(message: "The file is not JSON: it breaks off")
        }
    }
}

extension UInt8 {
    var isJSONBlank: Bool {
        self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0D
    }
}
