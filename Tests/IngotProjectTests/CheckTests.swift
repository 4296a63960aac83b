import IngotCore
import IngotProject
import Testing

@Suite("checks/")
struct CheckTests {
    private static func findings(_ check: String, configuration: String = "") -> String {
        let all = Diagnosing.findings([
            "ingot.yml": "name: test\n\(configuration)",
            "pipelines/users.yml": Diagnosing.pipeline,
            "checks/c.yml": check,
        ])
        return all.split(separator: "\n").map { $0.hasPrefix("checks/c.yml:") ? $0.dropFirst(13) : $0 }
            .joined(separator: "\n")
    }

    private static func check(_ yaml: String) throws -> Check {
        try #require(
            try Diagnosing.project([
                "ingot.yml": "name: test\nnotifications: {ops: {type: log}}\n",
                "pipelines/users.yml": Diagnosing.pipeline,
                "checks/c.yml": yaml,
            ]).check(named: "c")
        )
    }

    @Test("Freshness takes durations, and ages as dbt writes them")
    func freshness() throws {
        let check = try Self.check(
            """
            check: c
            table: silver.users
            freshness: {event_time: created, warn_after: {count: 12, period: hour}, error_after: 1 day}
            notify: ops
            tags: daily
            """
        )
        guard case .freshness(let freshness) = check.expectation else {
            Issue.record("it is another check")
            return
        }
        #expect(freshness.warnAfter == .seconds(43_200) && freshness.errorAfter == .seconds(86_400))
        #expect(check.severity == .error && check.tags == ["daily"])
        #expect(check.notify.map(\.value) == ["ops"])
    }

    @Test("Completeness expects the keys of a week unless it says otherwise")
    func completeness() throws {
        let check = try Self.check(
            """
            check: c
            table: silver.users
            completeness: {event_time: created, slot: 30 minutes, window: day, key: id, grace_period: 2 h}
            severity: warn
            """
        )
        guard case .completeness(let completeness) = check.expectation else {
            Issue.record("it is another check")
            return
        }
        #expect(completeness.slot == .seconds(1_800) && completeness.gracePeriod == .seconds(7_200))
        #expect(completeness.window == .calendar(.day) && completeness.expected == .seenWithin(.seconds(604_800)))
        #expect(completeness.key.map(\.value) == ["id"])
        #expect(check.severity == .warn && check.notify.isEmpty)
    }

    @Test("The event time of a table's own file is that of its checks")
    func inheritedEventTime() throws {
        let model = """
            /* @ingot
            materialized: incremental
            incremental_strategy: delete+insert
            event_time: day
            batch_size: day
            */
            SELECT created::date AS day FROM silver.users
            """
        let files = [
            "pipelines/users.yml": Diagnosing.pipeline, "models/days.sql": model,
            "checks/c.yml": "check: c\ntable: gold.days\nfreshness: {error_after: 1 d}\n",
        ]
        let project = try Diagnosing.project(files)
        #expect(project.eventTime(of: project.checks[0])?.value == "day")
    }

    /// What follows `check: c` and its table, or is a whole file; and what is found in it.
    private static let faults: [(yaml: String, expected: String)] = [
        ("", "1:1: error[ING0112]: a check needs exactly one of freshness, completeness"),
        (
            "freshness: {error_after: 1 d}\n",
            """
            2:8: error[ING0106]: the check needs the key "event_time": nothing else says which column of \
            silver.users places a row in time
              try: event_time: _ingested_at, or another column with a date or timestamp
            """
        ),
        (
            "check: c\ntable: ops.objects\nfreshness: {error_after: 1 d}\n",
            """
            2:8: error[ING0106]: the check needs the key "event_time": nothing else says which column of \
            ops.objects places a row in time
              try: event_time: recorded_at
            """
        ),
        (
            "freshness: {loaded_at_field: created, error_after: 1 d}\n",
            """
            3:13: error[ING0105]: unknown key "loaded_at_field" in a freshness; known keys: event_time, warn_after, \
            error_after
              try: event_time
            """
        ),
        (
            "freshness: {event_time: created}\n",
            "3:12: error[ING0106]: freshness needs the key \"warn_after\" or \"error_after\""
        ),
        (
            "freshness: {event_time: created, warn_after: 2 d, error_after: 1 d}\n",
            "3:34: error[ING0112]: warn_after has to be shorter than error_after, or it never warns"
        ),
        (
            "freshness: {event_time: created, error_after: {count: 1, period: weak}}\n",
            """
            3:66: error[ING0108]: "weak" is not one of: minute, hour, day
            """
        ),
        (
            "slot: 7 hours, window: day}",
            """
            3:43: error[ING0108]: "7 hours" is no length of a slot: at least a second that divides a day evenly, or \
            a week
              try: 30 minutes, 1 hour, 1 day or 1 week
            """
        ),
        (
            "slot: 1.5 s, window: hour}",
            """
            3:43: error[ING0108]: "1.5 s" is no duration of a check: whole seconds, at least one, and at most 100 years
            """
        ),
        (
            "slot: 1 d, window: day, grace_period: 36526 d}",
            """
            3:75: error[ING0108]: "36526 d" is no duration of a check: whole seconds, and at most 100 years
            """
        ),
        (
            "freshness: {event_time: created, error_after: {count: 1000000, period: day}}\n",
            """
            3:47: error[ING0108]: a mapping is no duration of a check: whole seconds, at least one, and at most 100 \
            years
            """
        ),
        (
            "slot: 45 minutes, window: hour}",
            "3:63: error[ING0112]: an hour is no whole number of these slots"
        ),
        (
            "slot: 1 day, window: 12 hours}",
            "3:58: error[ING0112]: the window is shorter than a slot"
        ),
        (
            "slot: 1 s, window: month}",
            "3:56: error[ING0112]: the window has more than 100000 slots"
        ),
        (
            "slot: 1 d, window: fortnight}",
            "3:56: error[ING0108]: \"fortnight\" is not one of: hour, day, week, month, year"
        ),
        (
            "slot: 1 d, window: week, expected: {values: [1]}}",
            "3:62: error[ING0112]: \"expected\" goes with \"key\""
        ),
        (
            "slot: 1 d, window: week, key: [id, email], expected: {values: [1]}}",
            """
            3:80: error[ING0112]: values are those of one key column, and there are 2
              try: expected: {sql: SELECT ...}
            """
        ),
        (
            "slot: 1 d, window: week, key: id, expected: {sql: SELECT 1, values: [1]}}",
            "3:81: error[ING0112]: \"expected\" needs exactly one of seen_within, sql, values"
        ),
        (
            "freshness: {event_time: created, error_after: 1 d}\nnotify: [opps]\n",
            """
            4:10: error[ING0110]: there is no notification "opps"; notifications: ops
              try: ops
            """
        ),
        (
            "check: users\ntable: silver.users\nfreshness: {event_time: created, error_after: 1 d}\n",
            """
            1:8: error[ING0111]: the check "users" is declared twice, first as a pipeline at pipelines/users.yml:1:11
              try: rename one: --select names pipelines, models and checks alike
            """
        ),
        (
            "check: c\ntable: bronze.users\nfreshness: {event_time: created, error_after: 1 d}\n",
            """
            2:8: error[ING0109]: "bronze.users" is not a table name here: silver.name or gold.name or \
            quarantine.name or ops.name, the name in lower-case letters, digits and "_"
              try: silver.users
            """
        ),
    ]

    @Test("Mistakes are told with their place", arguments: faults)
    func mistakes(yaml: String, expected: String) {
        let start = "check: c\ntable: silver.users\n"
        let check =
            if yaml.hasPrefix("check:") {
                yaml
            } else if yaml.hasPrefix("slot:") {
                "\(start)completeness: {event_time: created, \(yaml)\n"
            } else {
                start + yaml
            }
        #expect(Self.findings(check, configuration: "notifications: {ops: {type: log}}\n") == expected)
    }

    @Test("Checks are selected by name, table, tag, path and kind")
    func selection() throws {
        let project = try Diagnosing.project([
            "pipelines/users.yml": Diagnosing.pipeline,
            "checks/c.yml": """
            check: c
            table: silver.users
            freshness: {event_time: created, error_after: 1 d}
            tags: [daily]
            """,
        ])
        let graph = SelectionGraph(nodes: project.selectionNodes, edges: [(from: "users", to: "c")])
        for text in ["c", "tag:daily", "path:checks", "check:*", "silver.users,check:c"] {
            #expect(try SelectionSyntax(text).evaluate(in: graph).map(\.name) == ["c"], "\(text)")
        }
        #expect(try SelectionSyntax("users+").evaluate(in: graph).map(\.name) == ["users", "c"])
    }
}
