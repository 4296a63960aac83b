/// A moment, to the nanosecond.
public struct Timestamp: Sendable, Hashable, Comparable {
    /// Whole seconds since 1970-01-01T00:00:00Z.
    public let seconds: Int64
    /// The part of a second, from 0 to 999,999,999.
    public let nanoseconds: Int32

    /// A moment; nanoseconds beyond a second are cut off.
    public init(seconds: Int64, nanoseconds: Int32 = 0) {
        self.seconds = seconds
        self.nanoseconds = min(max(nanoseconds, 0), 999_999_999)
    }

    /// A moment from milliseconds since 1970-01-01T00:00:00Z.
    public init(milliseconds: Int64) {
        let (quotient, remainder) = milliseconds.quotientAndRemainder(dividingBy: 1000)
        let borrow: Int64 = remainder < 0 ? 1 : 0
        self.init(seconds: quotient - borrow, nanoseconds: Int32((remainder + borrow * 1000) * 1_000_000))
    }

    /// Milliseconds since 1970-01-01T00:00:00Z, rounded down.
    public var milliseconds: Int64 {
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        return product.addingReportingOverflow(Int64(nanoseconds / 1_000_000)).partialValue
    }

    /// The moment this many seconds later; fractions count to the millisecond, and what no clock can show is the end of time.
    public func adding(seconds: Double) -> Timestamp {
        let offset = seconds * 1000
        guard offset.isFinite, abs(offset) < 9e17 else { return offset > 0 ? .distantFuture : self }
        let (sum, overflow) = milliseconds.addingReportingOverflow(Int64(offset.rounded()))
        return overflow ? .distantFuture : Timestamp(milliseconds: sum)
    }

    /// A moment after all others that a timestamp text can name.
    public static let distantFuture = Timestamp(seconds: 253_402_300_799)

    /// Whether the left moment is before the right one.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }
}

extension Timestamp {
    /// The moment that an ISO 8601 text with an offset names, such as `2016-03-14T01:59:00Z`; nil for any other text.
    ///
    /// The language asks for RFC 3339 with an upper-case `T` and `Z`.
    public init?(iso8601 text: String) {
        var reader = DigitReader(bytes: Array(text.utf8))
        guard let year = reader.number(digits: 4), reader.take("-"), let month = reader.number(digits: 2),
            reader.take("-"), let day = reader.number(digits: 2), reader.take("T"),
            (1...12).contains(month), (1...CivilDate.daysIn(month: month, year: year)).contains(day),
            let hour = reader.number(digits: 2), hour <= 23, reader.take(":"),
            let minute = reader.number(digits: 2), minute <= 59
        else { return nil }
        var second = 0
        var nanoseconds = 0
        if reader.take(":") {
            guard let value = reader.number(digits: 2), value <= 59 else { return nil }
            second = value
            if reader.take(".") {
                guard let fraction = reader.fraction() else { return nil }
                nanoseconds = fraction
            }
        }
        guard let offset = reader.offset(), reader.isAtEnd else { return nil }
        let days = CivilDate.daysSinceEpoch(year: year, month: month, day: day)
        let time = hour * 3600 + minute * 60 + second - offset
        self.init(seconds: Int64(days) * 86400 + Int64(time), nanoseconds: Int32(nanoseconds))
    }

    /// The moment as the service writes it: UTC, with three digits of the second's fraction.
    public var iso8601: String {
        let clamped = max(-62_167_219_200, min(seconds, 253_402_300_799))
        let days = clamped >= 0 ? clamped / 86400 : -((86399 - clamped) / 86400)
        let time = Int(clamped - days * 86400)
        let date = CivilDate(daysSinceEpoch: Int(days))
        let fraction = Int(nanoseconds) / 1_000_000
        return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))T"
            + "\(padded(time / 3600, 2)):\(padded(time / 60 % 60, 2)):\(padded(time % 60, 2)).\(padded(fraction, 3))Z"
    }

    private func padded(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

private struct DigitReader {
    let bytes: [UInt8]
    var position = 0

    var isAtEnd: Bool {
        position == bytes.count
    }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, UInt32(bytes[position]) == character.value else { return false }
        position += 1
        return true
    }

    mutating func digit() -> Int? {
        guard position < bytes.count, (48...57).contains(bytes[position]) else { return nil }
        defer { position += 1 }
        return Int(bytes[position]) - 48
    }

    mutating func number(digits count: Int) -> Int? {
        var value = 0
        for _ in 0..<count {
            guard let digit = digit() else { return nil }
            value = value * 10 + digit
        }
        return value
    }

    /// The digits of a fraction as nanoseconds: one to nine of them.
    mutating func fraction() -> Int? {
        var value = 0
        var count = 0
        while let digit = digit() {
            guard count < 9 else { return nil }
            value = value * 10 + digit
            count += 1
        }
        guard count > 0 else { return nil }
        return (count..<9).reduce(value) { value, _ in value * 10 }
    }

    /// The offset from UTC in seconds.
    mutating func offset() -> Int? {
        if take("Z") { return 0 }
        let sign: Int
        if take("+") { sign = 1 } else if take("-") { sign = -1 } else { return nil }
        guard let hours = number(digits: 2), hours <= 18, take(":"), let minutes = number(digits: 2), minutes <= 59
        else { return nil }
        return sign * (hours * 3600 + minutes * 60)
    }
}
