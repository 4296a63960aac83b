extension Transform {
    /// The text of a partition value for people and for folder names: `2026-01-31` for a day, `2026-01` for a month.
    public func humanText(_ value: Literal?) -> String {
        guard let value else { return "null" }
        switch (self, value) {
        case (.year, .int(let years)):
            return HumanText.padded(1970 + Int64(years), 4)
        case (.month, .int(let months)):
            let year = 1970 + CalendarArithmetic.floorDivide(Int64(months), 12)
            let month = Int64(months) - CalendarArithmetic.floorDivide(Int64(months), 12) * 12 + 1
            return HumanText.padded(year, 4) + "-" + HumanText.padded(month, 2)
        case (.day, .int(let days)), (.day, .date(let days)):
            return HumanText.date(Int64(days))
        case (.hour, .int(let hours)):
            let days = CalendarArithmetic.floorDivide(Int64(hours), 24)
            return HumanText.date(days) + "-" + HumanText.padded(Int64(hours) - days * 24, 2)
        default:
            return value.description
        }
    }
}

extension Literal: CustomStringConvertible {
    /// The value for people: dates and times in ISO 8601, bytes in base 64.
    public var description: String {
        switch self {
        case .boolean(let value): "\(value)"
        case .int(let value): "\(value)"
        case .long(let value): "\(value)"
        case .float(let value): "\(value)"
        case .double(let value): "\(value)"
        case .decimal(let unscaled, let scale): HumanText.decimal(unscaled, scale: scale)
        case .date(let days): HumanText.date(Int64(days))
        case .time(let microseconds): HumanText.time(microseconds)
        case .timestamp(let microseconds): HumanText.timestamp(microseconds)
        case .timestamptz(let microseconds): HumanText.timestamp(microseconds) + "+00:00"
        case .string(let value): value
        case .uuid(let value): value.description
        case .fixed(let bytes), .binary(let bytes): HumanText.base64(bytes)
        }
    }
}

enum HumanText {
    static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = "\(value.magnitude)"
        return (value < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    static func date(_ days: Int64) -> String {
        let (year, month, day) = CalendarArithmetic.civil(fromDays: days)
        return "\(padded(year, 4))-\(padded(Int64(month), 2))-\(padded(Int64(day), 2))"
    }

    static func time(_ microseconds: Int64) -> String {
        let seconds = microseconds / 1_000_000
        var text = "\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
        var fraction = padded(microseconds % 1_000_000, 6)
        while fraction.hasSuffix("0") { fraction.removeLast() }
        if !fraction.isEmpty { text += "." + fraction }
        return text
    }

    static func timestamp(_ microseconds: Int64) -> String {
        let days = CalendarArithmetic.floorDivide(microseconds, CalendarArithmetic.microsecondsPerDay)
        return date(days) + "T" + time(microseconds - days * CalendarArithmetic.microsecondsPerDay)
    }

    static func decimal(_ unscaled: Int128, scale: Int) -> String {
        var digits = "\(unscaled.magnitude)"
        if scale > 0 {
            digits = String(repeating: "0", count: max(0, scale + 1 - digits.count)) + digits
            digits.insert(".", at: digits.index(digits.endIndex, offsetBy: -scale))
        }
        return (unscaled < 0 ? "-" : "") + digits
    }

    static func base64(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var text = ""
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let word = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << (8 * UInt32(3 - group.count))
            for position in 0..<4 {
                text.append(position <= group.count ? alphabet[Int(word >> (18 - 6 * UInt32(position)) & 63)] : "=")
            }
        }
        return text
    }
}
