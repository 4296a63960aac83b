import DuckDB
import IngotProject

/// The SQL that casts text to a type, and the condition under which nothing of the text is lost.
///
/// DuckDB's `TRY_CAST` rounds `2.5` to 3, reads `1_000` as 1000, rounds `12.345` to two places, and drops the offset of
/// a `timestamp` and the time of a `date`. A contract accepts none of these unless the column says `coerce: true`.
struct LosslessCast {
    let type: DataType
    /// `strptime` formats, the first that fits; empty for the type's own form.
    var formats: [String] = []

    /// The typed value of a text, NULL where it is none.
    func value(of text: String) -> String {
        guard formats.isEmpty else {
            // Nearly every text has the first format's usual form, and nearly none has blanks around it.
            let list =
                formats.count == 1
                ? SQL.literal(formats[0]) : "[\(formats.map(SQL.literal).joined(separator: ", "))]"
            let usual = UsualText.time(text, format: formats[0])
            let value =
                "TRY_CAST(coalesce(\(usual), try_strptime(\(text), \(list)), try_strptime(trim(\(text)), \(list)))"
                + " AS \(type.sql))"
            guard formats.allSatisfy({ $0.hasSuffix("%z") }) else { return value }
            return "CASE WHEN NOT regexp_matches(trim(\(text)), '\(Self.wrongOffset)') THEN \(value) END"
        }
        return switch type {
        case .varchar: text
        case .json: "CASE WHEN json_valid(\(text)) THEN \(text) END"
        case .blob: "TRY(encode(\(text)))"
        // The key of a map that cannot be cast is an error to `TRY_CAST`.
        case .list, .structure, .map: "TRY(TRY_CAST(TRY_CAST(\(text) AS JSON) AS \(type.sql)))"
        case .timestamptz: instant(text)
        default: "TRY_CAST(\(text) AS \(type.sql))"
        }
    }

    /// The instant of a text; without an offset it is in UTC.
    ///
    /// The engine's own cast takes such a text to be in the zone that a row before it has named.
    private func instant(_ text: String) -> String {
        "CASE WHEN \(Self.isUsualTime(text)) OR NOT \(Self.hasOffset(text))"
            + " THEN TRY_CAST(TRY_CAST(\(text) AS TIMESTAMP) AS TIMESTAMPTZ)"
            + " WHEN NOT regexp_matches(trim(\(text)), ':[0-9]{2}([.:][0-9.]*)?\\s*\(Self.wrongOffset)')"
            + " THEN TRY_CAST(\(text) AS TIMESTAMPTZ) END"
    }

    /// The conditions one of which holds if `value`, the cast of `text`, says all that the text said; they are only asked
    /// where neither is NULL, in this order.
    ///
    /// The first is cheap and true of nearly every text.
    func isLossless(text: String, value: String) -> [String]? {
        guard formats.isEmpty else { return nil }
        return switch type {
        case .boolean, .varchar, .json, .blob, .uuid: nil
        case .list, .structure, .map: [nested(text)]
        case .integer, .bigint: number(text, value, places: 0)
        case .decimal(_, let scale): number(text, value, places: scale)
        case .float, .double: [floating(text, value)]
        case .date: [date(text, value)]
        case .time: [time(text)]
        case .timestamp: [timestamp(text, value, keepsOffset: false)]
        case .timestamptz: [timestamp(text, value, keepsOffset: true)]
        }
    }

    /// Plain digits that fit are the number; otherwise the numbers must be equal.
    private func number(_ text: String, _ value: String, places: Int) -> [String] {
        [
            UsualText.isPlainNumber(text, places: places),
            "(NOT contains(\(text), '_') AND \(equalDecimal(text, value)))",
        ]
    }

