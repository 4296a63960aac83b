/// Random numbers that follow from a seed, so that an execution can be run again and goes the same way.
///
/// The generator is SplitMix64: small, fast, and good enough for jitter, identifiers and sampling, not for secrets.
struct RandomSource: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mixed(state)
    }

    /// A number from 0 up to, not including, 1.
    mutating func unitInterval() -> Double {
        Double(next() >> 11) / 9_007_199_254_740_992
    }

    /// A UUID of version 4.
    mutating func uuid() -> String {
        Self.uuidText(next(), next())
    }

    static func mixed(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    static func uuidText(_ high: UInt64, _ low: UInt64) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let first = (high & ~0xF000) | 0x4000
        let second = (low & ~(0b11 << 62)) | (0b10 << 62)
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for index in 0..<32 {
            if [8, 12, 16, 20].contains(index) { text.append(UInt8(ascii: "-")) }
            let word = index < 16 ? first : second
            text.append(digits[Int(word >> UInt64(60 - 4 * (index % 16)) & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
