/// A string of bits, of any length.
public struct BitString: Sendable, Hashable {
    /// The bits, eight to a byte from its highest, the first byte filled from its lowest: padding in front, of ones.
    package var bytes: [UInt8]
    /// How many bits of the first byte do not count.
    package var padding: Int

    package init(bytes: [UInt8], padding: Int) {
        self.bytes = bytes
        self.padding = padding
    }

    /// Makes a string of bits from a text of `0` and `1`, or answers nil if the text is anything else.
    public init?(_ text: String) {
        let digits = Array(text.utf8)
        guard !digits.isEmpty, digits.allSatisfy({ $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: "1") }) else {
            return nil
        }
        padding = (8 - digits.count % 8) % 8
        bytes = []
        var byte: UInt8 = (1 << UInt8(padding)) &- 1
        for (index, digit) in digits.enumerated() {
            byte = byte << 1 | (digit - UInt8(ascii: "0"))
            if (index + padding) % 8 == 7 {
                bytes.append(byte)
                byte = 0
            }
        }
    }

    /// How many bits there are.
    public var count: Int { bytes.count * 8 - padding }

    /// The bit at a position.
    public subscript(position: Int) -> Bool {
        let index = position + padding
        return bytes[index / 8] & (0x80 >> UInt8(index % 8)) != 0
    }
}

extension BitString: CustomStringConvertible {
    /// The bits as `0` and `1`.
    public var description: String {
        String((0..<count).map { self[$0] ? "1" : "0" })
    }
}
