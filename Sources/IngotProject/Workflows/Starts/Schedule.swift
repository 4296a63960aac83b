import Foundation
import StatesLanguage

/// When something happens again and again, as EventBridge Scheduler writes it.
public struct Schedule: Hashable, Sendable {
    /// The forms of a schedule.
    enum Form: Hashable, Sendable {
        /// Once, at a local time in seconds since 1970.
        case at(Int64)
        /// Every so many seconds.
        case rate(seconds: Int64)
        /// At local times.
        case cron(CronFields)
    }

    /// The expression, as it is written.
    public let expression: String
    /// The IANA name of the time zone.
    public let zone: String
    let form: Form

    /// A schedule without further checks of its zone.
    init(expression: String, zone: String, form: Form) {
        self.expression = expression
        self.zone = zone
        self.form = form
    }

    /// A schedule; `nil` where the expression or the zone is none.
    public init?(_ expression: String, zone: String = "UTC") {
        guard case .success(let form) = ScheduleParser.parse(expression), TimeZone(identifier: zone) != nil else {
            return nil
        }
        self.init(expression: expression, zone: zone, form: form)
    }

    /// The first occurrence after a moment, both in seconds since 1970 UTC; `nil` where there is none.
    ///
    /// A local time that the clock skips in spring has no occurrence, and one that comes twice in autumn has one. What
    /// comes at a rate counts from the moment, which is that of the last occurrence.
    public func next(after moment: Int64) -> Int64? {
        switch form {
        case .rate(let seconds): return moment + seconds
        case .at(let local):
            let clock = LocalClock(zone)
            return clock.moments(of: local).first.flatMap { $0 > moment ? $0 : nil }
        case .cron(let fields):
            let clock = LocalClock(zone)
            var local = clock.local(moment)
            while let candidate = fields.next(after: local) {
                if let found = clock.moments(of: candidate).first, found > moment { return found }
                local = candidate
            }
            return nil
        }
    }

    /// The occurrences after a moment, up to another one, at most the newest so many.
    public func occurrences(after start: Int64, through end: Int64, limit: Int) -> [Int64] {
        var found: [Int64] = []
        var start = start
        if case .rate(let seconds) = form, end > start {
            // Only the newest ones are wanted.
            let count = (end - start) / seconds
            start += max(0, count - Int64(limit)) * seconds
        }
        while let next = next(after: start), next <= end {
            found.append(next)
            if found.count >= 2 * limit { found.removeFirst(found.count - limit) }
            start = next
        }
        return found.suffix(limit)
    }

    /// The local date and time of a moment.
    public func localTime(of moment: Int64) -> LocalTime {
        LocalTime(seconds: LocalClock(zone).local(moment))
    }
}

/// What the clocks of a time zone show.
private struct LocalClock {
    private let zone: TimeZone

    /// The clocks of a zone; those of UTC where it is not known.
    init(_ name: String) {
        zone = TimeZone(identifier: name) ?? .gmt
    }

    private func offset(_ moment: Int64) -> Int64 {
        Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(moment))))
    }

    /// What the clocks show at a moment, as if it were UTC.
    func local(_ moment: Int64) -> Int64 {
        moment + offset(moment)
    }

    /// The moments at which the clocks show a time, the first one first: none, one or two.
    func moments(of local: Int64) -> [Int64] {
        let offsets = Set([offset(local - 86_400), offset(local + 86_400)])
        return offsets.map { local - $0 }.filter { self.local($0) == local }.sorted()
    }
}

/// A date and time of day without a time zone.
public struct LocalTime: Hashable, Sendable {
    /// The year.
    public let year: Int
    /// The month, from 1.
    public let month: Int
    /// The day, from 1.
    public let day: Int
    /// The hour.
    public let hour: Int
    /// The minute.
    public let minute: Int

    /// The time that so many seconds since 1970 show, as if they were UTC.
    package init(seconds: Int64) {
        let days = Int((Double(seconds) / 86_400).rounded(.down))
        let date = CivilDate(daysSinceEpoch: days)
        (year, month, day) = (date.year, date.month, date.day)
        let second = Int(seconds) - days * 86_400
        (hour, minute) = (second / 3600, second / 60 % 60)
    }
}
