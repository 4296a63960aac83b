import JSONTree

extension JSON {
    /// How deep data may nest: a machine that wraps its data in every round of a loop must not nest them without end.
    static let depthMax = 500

    /// Whether the compact text of the value has more bytes than a limit, or the value nests too deep.
    ///
    /// Sizes are first estimated without looking into strings; only where the estimate leaves the answer open, every
    /// string is searched for characters that need an escape. The walk ends as soon as the limit is passed.
    func isLarger(than limit: Int) -> Bool {
        var meter = SizeMeter(limit: limit, countsEscapes: false)
        meter.add(self)
        if meter.size > limit { return true }
        // An escape takes six bytes at most where the estimate counted one.
        if meter.size * 6 <= limit || meter.stringBytes * 5 + meter.size <= limit { return false }
        var exact = SizeMeter(limit: limit, countsEscapes: true)
        exact.add(self)
        return exact.size > limit
    }

    /// How many bytes the compact text of the value has.
    var textSize: Int {
        var meter = SizeMeter(limit: .max, countsEscapes: true)
        meter.add(self)
        return meter.size
    }
}

extension Int64 {
    /// How long the number is as text, with its sign.
    fileprivate var digitCount: Int {
        var count = self < 0 ? 2 : 1
        var rest = magnitude / 10
        while rest > 0 {
            count += 1
            rest /= 10
        }
        return count
    }
}

private struct SizeMeter {
    let limit: Int
    let countsEscapes: Bool
    var size = 0
    var stringBytes = 0
    private var depth = 0

    init(limit: Int, countsEscapes: Bool) {
        self.limit = limit
        self.countsEscapes = countsEscapes
    }

    mutating func add(_ value: JSON) {
        guard size <= limit else { return }
        guard depth <= JSON.depthMax else {
            // Too deep is too large.
            size = limit == .max ? size : limit + 1
            return
        }
        switch value {
        case .null: size += 4
        case .bool(let value): size += value ? 4 : 5
        case .integer(let value): size += value.digitCount
        case .number(let number): size += number.text.utf8.count
        case .string(let text): add(text)
        case .array(let elements):
            size += 2 + max(0, elements.count - 1)
            depth += 1
            defer { depth -= 1 }
            for element in elements where size <= limit { add(element) }
        case .object(let object):
            size += 2 + max(0, object.count - 1) + object.count
            depth += 1
            defer { depth -= 1 }
            for position in object.indices where size <= limit {
                add(object.keys[position])
                add(object.values[position])
            }
        }
    }

    private mutating func add(_ text: String) {
        let count = text.utf8.count
        stringBytes += count
        size += count + 2
        guard countsEscapes else { return }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), 0x08, 0x09, 0x0A, 0x0C, 0x0D: size += 1
            case 0..<0x20: size += 5
            default: break
            }
        }
    }
}
