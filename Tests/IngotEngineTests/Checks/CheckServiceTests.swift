import Foundation
import IngotCore
import IngotProject
import JSONTree
import Testing

@testable import IngotEngine

/// Checks of real tables, judged for a given time.
@Suite("Checks", .timeLimit(.minutes(30)))
struct CheckServiceTests {
    private static let pipeline = """
        pipeline: calls
        source: {path: landing/, format: csv}
        columns:
          - {name: extension, data_type: integer}
          - {name: site, data_type: varchar}
          - {name: done_at, data_type: timestamp}
          - {name: sent_at, data_type: timestamptz}
          - {name: day, data_type: date}
        silver: {table: silver.calls, event_time: done_at}
        """

    private static func project(_ checks: [String: String], landing: [String: String] = [:]) throws -> TestProject {
        var files = ["pipelines/calls.yml": pipeline]
        for (name, check) in checks { files["checks/\(name).yml"] = "check: \(name)\n\(check)" }
        for (name, text) in landing { files["landing/\(name)"] = "extension,site,done_at,sent_at,day\n\(text)" }
        return try TestProject(files)
    }

    private static func report(
        _ project: TestProject,
        _ name: String = "c",
        at time: String
    ) async throws -> CheckReport {
        let instant = try #require(Timestamps.instant(time))
        return try await project.withEngine { engine in
            let check = try #require(engine.services.project.check(named: name))
            return try await CheckService(engine, router: nil).run(check, at: instant * 1_000)
        }
    }

    // MARK: Freshness

    private static let calls = """
        1,a,2026-03-02 09:10:00,2026-03-02 10:10:00+02,2026-03-01
        1,a,2026-03-02 09:40:00,2026-03-02 09:40:00+02,2026-03-02
        2,b,2026-03-02 10:05:00,,2026-03-09
        2,b,2030-01-01 00:00:00,,

        """

    @Test(
        "The newest row up to the time of the check tells how fresh a table is",
        arguments: [
            ("done_at", "2026-03-02 11:05:00", "pass", "the newest row is 1 h old"),
            ("done_at", "2026-03-02 12:05:00", "pass", "the newest row is 2 h old"),
            ("done_at", "2026-03-02 12:05:01", "warn", "the newest row is 2 h 1 s old, more than 2 h"),
            ("done_at", "2026-03-03 13:05:00", "fail", "the newest row is 1 d 3 h old, more than 1 d"),
            ("sent_at", "2026-03-02 08:10:00", "pass", "the newest row is 0 s old"),
            ("sent_at", "2026-03-02 10:20:00", "warn", "the newest row is 2 h 10 min old, more than 2 h"),
            ("day", "2026-03-02 01:00:00", "pass", "the newest row is 1 h old"),
            ("done_at", "2026-03-02 09:00:00", "fail", "none of 4 rows has a time up to now"),
        ]
    )
    func freshness(column: String, time: String, status: String, summary: String) async throws {
        let check = "table: silver.calls\nfreshness: {event_time: \(column), warn_after: 2 h, error_after: 1 d}\n"
        let project = try Self.project(["c": check], landing: ["a.csv": Self.calls])
        try await project.ingest()
        let report = try await Self.report(project, at: time)
        #expect(report.status.rawValue == status, "\(report.text)")
        #expect(report.summary == summary)
        #expect(report.error == nil)
    }

    @Test("A table without rows is not fresh, and why is said")
    func emptyTable() async throws {
        let check = "table: silver.calls\nfreshness: {warn_after: 2 h}\n"
        let project = try Self.project(["c": check])
        let nothing = try await Self.report(project, at: "2026-03-02")
        #expect(nothing.status == .warn && nothing.summary == "there are no rows")
        #expect(nothing.reason == .noFile && nothing.lines == ["calls: no file came"])
        try project.write("extension,site,done_at,sent_at,day\n1,a,never,,\n", to: "landing/a.csv")
        let waiting = try await Self.report(project, at: "2026-03-02")
        #expect(waiting.reason == .notLoaded, "\(waiting.text)")
        #expect(waiting.lines == ["calls: 1 file came, 1 not loaded, 0 of 0 rows rejected"])
        try await project.ingest()
        let rejected = try await Self.report(project, at: "2026-03-02")
        #expect(rejected.reason == .rowsRejected)
        #expect(rejected.lines == ["calls: 1 file came, 1 of 1 row rejected"])
    }

