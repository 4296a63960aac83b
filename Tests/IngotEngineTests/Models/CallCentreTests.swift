import IngotEngine
import Testing

/// The real log of a call centre, with the models of the agent-activity example: a service begins productive time of
/// its agent, and ends it.
@Suite("Call centre, January 1999", .sharedData, .timeLimit(.minutes(30)))
struct CallCentreTests {
    static let pipeline = #"""
        pipeline: calls
        source: {path: landing/calls/, format: csv, delimiter: "\t"}
        columns:
          - {name: server, data_type: varchar, transform: trim(server), not_null: true}
          - {name: call_date, from: date, data_type: varchar}
          - {name: ser_start, data_type: varchar, transform: trim(ser_start)}
          - {name: ser_exit, data_type: varchar, transform: trim(ser_exit)}
          - {name: started, data_type: timestamp, expression: "strptime(call_date || ' ' || ser_start, '%y%m%d %H:%M:%S')"}
        silver: {table: silver.calls, event_time: started, partition_by: [day(started)]}
        """#

    static let events = """
        /* @ingot
        table: silver.events
        materialized: view
        */
        WITH services AS (
            SELECT server, started,
                strptime(call_date || ' ' || ser_exit, '%y%m%d %H:%M:%S') AS exited
            FROM silver.calls WHERE server <> 'NO_SERVER' AND ser_start <> '0:00:00'
        )
        SELECT server AS extension, 'ONLINE' AS action, CAST(NULL AS VARCHAR) AS details, started AS done_on FROM services
        UNION ALL
        SELECT server, 'OFFLINE', NULL, if(exited < started, exited + INTERVAL 1 DAY, exited) FROM services
        """

    private struct Event {
        var time: Int
        var isProductive: Bool
    }

    /// Seconds of productive time by agent and half hour since 1999-01-01, worked out from the lines of the file.
    private static func expected(_ lines: [Substring]) -> [String: Int] {
        func seconds(_ clock: Substring) -> Int {
            let parts = clock.split(separator: ":").compactMap { Int($0.filter(\.isNumber)) }
            return parts[0] * 3600 + parts[1] * 60 + parts[2]
        }
        var events: [String: [Event]] = [:]
        for line in lines {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map {
                $0.filter { !$0.isWhitespace }
            }
            let server = fields[16]
            guard server != "NO_SERVER", fields[13] != "0:00:00", let day = Int(fields[5].suffix(2)) else { continue }
            let start = (day - 1) * 86_400 + seconds(fields[13][...])
            var end = (day - 1) * 86_400 + seconds(fields[14][...])
            if end < start { end += 86_400 }
            events[server, default: []] += [
                Event(time: start, isProductive: true), Event(time: end, isProductive: false),
            ]
        }
        var result: [String: Int] = [:]
        for (server, unsorted) in events {
            let sorted = unsorted.sorted { ($0.time, $0.isProductive ? 1 : 0) < ($1.time, $1.isProductive ? 1 : 0) }
            for (position, event) in sorted.enumerated() {
                result["\(server) \(event.time / 1800)", default: 0] += 0
                guard event.isProductive else { continue }
                let isLast = position == sorted.count - 1
                let end = isLast ? (event.time / 1800 + 1) * 1800 : min(sorted[position + 1].time, event.time + 43_200)
                for second in event.time..<max(event.time, end) {
                    result["\(server) \(second / 1800)", default: 0] += 1
                }
            }
        }
        return result
    }

    @Test("half-hour productive hours, days arriving in any order, are those of the raw lines")
    func halfHours() async throws {
        let lines = try SharedData.text("callcentre_1999/january.txt").split(whereSeparator: \.isNewline)
        let project = try GoldProject([
            "pipelines/calls.yml": Self.pipeline,
            "models/silver/agent_events.sql": Self.events,
        ])
        for name in ["last_events", "interval_summary", "weekly_summary"] {
            let path = "models/gold/\(name).sql"
            try project.write(path, try GoldProject.packageFile("examples/agent-activity/\(path)"))
        }
        let days = Dictionary(grouping: lines.dropFirst()) { line in
            String(line.split(separator: "\t", omittingEmptySubsequences: false)[5])
        }
        var random = SeededGenerator(seed: 1999)
        let order = days.keys.sorted().shuffled(using: &random)
        for batch in [order.prefix(14), order[14..<24], order[24..<28], order[28...]] {
            for day in batch {
                let text = ([lines[0]] + (days[day] ?? [])).map { $0 + "\n" }.joined()
                try project.write("landing/calls/\(day).txt", text)
            }
            for report in try await project.run().values { #expect(report.error == nil, "\(report.model)") }
        }
        let expected = Self.expected(Array(lines.dropFirst()))
        #expect(expected.count > 5_000)

        let rows = try await project.query(
            """
            SELECT extension || ' ' || date_diff('minute', TIMESTAMP '1999-01-01', interval_start) // 30,
              CAST(round(productive_hours * 3600) AS INTEGER)
            FROM gold.interval_summary
            """
        )
        let found = Dictionary(rows.map { ($0[0], Int($0[1]) ?? -1) }) { first, _ in first }
        #expect(found.count == rows.count)
        let wrong = Set(expected.keys).union(found.keys).filter { expected[$0] != found[$0] }.sorted()
        #expect(
            wrong.isEmpty,
            "\(wrong.count) of \(expected.count) differ, such as \(wrong.prefix(5).map { ($0, expected[$0], found[$0]) })"
        )

        let week = try await project.query(
            "SELECT min(week_start), sum(active_intervals), max(productive_hours) > 0 FROM gold.weekly_summary"
        )
        #expect(week == [["1998-12-28", "\(expected.count)", "true"]])
    }
}
