import Foundation
import IngotCore
import IngotEngine
import Testing

/// A bank's calls of January 1999, separated by tabs: services that end after midnight, and services that overlap.
@Suite("Call centre", .sharedData, .timeLimit(.minutes(5)))
struct CallCentreTests {
    private static let file = "callcentre_1999/january.txt"
    private static let raw = """
        read_csv('\(SharedData.path(file))', header = true, all_varchar = true, delim = '\\t', quote = '')
        """

    @Test("Numbers that a spreadsheet has shortened and negative waits are rejected, all else is kept")
    func calls() async throws {
        let project = try await Self.loaded()
        let isSound = "regexp_matches(customer_id, '^[0-9]+$') AND NOT starts_with(vru_time, '-')"
        let expected = try await RawData.query(
            """
            SELECT call_id::BIGINT AS id, customer_id::BIGINT, type, strptime("date", '%y%m%d')::DATE,
              vru_entry::TIME, vru_time::BIGINT, outcome, ser_start::TIME, ser_exit::TIME, server
            FROM \(Self.raw) WHERE \(isSound) ORDER BY ALL
            """
        )
        let silver = try await project.rows(
            "silver.calls",
            """
            SELECT call_id, customer_id, type, "date", vru_entry, vru_time, outcome, ser_start, ser_exit, server
            FROM t ORDER BY ALL
            """
        )
        #expect(silver.count == expected.count)
        #expect(silver == expected)
        // 24 customers are written as 2.78E+08, and 33 stays in the voice unit are negative.
        #expect(
            try await project.rejections("quarantine.calls") == [["matches", "customer_id", "24"], ["min", "vru_time", "33"]]
        )
    }

    @Test("Productive half hours of every agent are those of a walk over the log")
    func halfHours() async throws {
        let project = try await Self.loaded(["models/gold/service_hours.sql": Self.serviceHours])
        let models = try await project.withEngine { try await $0.runModels() }
        for model in models { #expect(model.error == nil) }
        let expected = Self.walk(try SharedData.text(Self.file))
        let rows = try await project.rows(
            "gold.service_hours",
            "SELECT server, epoch(interval_start)::BIGINT, seconds FROM t ORDER BY ALL"
        )
        let computed = Dictionary(uniqueKeysWithValues: rows.map { ("\($0[0]) \($0[1])", Int($0[2]) ?? -1) })
        #expect(computed.count == expected.count)
        for (key, seconds) in expected where computed[key] != seconds {
            Issue.record("\(key): \(computed[key] ?? -1) instead of \(seconds)")
        }
        #expect(!expected.isEmpty)
    }

    /// Seconds in service by agent and half hour, by the plainest possible walk over the raw log.
    ///
    /// An event's state lasts until the agent's next event, at most twelve hours; ends come before starts.
    private static func walk(_ text: String) -> [String: Int] {
        var events: [String: [(time: Int, isStart: Bool)]] = [:]
        for line in text.split(whereSeparator: \.isNewline).dropFirst() {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            guard fields[12] == "AGENT", fields[16] != "NO_SERVER", fields[2].allSatisfy(\.isNumber),
                !fields[8].hasPrefix("-")
            else { continue }
            // 1999-01-01 is day 10,592 since 1970, a Friday.
            let day = 10_592 + (Int(fields[5].suffix(2)) ?? 0) - 1
            let (start, end) = (seconds(fields[13]), seconds(fields[14]))
            events[fields[16], default: []] += [
                (day * 86_400 + start, true), ((end < start ? day + 1 : day) * 86_400 + end, false),
            ]
        }
        var result: [String: Int] = [:]
        for (server, list) in events {
            let sorted = list.sorted { ($0.time, $0.isStart ? 1 : 0) < ($1.time, $1.isStart ? 1 : 0) }
            for (event, next) in zip(sorted, sorted.dropFirst()) where event.isStart {
                var time = event.time
                let end = min(next.time, event.time + 43_200)
                while time < end {
                    let interval = time / 1_800 * 1_800
                    let stop = min(end, interval + 1_800)
                    result["\(server) \(interval)", default: 0] += stop - time
                    time = stop
                }
            }
        }
        return result
    }

    private static func seconds(_ text: String) -> Int {
        text.split(separator: ":").reduce(0) { $0 * 60 + (Int($1) ?? 0) }
    }

    private static func loaded(_ files: [String: String] = [:]) async throws -> TestProject {
        let project = try TestProject(files.merging(["pipelines/calls.yml": pipeline]) { first, _ in first })
        try project.write(try SharedData.text(file), to: "landing/january.txt")
        try await project.ingest()
        return project
    }

    private static let pipeline = #"""
        pipeline: calls
        source: {path: landing, format: csv, delimiter: "\t"}
        columns:
          - {name: line, from: vru+line, data_type: varchar, transform: trim(line)}
          - {name: call_id, data_type: bigint, not_null: true}
          - {name: customer_id, data_type: varchar, matches: '^[0-9]+$'}
          - {name: priority, data_type: integer, min: 0, max: 2}
          - {name: type, data_type: varchar, accepted_values: [PS, NW, NE, PE, TT, IN, AA]}
          - {name: date, data_type: date, format: "%y%m%d", not_null: true}
          - {name: vru_entry, data_type: time}
          - {name: vru_exit, data_type: time}
          - {name: vru_time, data_type: bigint, min: 0}
          - {name: q_start, data_type: time}
          - {name: q_exit, data_type: time}
          - {name: q_time, data_type: bigint}
          - {name: outcome, data_type: varchar, accepted_values: [AGENT, HANG, PHANTOM]}
          - {name: ser_start, data_type: time}
          - {name: ser_exit, data_type: time}
          - {name: ser_time, data_type: bigint}
          - {name: server, data_type: varchar, transform: trim(server)}
        silver: {table: silver.calls, event_time: date, partition_by: [day(date)]}
        """#

    private static let serviceHours = """
        /* @ingot
        materialized: table
        */
        WITH services AS (
            SELECT server, "date" + ser_start AS starts, "date" + ser_exit
                + CASE WHEN ser_exit < ser_start THEN INTERVAL 1 day ELSE INTERVAL 0 day END AS ends
            FROM silver.calls WHERE outcome = 'AGENT' AND server <> 'NO_SERVER'
        ),
        events AS (
            SELECT server, starts AS at, true AS is_productive FROM services
            UNION ALL
            SELECT server, ends, false FROM services
        ),
        spans AS (
            SELECT server, is_productive, at,
                least(lead(at) OVER (PARTITION BY server ORDER BY at, is_productive), at + INTERVAL 12 hours) AS until
            FROM events
        ),
        parts AS (
            SELECT server, at, until,
                unnest(generate_series(time_bucket(INTERVAL 30 minutes, at), until, INTERVAL 30 minutes)) AS interval_start
            FROM spans WHERE is_productive AND until > at
        )
        SELECT server, interval_start,
            sum(epoch(least(until, interval_start + INTERVAL 30 minutes) - greatest(at, interval_start)))::BIGINT AS seconds
        FROM parts WHERE until > interval_start
        GROUP BY ALL
        """
}
