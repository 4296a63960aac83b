/// An exact decimal number: an integer, and how many of its digits stand after the point.
public struct Decimal: Sendable, Hashable {
    /// The number without its point: 1234 for 12.34.
    public var unscaled: Int128
    /// How many digits the type has in all, 1 to 38.
    public var width: UInt8
    /// How many of them stand after the point.
    public var scale: UInt8

    /// Makes a decimal.
    public init(unscaled: Int128, width: UInt8, scale: UInt8) {
        self.unscaled = unscaled
        self.width = width
        self.scale = scale
    }
}

extension Decimal: CustomStringConvertible {
    /// All digits of the scale, as DuckDB writes them; `-.05` where the type has no digit before the point.
    public var description: String {
        guard scale > 0 else { return String(unscaled) }
        let digits = String(unscaled.magnitude)
        let padding = max(0, Int(scale) - digits.count)
        let padded = String(repeating: "0", count: padding) + digits
        let point = padded.index(padded.endIndex, offsetBy: -Int(scale))
        let whole = padded[..<point]
        let sign = unscaled < 0 ? "-" : ""
        return "\(sign)\(whole.isEmpty && width > scale ? "0" : whole).\(padded[point...])"
    }
}
