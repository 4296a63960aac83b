import IngotCore

/// Reads numbers with units.
enum Quantity {
    /// Why a text is no quantity.
    struct Problem: Error {
        var message: String
        var hint: String?
    }

    /// Seconds of every unit of time that is accepted; months and years have no fixed length and are none.
    private static let seconds: [(names: [String], seconds: Int64)] = [
        (["s", "sec", "secs", "second", "seconds"], 1),
        (["m", "min", "mins", "minute", "minutes"], 60),
        (["h", "hr", "hrs", "hour", "hours"], 3_600),
        (["d", "day", "days"], 86_400),
        (["w", "week", "weeks"], 604_800),
    ]

    private static let bytes: [String: Int] = [
        "b": 1, "kb": 1_000, "mb": 1_000_000, "gb": 1_000_000_000, "tb": 1_000_000_000_000,
        "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "tib": 1 << 40,
    ]

    static func parseDuration(_ text: String) -> Result<Duration, Problem> {
        let parts = parts(of: text)
        guard !parts.isEmpty else {
            return .failure(Problem(message: "\"\(text.abbreviated)\" is not a duration", hint: "30 s, 12 h or 7 days"))
        }
        var milliseconds: Int64 = 0
        for (number, unit) in parts {
            if unit.isEmpty {
                return .failure(
                    Problem(message: "the duration \"\(text.abbreviated)\" has no unit", hint: "\(number) s, m, h or d")
                )
            }
            guard unit == "ms" || unit == "milliseconds" || seconds.contains(where: { $0.names.contains(unit) }) else {
                return .failure(unknownTimeUnit(unit))
            }
            let factor = seconds.first { $0.names.contains(unit) }.map { $0.seconds * 1_000 } ?? 1
            let limit = Int64.max / 4 - milliseconds
            guard let value = scaled(number, by: factor), value < limit else {
                return .failure(
                    Problem(message: "\"\(text.abbreviated)\" is not a duration of whole milliseconds", hint: nil)
                )
            }
            milliseconds += value
        }
        return .success(.milliseconds(milliseconds))
    }

    static func parseByteSize(_ text: String) -> Result<ByteSize, Problem> {
        let parts = parts(of: text)
        guard parts.count == 1, let (number, unit) = parts.first else {
            return .failure(Problem(message: "\"\(text.abbreviated)\" is not a size", hint: "512MiB or 2GB"))
        }
        if unit.isEmpty {
            return .failure(
                Problem(
                    message: "the size \"\(text.abbreviated)\" has no unit",
                    hint: "\(number) B, MB, MiB, GB or GiB"
                )
            )
        }
        let units = ["B", "kB", "MB", "GB", "TB", "KiB", "MiB", "GiB", "TiB"]
        guard let factor = bytes[unit] ?? bytes[unit + "b"] else {
            return .failure(
                Problem(
                    message: "\"\(unit)\" is not a unit of size; units: \(units.joined(separator: ", "))",
                    hint: NearestMatch.find(unit, among: units)
                )
            )
        }
        guard let value = scaled(number, by: Int64(factor)) else {
            return .failure(Problem(message: "\"\(text.abbreviated)\" is not a whole number of bytes", hint: nil))
        }
        return .success(ByteSize(bytes: Int(value)))
    }

    private static func unknownTimeUnit(_ unit: String) -> Problem {
        if ["month", "months", "mon", "year", "years", "y"].contains(unit) {
            return Problem(message: "a \(unit) has no fixed length", hint: "a number of days")
        }
        return Problem(
            message: "\"\(unit.abbreviated)\" is not a unit of time; units: ms, s, m, h, d, w and their names",
            hint: NearestMatch.find(unit, among: seconds.flatMap(\.names))
        )
    }

    /// Numbers and the lower-case words that follow them; empty where the text is nothing of the kind.
    private static func parts(of text: String) -> [(number: String, unit: String)] {
        var parts: [(number: String, unit: String)] = []
        var rest = text[...].drop { $0 == " " }
        while !rest.isEmpty {
            let number = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." || $0 == "_" }
            guard Numbers.isNumber(number.filter { $0 != "_" }), parts.count < 8 else { return [] }
            rest = rest.dropFirst(number.count).drop { $0 == " " }
            let unit = rest.prefix { $0.isASCII && $0.isLetter }
            rest = rest.dropFirst(unit.count).drop { $0 == " " }
            parts.append((number.filter { $0 != "_" }, unit.lowercased()))
        }
        return parts
    }

    /// `number * factor` where that is a whole number that fits.
    private static func scaled(_ number: String, by factor: Int64) -> Int64? {
        let parts = number.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let fraction = parts.count == 2 ? String(parts[1]) : ""
        guard fraction.count <= 6, let digits = Int64(parts[0] + fraction) else { return nil }
        let (product, overflow) = digits.multipliedReportingOverflow(by: factor)
        let divisor = (0..<fraction.count).reduce(Int64(1)) { power, _ in power * 10 }
        return overflow || product % divisor != 0 ? nil : product / divisor
    }
}