    // MARK: Completeness

    private static func complete(_ rest: String, severity: String = "error") -> String {
        "table: silver.calls\nseverity: \(severity)\ncompleteness: {slot: 6 h, window: day, \(rest)}\n"
    }

    /// Extension 1 has all quarters of the 2nd of March, 2 has the second and fourth; some rows count for none.
    private static let day = """
        1,a,2026-03-02 00:00:00,,
        1,a,2026-03-02 06:00:00,,
        1,a,2026-03-02 17:59:59.999999,,
        1,a,2026-03-02 18:30:00,,
        2,b,2026-03-02 06:10:00,,
        2,b,2026-03-02 06:20:00,,
        2,b,2026-03-02 23:59:59,,
        2,b,2026-03-03 00:00:00,,
        2,b,,,
        ,b,2026-03-02 01:00:00,,
        3,c,2026-02-23 12:00:00,,

        """

    @Test("Missing slots are found for each key, in ranges")
    func missingSlots() async throws {
        let project = try Self.project(
            ["c": Self.complete("key: extension, expected: {values: [2, 1, 4]}")],
            landing: ["a.csv": Self.day]
        )
        try await project.ingest()
        let report = try await Self.report(project, at: "2026-03-03")
        #expect(report.status == .fail && report.reason == .slotsMissing)
        let found = try #require(report.findings["completeness"])
        #expect(found["from"] == "2026-03-02T00:00:00.000000Z" && found["to"] == "2026-03-03T00:00:00.000000Z")
        #expect(found["expected_slots"] == 12 && found["missing_slots"] == 6 && found["missing_keys"] == 2)
        let ranges = try #require(found["missing"]?.arrayValue)
        #expect(ranges.map { $0["key"]?["extension"] } == ["2", "2", "4"])
        #expect(ranges.map { $0["from"]?.stringValue?.dropFirst(8).prefix(5) } == ["02T00", "02T12", "02T00"])
        #expect(ranges.map { $0["slots"] } == [1, 1, 4])
        #expect(
            report.lines == [
                "missing of extension 2: 2026-03-02 00:00 to 2026-03-02 06:00 (1 slot), "
                    + "2026-03-02 12:00 to 2026-03-02 18:00 (1 slot)",
                "missing of extension 4: 2026-03-02 00:00 to 2026-03-03 00:00 (4 slots)",
                "calls: 1 file came, 0 of 11 rows rejected since 2026-03-02 00:00 UTC",
            ]
        )
        let time = "from 2026-03-02 00:00 to 2026-03-03 00:00 UTC"
        #expect(report.summary == "6 of 12 slots missing, of 2 of 3 keys, \(time)")
    }

    @Test(
        "The expected keys are those seen lately, those of a query, or none",
        arguments: [
            ("key: extension", 8, 2),
            ("key: extension, expected: {seen_within: 8 days}", 12, 6),
            ("key: [site, extension]", 8, 2),
            ("key: extension, expected: {sql: 'SELECT id FROM seeds.extensions'}", 8, 4),
            ("key: extension, expected: {sql: 'SELECT id FROM seeds.extensions WHERE id > 9'}", 0, 0),
            ("event_time: done_at", 4, 0),
            ("event_time: sent_at", 4, 4),
        ]
    )
    func expectedKeys(rest: String, expected: Int64, missing: Int64) async throws {
        let project = try Self.project(["c": Self.complete(rest)], landing: ["a.csv": Self.day])
        try project.write("id\n1\n5\n", to: "seeds/extensions.csv")
        try await project.ingest()
        let report = try await Self.report(project, at: "2026-03-03")
        #expect(report.error == nil, "\(report.text)")
        let found = try #require(report.findings["completeness"], "\(report.text)")
        #expect(found["expected_slots"] == .integer(expected), "\(found)")
        #expect(found["missing_slots"] == .integer(missing), "\(found)")
        // What expects nothing finds nothing.
        #expect(report.status == (missing > 0 || expected == 0 ? .fail : .pass))
    }

    @Test("Where no key was ever seen, nothing is complete")
    func noKeys() async throws {
        let project = try Self.project(["c": Self.complete("key: extension", severity: "warn")])
        let report = try await Self.report(project, at: "2026-03-03")
        #expect(report.status == .warn && report.reason == .noFile)
        #expect(report.summary == "nothing can be expected: no key was seen within 7 d")
    }

    @Test("A file of the day before with rejected rows may have held those that are missing")
    func rejectedBesideEarlierRows() async throws {
        let project = try Self.project(
            ["c": Self.complete("key: extension")],
            landing: ["monday.csv": "1,a,2026-03-02 01:00:00,,\n1,a,soon,,\n"]
        )
        try await project.ingest()
        let report = try await Self.report(project, at: "2026-03-04")
        #expect(report.status == .fail && report.reason == .rowsRejected, "\(report.text)")
        #expect(report.lines.last == "calls: 1 file came, 1 of 2 rows rejected since 2026-03-03 00:00 UTC")
    }

    @Test("A date that no timestamp reaches is that of one row, and no error of the check")
    func farDate() async throws {
        let rest = "{slot: 1 d, window: day, event_time: day}"
        let project = try Self.project(
            [
                "c": "table: silver.calls\ncompleteness: \(rest)\n",
                "f": "table: silver.calls\nfreshness: {event_time: day, error_after: 2 d}\n",
            ]
        )
        let days = "extension,site,done_at,sent_at,day\n1,a,,,2026-03-02\n2,a,,,300000-01-01\n"
        try project.write(days, to: "landing/a.csv")
        try await project.ingest()
        for name in ["c", "f"] {
            let report = try await Self.report(project, name, at: "2026-03-03")
            #expect(report.status == .pass, "\(report.text)")
        }
    }

    @Test("A file of the day before that came late is no file of the day, also for gold")
    func fileOfTheDayBefore() async throws {
        let complete = "completeness: {event_time: hour, slot: 12 h, window: day, key: extension}\n"
        let project = try Self.project(
            ["c": Self.complete("key: extension"), "g": "table: gold.hours\n" + complete],
            landing: ["monday.csv": "1,a,2026-03-02 01:00:00,,\n1,a,2026-03-02 23:00:00,,\n"]
        )
        let model =
            "/* @ingot\nmaterialized: table\n*/\n"
            + "SELECT extension, date_trunc('hour', done_at) AS hour FROM silver.calls\n"
        try project.write(model, to: "models/hours.sql")
        try await project.ingest()
        _ = try await project.withEngine { try await $0.runModels() }
        for name in ["c", "g"] {
            let report = try await Self.report(project, name, at: "2026-03-04")
            #expect(report.status == .fail && report.reason == .noFile, "\(report.text)")
            let line = "calls: no file came but 1 with earlier rows since 2026-03-03 00:00 UTC"
            #expect(report.lines.last == line)
        }
        // One row of the day makes it a file of the day.
        let day = "extension,site,done_at,sent_at,day\n1,a,2026-03-02 05:00:00,,\n1,a,2026-03-03 05:00:00,,\n"
        try project.write(day, to: "landing/tuesday.csv")
        try await project.ingest()
        let report = try await Self.report(project, at: "2026-03-04")
        #expect(report.reason == .slotsMissing, "\(report.text)")
        #expect(report.findings["completeness"]?["missing_slots"] == 3)
    }

    @Test("A table that is too old got no file in time, or one with old rows")
    func tooOld() async throws {
        let check = "table: silver.calls\nfreshness: {error_after: 1 d}\n"
        let project = try Self.project(["c": check], landing: ["a.csv": "1,a,2026-03-02 01:00:00,,\n"])
        try await project.ingest()
        let day = Timestamps.day(IngotClock.system.now())
        #expect(try await Self.report(project, at: day + " 00:00:00").reason == .tooOld)
        // Two days on, what came today is not of the last day.
        let later = Timestamps.day(IngotClock.system.now() + 3 * 86_400_000_000_000)
        #expect(try await Self.report(project, at: later).reason == .noFile)
    }

    @Test("A gold table that was never computed is missing, and a failed model is why")
    func goldTable() async throws {
        let check = "table: gold.days\nfreshness: {event_time: day, error_after: 1 d}\n"
        let project = try Self.project(["c": check], landing: ["a.csv": Self.day])
        let model = "/* @ingot\nmaterialized: table\n*/\nSELECT CAST(site AS DATE) AS day FROM silver.calls\n"
        try project.write(model, to: "models/days.sql")
        try await project.ingest()
        #expect(try await Self.report(project, at: "2026-03-03").reason == .noTable)
        _ = try await project.withEngine { try await $0.runModels() }
        let report = try await Self.report(project, at: "2026-03-03")
        #expect(report.reason == .modelFailed, "\(report.text)")
        #expect(report.lines.last == "days: its last run failed; see ingot runs -s days")
    }

    @Test("Many missing slots are counted, and the first ranges listed")
    func manyRanges() async throws {
        let lines = (0..<300).map { "\($0),a,2026-03-02 12:00:00,," }.joined(separator: "\n")
        let project = try Self.project(["c": Self.complete("key: extension")], landing: ["a.csv": lines + "\n"])
        try await project.ingest()
        let report = try await Self.report(project, at: "2026-03-03")
        let found = try #require(report.findings["completeness"])
        #expect(found["missing_slots"] == 900 && found["missing_ranges"] == 600)
        #expect(found["missing"]?.arrayValue?.count == 100)
        #expect(report.lines.contains("and 590 ranges more"))
    }

    @Test(
        "What cannot be judged is an error at its place",
        arguments: [
            ("table: silver.calls\nfreshness: {event_time: don_at, error_after: 1 d}\n", "ING0110", "3:25", "done_at"),
            ("table: silver.calls\nfreshness: {event_time: site, error_after: 1 d}\n", "ING0108", "3:25", "VARCHAR"),
            ("table: silver.cals\nfreshness: {event_time: a, error_after: 1 d}\n", "ING0501", "2:8", "silver.calls"),
            (
                "table: silver.calls\ncompleteness: {slot: 6 h, window: day, key: site, expected: {sql: 'SELECT emial'}}\n",
                "ING0", "3:", "emial"
            ),
            (
                "table: silver.calls\ncompleteness: {slot: 6 h, window: day, key: site, expected: {sql: 'SELECT 1, 2'}}\n",
                "ING0", "3:", "2 columns"
            ),
            (
                "table: silver.calls\ncompleteness: {slot: 6 h, window: day, key: extension, expected: {values: [x]}}\n",
                "ING0108", "3:", "INTEGER"
            ),
            (
                "table: silver.calls\ncompleteness: {slot: 6 h, window: day, key: extension, expected: {values: [1, 1.4]}}\n",
                "ING0108", "3:", "\"1.4\" is no INTEGER"
            ),
            (
                "table: silver.calls\ncompleteness: {slot: 6 h, window: day, key: extension, expected: {sql: 'SELECT 1.4'}}\n",
                "ING0108", "3:", "\"1.4\" is no INTEGER"
            ),
        ]
    )
    func errors(check: String, code: String, place: String, word: String) async throws {
        let project = try Self.project(["c": check], landing: ["a.csv": Self.day])
        try await project.ingest()
        let report = try await Self.report(project, at: "2026-03-03")
        #expect(report.status == .error)
        let text = try #require(report.error).description
        #expect(text.contains(code) && text.contains("checks/c.yml:\(place)") && text.contains(word), "\(text)")
    }
}
