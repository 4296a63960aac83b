import DuckDB

/// Functions of SQL that know the usual forms of texts, so that only unusual ones need the query engine's own.
///
/// Each says nothing, NULL, of a text that it does not know, and is right about the others. The engine's own functions
/// can do all texts, and take several times as long for each: `strptime` 80 ns, a regular expression 30, `trim` 150.
enum UsualText {
    private static let placesName = "ingot_places"
    private static let timeName = "ingot_time"
    private static let isTrimmedName = "ingot_is_trimmed"

    private static let functions = [
        ScalarFunction(name: placesName, body: .text(places)),
        ScalarFunction(name: timeName, body: .timestamp(time)),
        ScalarFunction(name: isTrimmedName, body: .text { isTrimmed($0) ? 1 : nil }),
    ]

    /// Makes the functions known to all connections of a database, and ``trim`` faster there.
    static func install(on connection: SQLConnection) async throws {
        for function in functions { try await connection.register(function) }
        // DuckDB 1.5.5 looks up the properties of every character of a text, from its first to its last.
        try await connection.execute(
            """
            CREATE OR REPLACE MACRO trim(t) AS
                CASE WHEN \(isTrimmedName)(t) = 1 THEN CAST(t AS VARCHAR) ELSE system.main.trim(t) END,
            (t, c) AS system.main.trim(t, c)
            """
        )
    }

    /// The condition that a text is a number with a sign, digits and a point only, of so many places at most.
    ///
    /// - Parameters:
    ///   - text: SQL of a `VARCHAR`.
    ///   - places: How many digits may be behind the point.
    /// - Returns: A `BOOLEAN`; NULL for other texts.
    static func isPlainNumber(_ text: String, places: Int) -> String {
        "\(placesName)(\(text)) <= \(places)"
    }

    /// The time that `strptime` gives for a text in which every part of the format has all its digits.
    ///
    /// - Parameters:
    ///   - text: SQL of a `VARCHAR`.
    ///   - format: A format of `strptime`.
    /// - Returns: A `TIMESTAMP`; NULL for other texts and other formats.
    static func time(_ text: String, format: String) -> String {
        "\(timeName)(\(text), \(SQL.literal(format)))"
    }

    /// How many digits a plain number has behind its point; `nil` for what is not one.
    private static func places(_ text: Span<UInt8>) -> Int32? {
        var index = text.isEmpty || !isSign(text[0]) ? 0 : 1
        let start = index
        while index < text.count, digit(text[index]) != nil { index += 1 }
        guard index < text.count else { return index > start ? 0 : nil }
        guard text[index] == UInt8(ascii: ".") else { return nil }
        let point = index
        index += 1
        while index < text.count, digit(text[index]) != nil { index += 1 }
        guard index == text.count, index - start > 1 else { return nil }
        return Int32(index - point - 1)
    }

    private static func time(_ text: Span<UInt8>, _ format: Span<UInt8>) -> Int64? {
        var time = TimeParts()
        var (place, index) = (0, 0)
        while index < format.count {
            if format[index] == UInt8(ascii: "%") {
                index += 1
                guard index < format.count, let size = time.read(format[index], text, place) else { return nil }
                place += size
            } else {
                guard place < text.count, text[place] == format[index] else { return nil }
                place += 1
            }
            index += 1
        }
        return place == text.count ? time.microseconds : nil
    }

    /// Whether a text is of ASCII and has no blank at its ends: of characters of the category Zs, which are what is
    /// trimmed, ASCII has the blank alone.
    private static func isTrimmed(_ text: Span<UInt8>) -> Bool {
        guard !text.isEmpty, text[0] > UInt8(ascii: " "), text[text.count - 1] != UInt8(ascii: " ") else {
            return false
        }
        var bits: UInt8 = 0
        for index in text.indices { bits |= text[index] }
        return bits < 0x80
    }

    private static func isSign(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
    }

    fileprivate static func digit(_ byte: UInt8) -> Int? {
        let value = byte &- UInt8(ascii: "0")
        return value < 10 ? Int(value) : nil
    }
}

/// The parts of a time as a format names them.
private struct TimeParts {
    private var (year, month, day, hour, minute, second) = (-1, -1, -1, -1, -1, -1)

    /// Reads the part that a letter of a format means.
    ///
    /// - Returns: How many bytes it takes; `nil` for another letter, a part that was read before, or too few digits.
    mutating func read(_ letter: UInt8, _ text: Span<UInt8>, _ place: Int) -> Int? {
        switch letter {
        case UInt8(ascii: "Y"): Self.read(4, text, place, &year)
        case UInt8(ascii: "m"): Self.read(2, text, place, &month)
        case UInt8(ascii: "d"): Self.read(2, text, place, &day)
        case UInt8(ascii: "H"): Self.read(2, text, place, &hour)
        case UInt8(ascii: "M"): Self.read(2, text, place, &minute)
        case UInt8(ascii: "S"): Self.read(2, text, place, &second)
        default: nil
        }
    }

    private static func read(_ size: Int, _ text: Span<UInt8>, _ place: Int, _ part: inout Int) -> Int? {
        guard part < 0, place + size <= text.count else { return nil }
        var value = 0
        for index in place..<place + size {
            guard let digit = UsualText.digit(text[index]) else { return nil }
            value = value * 10 + digit
        }
        part = value
        return size
    }

    /// Microseconds since 1970; `nil` where there is no such day or time.
    ///
    /// An hour, minute or second that was not read is 0.
    var microseconds: Int64? {
        guard year > 0, (1...12).contains(month), day > 0, day <= daysOfMonth, hour < 24, minute < 60, second < 60
        else {
            return nil
        }
        let seconds = daysSince1970 * 86_400 + max(0, hour) * 3600 + max(0, minute) * 60 + max(0, second)
        return Int64(seconds) * 1_000_000
    }

    private var daysOfMonth: Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Counted in years that begin with March, so that the day which only some have is the last.
    private var daysSince1970: Int {
        let (years, months) = month > 2 ? (year, month - 3) : (year - 1, month + 9)
        return 365 * years + years / 4 - years / 100 + years / 400 + (153 * months + 2) / 5 + day - 719_469
    }
}