    /// Compares a number's text with its cast, digit by digit: the text without sign noise, zeros and exponent.
    ///
    /// A text with an exponent, or with more digits than a 38-digit decimal has, counts as equal only if the
    /// double of it is the value and the value has at most 15 digits.
    private func equalDecimal(_ text: String, _ value: String) -> String {
        let digits = "regexp_replace(trim(\(text)), '^[+]', '')"
        let plain = "regexp_full_match(\(digits), '-?[0-9]*[.]?[0-9]*')"
        let canonical = Self.canonicalNumber(digits)
        let canonicalValue = Self.canonicalNumber("CAST(\(value) AS VARCHAR)")
        // A number that is too small for a double is no zero.
        let isZero = "regexp_full_match(\(digits), '-?[0.]*([eE].*)?')"
        return "CASE WHEN \(plain) THEN \(canonical) = \(canonicalValue)"
            + " WHEN CAST(\(value) AS DOUBLE) = 0 THEN \(isZero) ELSE abs(CAST(\(value) AS DOUBLE)) < 1e15 AND TRY_CAST(\(text) AS DOUBLE) = CAST(\(value) AS DOUBLE) END"
    }

    /// Removes leading zeros, trailing zeros of the fraction, and a point or sign that then says nothing.
    private static func canonicalNumber(_ text: String) -> String {
        let noFraction = "regexp_replace(\(text), '[.]0*$', '')"
        let shortFraction = "regexp_replace(\(noFraction), '([.][0-9]*[1-9])0+$', '\\1')"
        let noLeadingZeros = "regexp_replace(\(shortFraction), '^(-?)0+', '\\1')"
        return "regexp_replace(\(noLeadingZeros), '^-?$', '')"
    }

    /// Binary fractions are approximate by nature; only overflow to infinity and underscores lose something.
    private func floating(_ text: String, _ value: String) -> String {
        "(NOT contains(\(text), '_') AND (isfinite(\(value)) OR regexp_matches(\(text), '(?i)^\\s*[+-]?(inf|nan)')))"
    }

    /// The text must be a calendar date, with at most a midnight behind it.
    private func date(_ text: String, _ value: String) -> String {
        "(isfinite(\(value)) AND (length(\(text)) = 10 AND substr(\(text), 5, 1) = '-'"
            + " OR regexp_full_match(trim(\(text)), '[-+0-9/]+( \\(BC\\))?([T ]00:00(:00([.]0*)?)?)?')))"
    }

    private func time(_ text: String) -> String {
        // The engine takes 24:00:00, which no table format has.
        "regexp_full_match(trim(\(text)), '([01]?[0-9]|2[0-3]):[0-9]{2}(:[0-9]{2}([.][0-9]{0,6}0*)?)?')"
    }

    /// At most six digits of a second; an offset only where the type keeps the instant.
    private func timestamp(_ text: String, _ value: String, keepsOffset: Bool) -> String {
        let precise = "NOT regexp_matches(\(text), '[.][0-9]{6}[0-9]*[1-9]')"
        let condition = keepsOffset ? precise : "\(precise) AND NOT \(Self.hasOffset(text))"
        // Words such as `epoch` are times to the engine.
        let number = "regexp_matches(\(text), '^\\s*[-+0-9]')"
        return "(isfinite(\(value)) AND (\(Self.isUsualTime(text)) OR (\(number) AND \(condition))))"
    }

    /// The end of a text with an offset that no place has.
    ///
    /// The engine takes 16 hours and more, and minutes or seconds beyond 59. PostgreSQL has the same bound.
    private static let wrongOffset =
        "[+-](1[6-9]|[2-9][0-9]|[0-9]{2}:?[6-9]|[0-9]{2}:?[0-9]{2}:?[6-9])[0-9:]*$"

    /// Whether a text has the length and the colons of `2026-11-22 10:00:00`, which nearly all have.
    private static func isUsualTime(_ text: String) -> String {
        "(length(\(text)) = 19 AND substr(\(text), 17, 1) = ':')"
    }

    /// Whether a text of a time ends with an offset, or with the name of a zone.
    private static func hasOffset(_ text: String) -> String {
        "regexp_matches(trim(\(text)), ':[0-9]{2}([.:][0-9.]*)?\\s*([zZ]|[+-][0-9:]+|[A-Za-z][A-Za-z0-9_/+-]*)$')"
    }
}
