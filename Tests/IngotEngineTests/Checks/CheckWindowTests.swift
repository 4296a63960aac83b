import IngotProject
import Testing

@testable import IngotEngine

@Suite("Windows of checks")
struct CheckWindowTests {
    private static func window(
        _ slot: String,
        _ window: String,
        at time: String,
        grace: String = "0 s"
    ) throws -> String {
        let check = """
            check: c
            table: silver.t
            completeness: {event_time: e, slot: \(slot), window: \(window), grace_period: \(grace)}
            """
        let files = InMemoryProjectFiles(["ingot.yml": "name: test\n", "checks/c.yml": check])
        let project = try Project.load(directory: "/project", files: files).project
        guard case .completeness(let completeness) = project.checks[0].expectation else { return "" }
        let found = CheckWindow(completeness, at: try #require(Timestamps.instant(time)))
        return "\(CheckText.time(found.start)) \(found.count) \(CheckText.time(found.end))"
    }

    @Test(
        "A window holds whole slots that have ended",
        arguments: [
            ("30 minutes", "day", "2026-03-03 00:00", "2026-03-02 00:00 48 2026-03-03 00:00"),
            ("30 minutes", "day", "2026-03-03 23:59", "2026-03-02 00:00 48 2026-03-03 00:00"),
            ("30 minutes", "24 h", "2026-03-03 10:29", "2026-03-02 10:00 48 2026-03-03 10:00"),
            ("1 hour", "90 minutes", "2026-03-03 10:29", "2026-03-03 09:00 1 2026-03-03 10:00"),
            ("5 minutes", "hour", "2026-03-03 10:29", "2026-03-03 09:00 12 2026-03-03 10:00"),
            // The 3rd of March 2026 is a Tuesday.
            ("1 day", "week", "2026-03-03", "2026-02-23 00:00 7 2026-03-02 00:00"),
            ("1 week", "14 days", "2026-03-03", "2026-02-16 00:00 2 2026-03-02 00:00"),
            ("1 day", "month", "2024-03-31", "2024-02-01 00:00 29 2024-03-01 00:00"),
            // Of the weeks of January 2026 three lie in it as a whole: those of the 5th, the 12th and the 19th.
            ("1 week", "month", "2026-02-01", "2026-01-05 00:00 3 2026-01-26 00:00"),
            ("1 day", "year", "1969-06-01", "1968-01-01 00:00 366 1969-01-01 00:00"),
        ]
    )
    func windows(slot: String, window: String, time: String, expected: String) throws {
        #expect(try Self.window(slot, window, at: time) == expected)
    }

    @Test("A value is shown in one short line")
    func values() {
        #expect(CheckText.value("a\u{1B}[2J\nb é") == "a\\u{1b}[2J\\nb é")
        let long = String(repeating: "x", count: 2_000)
        #expect(CheckText.value(long) == long.prefix(100) + "…")
        #expect(CheckText.shortened(long) == long.prefix(1_000) + "…")
        #expect(CheckText.shortened("a\nb") == "a\nb")
    }

    @Test("A grace period puts off what is looked at")
    func gracePeriod() throws {
        #expect(
            try Self.window("30 minutes", "day", at: "2026-03-03 00:59", grace: "1 h")
                == "2026-03-01 00:00 48 2026-03-02 00:00"
        )
        #expect(
            try Self.window("30 minutes", "day", at: "2026-03-03 01:00", grace: "1 h")
                == "2026-03-02 00:00 48 2026-03-03 00:00"
        )
    }
}
