import JSONTree

/// Reads a moment by a picture.
struct DateParsing {
    private var components: [Character: Double] = [:]
    /// Whether the picture has any component, even if it was given by a name that is unknown.
    private var hasComponents = false

    /// The milliseconds since 1970; nothing where the text does not fit the picture.
    static func milliseconds(_ text: String, picture: String, _ evaluator: Evaluator) throws(Failure) -> Double? {
        var parsing = DateParsing()
        guard try parsing.read(text, DatePicture(picture), evaluator), parsing.hasComponents else { return nil }
        return try parsing.milliseconds(now: evaluator.now)
    }

    /// Takes the text apart; answers whether it fits.
    private mutating func read(
        _ text: String,
        _ picture: DatePicture,
        _ evaluator: Evaluator
    ) throws(Failure) -> Bool {
        var pattern = "^"
        for part in picture.parts {
            switch part {
            case .literal(let text): pattern += "(" + DateParsing.escaped(text) + ")"
            case .marker(let marker): pattern += "(" + (try DateParsing.pattern(marker)) + ")"
            }
        }
        try evaluator.spend(16 * pattern.utf8.count)
        let program = try RegexProgram(Array((pattern + "$").utf16), flags: [UInt16(ascii: "i")], position: 0)
        let subject = RegexSubject(text)
        var matcher = RegexMatcher(program, subject, evaluator)
        guard let match = try matcher.firstMatch(from: 0) else { return false }
        for (index, part) in picture.parts.enumerated() {
            guard case .marker(let marker) = part, let range = match.group(index + 1) else { continue }
            hasComponents = true
            components[marker.component] = try DateParsing.value(subject.text(range), marker)
        }
        return true
    }

    private static func escaped(_ literal: String) -> String {
        literal.map { ".*+?^${}()|[]\\".contains($0) ? "\\\($0)" : String($0) }.joined()
    }

    private static func pattern(_ marker: DatePicture.Marker) throws(Failure) -> String {
        if marker.component == "Z" || marker.component == "z" {
            let separator = zoneSeparator(marker).map { escaped($0) + "[0-9]+" } ?? ""
            return (marker.component == "z" ? "GMT" : "") + "[-+][0-9]+" + separator
        }
        if let integer = marker.integer { return try integer.pattern() }
        guard "MxFP".contains(marker.component) else {
            throw Failure("D3133", value: .string(String(marker.component)))
        }
        return "[a-zA-Z]+"
    }

    private static func zoneSeparator(_ marker: DatePicture.Marker) -> String? {
        guard let integer = marker.integer, integer.isRegular else { return nil }
        return integer.separators.first?.character
    }

    /// The number that a text gives for a component; nothing for a name that is unknown.
    private static func value(_ text: String, _ marker: DatePicture.Marker) throws(Failure) -> Double? {
        if marker.component == "Z" || marker.component == "z" { return zoneMinutes(text, marker) }
        if let integer = marker.integer { return try integer.parse(text) }
        let names =
            switch marker.component {
            case "P": ["am", "pm"]
            case "F": DatePicture.days
            default: DatePicture.months
            }
        if marker.component == "P" {
            return names.firstIndex { text == $0 || text == $0.uppercased() }.map { Double($0) }
        }
        let width = marker.widthMax.flatMap { $0 > 0 ? $0 : nil } ?? .max
        return names.firstIndex { text == $0.prefix(width) }.map { Double($0 + 1) }
    }

    private static func zoneMinutes(_ text: String, _ marker: DatePicture.Marker) -> Double {
        let offset = marker.component == "z" ? String(text.dropFirst(3)) : text
        let (hours, minutes): (Substring, Substring)
        if let separator = zoneSeparator(marker)?.first, let place = offset.firstIndex(of: separator) {
            (hours, minutes) = (offset[..<place], offset[offset.index(after: place)...])
        } else if offset.count <= 3 {
            (hours, minutes) = (offset[...], "0")
        } else {
            (hours, minutes) = (offset.prefix(3), offset.dropFirst(3))
        }
        return NumberText.leadingInteger(hours.unicodeScalars) * 60 + NumberText.leadingInteger(minutes.unicodeScalars)
    }
}

extension DateParsing {
    /// The components that together give a date or a time, from the most to the least significant.
    private struct Combination {
        let components: String

        /// Whether some of the components are given, and none of another combination.
        func fits(_ given: Set<Character>, among all: String) -> Bool {
            let relevant = given.filter { all.contains($0) }
            return !relevant.isEmpty && relevant.allSatisfy { components.contains($0) }
        }
    }

    /// The moment, with the present for what is left out before the given components, and the least for what is left
    /// out after them.
    fileprivate mutating func milliseconds(now: Int64) throws(Failure) -> Double {
        // As in the reference implementation, a component that is zero counts as not given here.
        let given = Set(components.filter { $0.value != 0 && !$0.value.isNaN }.keys)
        let fits = { (combination: String, all: String) in
            Combination(components: combination).fits(given, among: all)
        }
        let isByDayOfYear = !fits("YMD", "YXMxWwdD") && fits("Yd", "YXMxWwdD")
        let isByWeekOfMonth = fits("XxwF", "YXMxWwdD")
        let isByWeek = !isByWeekOfMonth && fits("XWF", "YXMxWwdD")
        let isTwelveHours = !fits("Hmsf", "PHhmsf") && fits("Phmsf", "PHhmsf")
        let date = isByDayOfYear ? "YD" : isByWeekOfMonth ? "XxwF" : isByWeek ? "XWF" : "YMD"
        try complete(date + (isTwelveHours ? "Phmsf" : "Hmsf"), now: now)
        // Dates by week are not read by the reference implementation either.
        guard !isByWeekOfMonth, !isByWeek else { throw Failure("D3136") }
        var month = components["M"].map { $0 > 0 ? $0 : 1 } ?? 1
        var day = components["D"] ?? .nan
        if isByDayOfYear {
            let newYear = CalendarDate.milliseconds(year: components["Y"] ?? .nan, month: 1, day: 1)
            let moment = newYear + ((components["d"] ?? .nan) - 1) * 86_400_000
            guard let derived = CalendarDate(moment) else { return .nan }
            (month, day) = (Double(derived.month), Double(derived.day))
        }
        var hour = components["H"] ?? .nan
        if isTwelveHours {
            hour = components["h"].map { $0 == 12 ? 0 : $0 } ?? .nan
            if components["P"] == 1 { hour += 12 }
        }
        let moment = CalendarDate.milliseconds(
            year: components["Y"] ?? .nan,
            month: month,
            day: day,
            hour: hour,
            minute: components["m"] ?? .nan,
            second: components["s"] ?? .nan,
            millisecond: components["f"] ?? .nan
        )
        let zone = components["Z"].flatMap { $0 == 0 || $0.isNaN ? nil : $0 } ?? components["z"] ?? 0
        return moment - zone * 60_000
    }

    private mutating func complete(_ wanted: String, now: Int64) throws(Failure) {
        let present = CalendarDate(Double(now))
        var hasBegun = false
        var hasEnded = false
        for component in wanted {
            if components[component] != nil {
                hasBegun = true
                guard !hasEnded else { throw Failure("D3136") }
            } else if hasBegun {
                components[component] = "MDd".contains(component) ? 1 : 0
                hasEnded = true
            } else {
                components[component] = present?.component(component).map { Double($0) } ?? 0
            }
        }
    }
}
