import Foundation

/// Powers and sines, for which the standard library has no functions of its own.
enum Power {
    /// The power as JavaScript has it: other than in C, `1` to an infinite or undefined power is no number.
    static func of(_ base: Double, _ exponent: Double) -> Double {
        if exponent.isNaN || base.magnitude == 1 && exponent.isInfinite { return .nan }
        return pow(base, exponent)
    }

    /// The sine of an angle.
    static func sine(_ angle: Double) -> Double {
        sin(angle)
    }
}
