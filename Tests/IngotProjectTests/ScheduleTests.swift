import Foundation
import IngotProject
import Testing

@Suite("Schedules")
struct ScheduleTests {
    private static func seconds(_ text: String) throws -> Int64 {
        Int64(try Date(text, strategy: .iso8601).timeIntervalSince1970)
    }

    private static func next(_ expression: String, after text: String, zone: String = "UTC") throws -> String? {
        let schedule = try #require(Schedule(expression, zone: zone), "\(expression)")
        let next = try schedule.next(after: seconds(text))
        return next.map { Date(timeIntervalSince1970: TimeInterval($0)).formatted(.iso8601) }
    }

    /// The examples of EventBridge's guide, and what they say of the week of Monday, 2 March 2026.
    @Test(arguments: [
        ("cron(0 10 * * ? *)", "2026-03-02T10:00:00Z", "2026-03-03T10:00:00Z"),
        ("cron(15 12 * * ? *)", "2026-03-02T12:14:59Z", "2026-03-02T12:15:00Z"),
        ("cron(0 18 ? * MON-FRI *)", "2026-03-06T18:00:00Z", "2026-03-09T18:00:00Z"),
        ("cron(0 8 1 * ? *)", "2026-03-01T08:00:00Z", "2026-04-01T08:00:00Z"),
        ("cron(0/15 * * * ? *)", "2026-03-02T10:46:00Z", "2026-03-02T11:00:00Z"),
        ("cron(0/10 * ? * MON-FRI *)", "2026-03-06T23:50:00Z", "2026-03-09T00:00:00Z"),
        ("cron(0/5 8-17 ? * 2-6 *)", "2026-03-02T17:55:00Z", "2026-03-03T08:00:00Z"),
        ("cron(15 10 ? * 6L 2026-2027)", "2026-03-02T00:00:00Z", "2026-03-27T10:15:00Z"),
        ("cron(0 9 ? * 2#1 *)", "2026-03-02T09:00:00Z", "2026-04-06T09:00:00Z"),
        ("cron(0 9 L * ? *)", "2026-02-01T00:00:00Z", "2026-02-28T09:00:00Z"),
        // 1 March 2026 is a Sunday, and the nearest day of the week is in the month; the 15th is one, too.
        ("cron(0 9 1W * ? *)", "2026-02-15T00:00:00Z", "2026-03-02T09:00:00Z"),
        ("cron(0 9 15W 3 ? *)", "2026-03-01T00:00:00Z", "2026-03-16T09:00:00Z"),
        ("cron(0 0 29 2 ? *)", "2026-03-01T00:00:00Z", "2028-02-29T00:00:00Z"),
        ("rate(5 minutes)", "2026-03-02T10:00:30Z", "2026-03-02T10:05:30Z"),
        ("rate(1 day)", "2026-03-02T10:00:00Z", "2026-03-03T10:00:00Z"),
        ("at(2026-03-02T10:00:00)", "2026-03-01T10:00:00Z", "2026-03-02T10:00:00Z"),
    ])
    func `An expression says when it is next`(_ expression: String, _ start: String, _ expected: String) throws {
        #expect(try Self.next(expression, after: start) == expected)
    }

    @Test func `What never comes again has no next time`() throws {
        #expect(try Self.next("cron(0 0 30 2 ? *)", after: "2026-01-01T00:00:00Z") == nil)
        #expect(try Self.next("cron(0 0 1 1 ? 2020)", after: "2026-01-01T00:00:00Z") == nil)
        #expect(try Self.next("at(2026-03-02T10:00:00)", after: "2026-03-02T10:00:00Z") == nil)
    }

    /// Berlin's clocks skip 02:00 to 03:00 on 29 March 2026, and show it twice on 25 October.
    @Test func `A time that the clock skips has no occurrence, and one that comes twice has one`() throws {
        let daily = "cron(30 2 * * ? *)"
        #expect(try Self.next(daily, after: "2026-03-28T01:30:00Z", zone: "Europe/Berlin") == "2026-03-30T00:30:00Z")
        #expect(try Self.next(daily, after: "2026-10-24T00:30:00Z", zone: "Europe/Berlin") == "2026-10-25T00:30:00Z")
        #expect(try Self.next(daily, after: "2026-10-25T00:30:00Z", zone: "Europe/Berlin") == "2026-10-26T01:30:00Z")
        // A rate counts time, whatever the clocks show.
        #expect(
            try Self.next("rate(1 days)", after: "2026-03-28T12:00:00Z", zone: "Europe/Berlin")
                == "2026-03-29T12:00:00Z"
        )
    }

    /// Every minute of two years is looked at with Foundation's calendar.
    @Test(arguments: ["America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"])
    func `The occurrences of a year are those that a calendar shows minute by minute`(_ zone: String) throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: zone))
        let schedule = try #require(Schedule("cron(0/20 1-3 ? 3,4,10,11 SUN *)", zone: zone))
        let (start, end) = (try Self.seconds("2026-01-01T00:00:00Z"), try Self.seconds("2027-01-01T00:00:00Z"))
        var expected: [Int64] = []
        var shown: Set<DateComponents> = []
        for moment in stride(from: start + 60, through: end, by: 60) {
            let date = Date(timeIntervalSince1970: TimeInterval(moment))
            let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .weekday], from: date)
            guard [3, 4, 10, 11].contains(parts.month), parts.weekday == 1, (1...3).contains(parts.hour ?? 0),
                (parts.minute ?? 1) % 20 == 0, shown.insert(parts).inserted
            else { continue }
            expected.append(moment)
        }
        #expect(expected.count > 100)
        #expect(schedule.occurrences(after: start, through: end, limit: .max / 4) == expected)
        #expect(schedule.occurrences(after: start, through: end, limit: 3) == expected.suffix(3))
    }

    @Test(arguments: [
        ("30 4 * * *", "cron(30 4 * * ? *)"), ("cron(30 4 * * *)", "cron(30 4 * * ? *)"),
        ("cron(30 4 * * * *)", "cron(30 4 * * ? *)"), ("cron(30 4 * * MON *)", "cron(30 4 ? * MON *)"),
        ("rate(0 minutes)", "rate(15 minutes)"), ("rate(5 fortnights)", "rate(15 minutes)"),
        ("at(2026-02-30T00:00:00)", "at(2026-03-02T04:30:00)"), ("daily", "cron(30 4 * * ? *)"),
    ])
    func `What is no schedule is refused with one that is`(_ expression: String, _ hint: String) {
        #expect(Schedule(expression) == nil)
        let findings = Diagnosing.configuration(
            "name: t\nworkflows: {starts: {nightly: {workflow: w, schedule: \"\(expression)\"}}}\n"
        )
        #expect(findings.contains("error[") && findings.contains(hint), "\(findings)")
    }

    @Test(arguments: [
        "cron(60 * * * ? *)", "cron(a * * * ? *)", "cron(*/0 * * * ? *)", "cron(1- * * * ? *)", "cron()", "at()",
    ])
    func `Numbers out of range are refused`(_ expression: String) {
        #expect(Schedule(expression) == nil)
        #expect(Schedule("rate(5 minutes)", zone: "Europe/Berlim") == nil)
    }
}
