import JSONTree

/// Writes a moment by a picture.
struct DateFormatting {
    private let date: CalendarDate
    private let offsetHours: Int
    private let offsetMinutes: Int

    private static let standardPicture = "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]"

    /// The text of a moment; without a picture in ISO 8601, without a time zone in UTC.
    static func text(_ milliseconds: Double, picture: String?, zone: String?) throws(Failure) -> String {
        let formatting = try DateFormatting(milliseconds, zone: zone)
        guard let picture else {
            if let text = formatting.standardText() { return text }
            return try formatting.text(standardPicture)
        }
        return try formatting.text(picture)
    }

    private init(_ milliseconds: Double, zone: String?) throws(Failure) {
        let offset = zone.map { NumberText.leadingInteger($0.unicodeScalars) } ?? 0
        let isKnown = offset.magnitude <= 1_000_000
        offsetHours = isKnown ? Int((offset / 100).rounded(.down)) : 0
        offsetMinutes = isKnown ? Int(offset.truncatingRemainder(dividingBy: 100)) : 0
        let shifted = milliseconds + Double((60 * offsetHours + offsetMinutes) * 60_000)
        guard let date = CalendarDate(shifted) else {
            throw Failure("D1001", inserts: ["value": NumberText.json(milliseconds)])
        }
        self.date = date
    }

    /// The text in ISO 8601, which needs no picture for usual years in UTC.
    private func standardText() -> String? {
        guard offsetHours == 0, offsetMinutes == 0, (1000...9999).contains(date.year) else { return nil }
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let fraction = "\(1000 + date.millisecond)".dropFirst()
        return "\(date.year)-\(two(date.month))-\(two(date.day))T"
            + "\(two(date.hour)):\(two(date.minute)):\(two(date.second)).\(fraction)Z"
    }

    private func text(_ picture: String) throws(Failure) -> String {
        var result = ""
        for part in try DatePicture(picture).parts {
            switch part {
            case .literal(let text): result += text
            case .marker(let marker): result += try text(of: marker)
            }
        }
        return result
    }

    private func text(of marker: DatePicture.Marker) throws(Failure) -> String {
        switch marker.component {
        case "P":
            let text = date.hour >= 12 ? "pm" : "am"
            return marker.names == .upper ? text.uppercased() : text
        case "C", "E": return "ISO"
        case "Z", "z": return try zoneText(marker)
        default: break
        }
        guard let number = date.component(marker.component) else {
            throw Failure("D3132", value: .string(String(marker.component)))
        }
        if let names = marker.names { return try name(number, marker, names) }
        guard let integer = marker.integer else { return "" }
        guard marker.component == "Y", let digits = marker.digitMax, digits < 10 else {
            return try integer.format(Double(number))
        }
        return try integer.format(Double(number).truncatingRemainder(dividingBy: Power.of(10, Double(digits))))
    }

    private func name(
        _ number: Int,
        _ marker: DatePicture.Marker,
        _ letterCase: IntegerPicture.LetterCase
    ) throws(Failure) -> String {
        let name: String
        switch marker.component {
        case "M", "x": name = DatePicture.months[number - 1]
        case "F": name = DatePicture.days[number - 1]
        default: throw Failure("D3133", value: .string(String(marker.component)))
        }
        let short = String(name.prefix(marker.widthMax ?? name.count))
        switch letterCase {
        case .upper: return short.uppercased()
        case .lower: return short.lowercased()
        case .title: return short
        }
    }

    private func zoneText(_ marker: DatePicture.Marker) throws(Failure) -> String {
        guard let integer = marker.integer else { return "" }
        let offset = offsetHours * 100 + offsetMinutes
        if offset == 0, marker.modifier == "t" { return "Z" }
        var text: String
        switch (integer.isRegular, integer.mandatoryDigits) {
        case (true, _), (_, 3), (_, 4): text = try integer.format(Double(offset))
        case (_, 1), (_, 2):
            text = try integer.format(Double(offsetHours))
            if offsetMinutes != 0 { text += ":" + (try IntegerPicture("00").format(Double(offsetMinutes))) }
        case (_, let digits): throw Failure("D3134", value: digits.map { .number(Double($0)) })
        }
        if offset >= 0 { text = "+" + text }
        return (marker.component == "z" ? "GMT" : "") + text
    }
}
