import IngotEngine

/// An instant of made-up data, to the second.
struct GeneratedTime: Sendable {
    /// Seconds since 1970 UTC.
    var seconds: Int

    /// The beginning of a day, `2026-01-31`; `nil` if the text is none.
    init?(day: String) {
        let parts = day.split(separator: "-", omittingEmptySubsequences: false).compactMap { Int($0) }
        guard parts.count == 3, (1...9999).contains(parts[0]) else { return nil }
        let days = CivilDate.days(year: parts[0], month: parts[1], day: parts[2])
        guard CivilDate.parts(ofDays: days) == (parts[0], parts[1], parts[2]) else { return nil }
        seconds = days * 86_400
    }

    /// So many seconds later.
    func adding(_ more: Int) -> GeneratedTime {
        var time = self
        time.seconds += more
        return time
    }

    /// `2026-01-31T12:00:00Z`.
    var iso: String {
        String(Timestamps.iso(Int64(seconds) * 1_000_000_000).prefix(19)) + "Z"
    }

    /// `2026-01-31`.
    var day: String {
        String(iso.prefix(10))
    }

    /// `01/31/2026 12:00:00`.
    var american: String {
        let text = Array(iso)
        return "\(String(text[5..<7]))/\(String(text[8..<10]))/\(String(text[0..<4])) \(String(text[11..<19]))"
    }
}
