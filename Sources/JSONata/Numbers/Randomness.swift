/// Random numbers that are the same for the same seed (SplitMix64), or the system's.
struct Randomness: RandomNumberGenerator {
    private var state: UInt64?
    private var system = SystemRandomNumberGenerator()

    init(seed: UInt64?) {
        state = seed
    }

    mutating func next() -> UInt64 {
        guard let last = state else { return system.next() }
        let current = last &+ 0x9E37_79B9_7F4A_7C15
        state = current
        var mixed = (current ^ (current >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to, but not including, 1.
    mutating func nextUnit() -> Double {
        Double(next() >> 11) * 0x1p-53
    }
}

/// The random numbers of `java.util.Random`, which is what the service answers for a seed.
struct JavaRandom {
    private var state: UInt64
    private static let mask: UInt64 = (1 << 48) - 1

    init(seed: Int64) {
        state = (UInt64(bitPattern: seed) ^ 0x5_DEEC_E66D) & JavaRandom.mask
    }

    private mutating func next(bits: UInt64) -> UInt64 {
        state = (state &* 0x5_DEEC_E66D &+ 0xB) & JavaRandom.mask
        return state >> (48 - bits)
    }

    /// A number from 0 up to, but not including, 1.
    mutating func nextUnit() -> Double {
        let high = next(bits: 26)
        let low = next(bits: 27)
        return Double((high << 27) + low) * 0x1p-53
    }
}
