/// A universally unique identifier.
public struct IcebergUUID: Sendable, Hashable {
    /// The first eight bytes, as a big-endian number.
    public let high: UInt64
    /// The last eight bytes, as a big-endian number.
    public let low: UInt64

    /// An identifier from its two halves.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// An identifier from sixteen bytes; `nil` for any other number of bytes.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        high = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        low = bytes.dropFirst(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// A random identifier (version 4) from a source of random numbers.
    public static func random(using generator: inout some RandomNumberGenerator) -> IcebergUUID {
        IcebergUUID(
            high: generator.next() & 0xFFFF_FFFF_FFFF_0FFF | 0x4000,
            low: generator.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        )
    }

    /// A random identifier (version 4) from the system's source of random numbers.
    public static func random() -> IcebergUUID {
        var generator = SystemRandomNumberGenerator()
        return random(using: &generator)
    }

    /// The sixteen bytes.
    public var bytes: [UInt8] {
        [high, low].flatMap { half in (0..<8).map { UInt8(truncatingIfNeeded: half >> (56 - 8 * $0)) } }
    }
}

extension IcebergUUID: LosslessStringConvertible {
    /// An identifier from its usual text of 36 characters.
    public init?(_ description: String) {
        let characters = Array(description.utf8)
        guard characters.count == 36 else { return nil }
        var digits: [UInt8] = []
        for (position, character) in characters.enumerated() {
            if [8, 13, 18, 23].contains(position) {
                guard character == UInt8(ascii: "-") else { return nil }
            } else {
                guard let digit = Character(Unicode.Scalar(character)).hexDigitValue else { return nil }
                digits.append(UInt8(digit))
            }
        }
        self.init(bytes: stride(from: 0, to: 32, by: 2).map { digits[$0] << 4 | digits[$0 + 1] })
    }

    /// The usual text of 36 characters.
    public var description: String {
        var text = ""
        for (position, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(position) { text += "-" }
            text += String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }
        return text
    }
}
