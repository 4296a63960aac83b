/// An integer of any size.
public struct Bignum: Sendable, Hashable {
    /// Whether it is below zero.
    public var isNegative: Bool
    /// The absolute value, highest byte first, without leading zeros (one zero byte for zero).
    public var magnitude: [UInt8]

    /// Makes a number from its sign and its absolute value.
    public init(isNegative: Bool, magnitude: [UInt8]) {
        let significant = Array(magnitude.drop { $0 == 0 })
        self.magnitude = significant.isEmpty ? [0] : significant
        self.isNegative = isNegative && !significant.isEmpty
    }
}

extension Bignum: CustomStringConvertible {
    /// The number in decimal digits.
    public var description: String {
        // Base 10^9, lowest limb first: each byte multiplies by 256 and adds.
        let base: UInt64 = 1_000_000_000
        var limbs: [UInt64] = [0]
        for byte in magnitude {
            var carry = UInt64(byte)
            for index in limbs.indices {
                let product = limbs[index] << 8 + carry
                limbs[index] = product % base
                carry = product / base
            }
            if carry > 0 {
                limbs.append(carry)
            }
        }
        var text = (isNegative ? "-" : "") + String(limbs[limbs.count - 1])
        for limb in limbs.dropLast().reversed() {
            let digits = String(limb)
            text += String(repeating: "0", count: 9 - digits.count) + digits
        }
        return text
    }
}
