extension Literal {
    /// The value that DuckDB prints as this text, in the session time zone UTC; `nil` where that is not certain.
    ///
    /// This is for `COPY ... RETURN_STATS`, whose minimum, maximum and partition keys are text. Infinite dates, years
    /// before Christ and anything else that the type does not hold give `nil`: a missing bound is only slow, a wrong
    /// one loses rows.
    public init?(duckDBText text: String, type: IcebergType) {
        let value: Literal? =
            switch type {
            case .boolean: Self.boolean(duckDBText: text)
            case .int: Int32(text).map(Literal.int)
            case .long: Int64(text).map(Literal.long)
            case .float: Float(text).flatMap { $0.isNaN ? nil : .float($0) }
            case .double: Double(text).flatMap { $0.isNaN ? nil : .double($0) }
            case .decimal(let precision, let scale): Self.decimal(text, precision: precision, scale: scale)
            case .date: DuckDBText.days(text[...]).flatMap { Int32(exactly: $0) }.map(Literal.date)
            case .time: DuckDBText.timeOfDay(text[...]).map(Literal.time)
            case .timestamp: DuckDBText.timestamp(text, hasOffset: false).map(Literal.timestamp)
            case .timestamptz: DuckDBText.timestamp(text, hasOffset: true).map(Literal.timestamptz)
            case .string: .string(text)
            case .uuid: IcebergUUID(text).map(Literal.uuid)
            case .fixed(let length):
                DuckDBText.bytes(text).flatMap { $0.count == length ? .fixed($0) : nil }
            case .binary: DuckDBText.bytes(text).map(Literal.binary)
            case .struct, .list, .map: nil
            }
        guard let value else { return nil }
        self = value
    }

    private static func boolean(duckDBText text: String) -> Literal? {
        switch text {
        case "true", "1": .boolean(true)
        case "false", "0": .boolean(false)
        default: nil
        }
    }

    /// A decimal from text such as `-12.50`; `nil` where the text has more digits than the type.
    static func decimal(_ text: String, precision: Int, scale: Int) -> Literal? {
        let isNegative = text.hasPrefix("-")
        let parts = text.dropFirst(isNegative ? 1 : 0).split(separator: ".", omittingEmptySubsequences: false)
        guard let whole = parts.first, parts.count <= 2, whole.count + (parts.count == 2 ? parts[1].count : 0) > 0
        else { return nil }
        let fraction = parts.count == 2 ? parts[1] : ""
        guard fraction.count <= scale else { return nil }
        let digits = whole + fraction + String(repeating: "0", count: scale - fraction.count)
        guard digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            digits.drop(while: { $0 == "0" }).count <= precision, let magnitude = Int128(digits.isEmpty ? "0" : digits)
        else { return nil }
        return .decimal(unscaled: isNegative ? -magnitude : magnitude, scale: scale)
    }
}

enum DuckDBText {
    /// Days since 1970 of `2026-01-31`.
    static func days(_ text: Substring) -> Int64? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].count >= 4, let year = number(parts[0]), parts[1].count == 2,
            let month = number(parts[1]), parts[2].count == 2, let day = number(parts[2]), year > 0
        else { return nil }
        return CalendarArithmetic.days(year: year, month: Int(month), day: Int(day))
    }

    /// Microseconds since midnight of `10:00:00.5`.
    static func timeOfDay(_ text: Substring) -> Int64? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let clock = parts.first else { return nil }
        let fields = clock.split(separator: ":", omittingEmptySubsequences: false)
        guard fields.count == 3, fields.allSatisfy({ $0.count == 2 }), let hours = number(fields[0]),
            let minutes = number(fields[1]), let seconds = number(fields[2]), hours < 24, minutes < 60, seconds < 60
        else { return nil }
        var fraction: Int64 = 0
        if parts.count == 2 {
            guard (1...6).contains(parts[1].count), let digits = number(parts[1]) else { return nil }
            fraction = (parts[1].count..<6).reduce(digits) { value, _ in value * 10 }
        }
        return ((hours * 60 + minutes) * 60 + seconds) * 1_000_000 + fraction
    }

    /// Microseconds since 1970 of `2026-01-31 10:00:00.5`, followed by an offset such as `+00` where there has to be one.
    static func timestamp(_ text: String, hasOffset: Bool) -> Int64? {
        guard let blank = text.firstIndex(of: " "), let days = days(text[..<blank]) else { return nil }
        var clock = text[text.index(after: blank)...]
        var offset: Int64 = 0
        if hasOffset {
            guard let sign = clock.lastIndex(where: { $0 == "+" || $0 == "-" }),
                let seconds = offsetSeconds(clock[clock.index(after: sign)...])
            else { return nil }
            offset = clock[sign] == "-" ? -seconds : seconds
            clock = clock[..<sign]
        }
        guard let time = timeOfDay(clock) else { return nil }
        let (midnight, overflow) = days.multipliedReportingOverflow(by: CalendarArithmetic.microsecondsPerDay)
        let (instant, overflowed) = midnight.addingReportingOverflow(time - offset * 1_000_000)
        return overflow || overflowed ? nil : instant
    }

    /// The bytes of hexadecimal digits.
    static func bytes(_ text: String) -> [UInt8]? {
        let digits = text.utf8.map { Character(Unicode.Scalar($0)).hexDigitValue }
        guard digits.count.isMultiple(of: 2), !digits.contains(nil) else { return nil }
        let values = digits.compactMap { $0 }
        return stride(from: 0, to: values.count, by: 2).map { UInt8(values[$0] << 4 | values[$0 + 1]) }
    }

    private static func offsetSeconds(_ text: Substring) -> Int64? {
        let fields = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (1...3).contains(fields.count), fields.allSatisfy({ $0.count == 2 }) else { return nil }
        let numbers = fields.compactMap(number)
        guard numbers.count == fields.count else { return nil }
        return numbers[0] * 3600 + (numbers.count > 1 ? numbers[1] * 60 : 0) + (numbers.count > 2 ? numbers[2] : 0)
    }

    private static func number(_ digits: Substring) -> Int64? {
        digits.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int64(digits) : nil
    }
}
