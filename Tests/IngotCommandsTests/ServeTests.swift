import Foundation
import Testing

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// The service as its users run it: real processes, killed and stopped, on a project with bad input.
@Suite("Services", .timeLimit(.minutes(10)))
struct ServeTests {
    private static let files = [
        "ingot.yml": "name: accounts\nsettings: {gc_min_age: 0s, max_receives: 20}\n",
        "pipelines/sales.yml": """
        pipeline: sales
        source: {path: landing/, format: csv}
        columns:
          - {name: id, data_type: bigint, not_null: true}
          - {name: day, data_type: date, not_null: true}
        unique_key: [id]
        dedup_sort: [_source_file desc]
        silver: {table: silver.sales, event_time: day, partition_by: [day(day)]}
        """,
        "pipelines/strict.yml": """
        pipeline: strict
        source: {path: strict/, format: csv}
        on_row_error: fail
        columns: [{name: id, data_type: bigint}]
        silver: {table: silver.strict}
        """,
        "models/gold/daily.sql": """
        /* @ingot
        materialized: incremental
        incremental_strategy: delete+insert
        event_time: day
        batch_size: day
        */
        SELECT day, count(*) AS sales FROM silver.sales GROUP BY 1
        """,
    ]

    private static func object(_ number: Int) -> String {
        "id,day\n\(number % 40),2026-01-0\(1 + number % 5)\n\(100 + number),2026-01-02\n\(200 + number),never\n"
    }

    private static func contents(of project: TemporaryProject) throws -> [String] {
        try [
            "SELECT id, day, _source_file FROM silver.sales ORDER BY ALL",
            "SELECT _source_file, _source_row, raw FROM quarantine.sales ORDER BY ALL",
            "SELECT * FROM gold.daily ORDER BY ALL",
        ].map { sql in
            let outcome = try project.program.run("query", sql, "--output", "csv")
            try #require(outcome.status == 0, "\(outcome.messages)")
            return outcome.output
        }
    }

    /// Waits until nothing of a pipeline waits and so many objects are loaded.
    private static func wait(for count: Int, in project: TemporaryProject) throws {
        for _ in 0..<600 {
            let sql = "SELECT count(DISTINCT _source_file) AS n FROM silver.sales"
            let outcome = try project.program.run("query", sql, "--output", "csv")
            if outcome.output == "n\n\(count)\n" { return }
            usleep(100_000)
        }
        Issue.record("the service does not get to \(count) objects")
    }

    @Test func `Services that are killed at any moment lose nothing and double nothing`() throws {
        let calm = try TemporaryProject(Self.files)
        let count = 120
        for number in 0..<count { try calm.write(Self.object(number), to: "landing/\(1000 + number).csv") }
        #expect(try calm.program.run("run", "-s", "sales", "-s", "daily").status == 0)

        let project = try TemporaryProject(Self.files)
        var written = 0
        var random = SystemRandomNumberGenerator()
        for round in 0..<24 {
            // Two at once in every third round.
            let services = try (0..<(round % 3 == 0 ? 2 : 1)).map { _ in
                try project.program.start("serve", "--port", "0")
            }
            for _ in 0..<5 {
                try project.write(Self.object(written), to: "landing/\(1000 + written).csv")
                written += 1
                usleep(UInt32.random(in: 0..<150_000, using: &random))
            }
            for service in services {
                usleep(UInt32.random(in: 0..<700_000, using: &random))
                kill(service.process.processIdentifier, SIGKILL)
                _ = try service.finish()
            }
        }
        let last = try project.program.start("serve", "--port", "0")
        try Self.wait(for: count, in: project)
        last.process.terminate()
        #expect(try last.finish().status == 0)
        #expect(try project.program.run("run", "-s", "daily").status == 0)
        #expect(try Self.contents(of: project) == Self.contents(of: calm))
        let left = try project.program.run("dlq", "--output", "json")
        #expect(left.output.trimmingCharacters(in: .whitespacesAndNewlines) == "[]")
    }

    @Test func `An object that the contract refuses is a dead letter, which can be tried again`() throws {
        let project = try TemporaryProject(Self.files)
        try project.write("id\nx\n", to: "strict/bad.csv")
        try project.write("id\n1\n", to: "strict/good.csv")
        let service = try project.program.start("serve", "-s", "strict", "--port", "0", "--log-format", "json")
        var letters = ""
        for _ in 0..<300 where !letters.contains("bad.csv") {
            letters = try project.program.run("dlq", "list", "-s", "strict", "--output", "csv").output
            usleep(100_000)
        }
        #expect(letters.contains("bad.csv") && !letters.contains("good.csv"))
        try project.write("id\n2\n", to: "strict/bad.csv")
        var rows = ""
        for _ in 0..<300 where rows != "id\n1\n2\n" {
            rows = try project.program.run("query", "SELECT id FROM silver.strict ORDER BY 1", "--output", "csv").output
            usleep(100_000)
        }
        #expect(rows == "id\n1\n2\n", "the corrected file is taken in")
        let redriven = try project.program.run("dlq", "redrive", "--all")
        #expect(redriven.status == 0 && redriven.messages.contains("1 arrival waits again"))
        service.process.terminate()
        let outcome = try service.finish()
        #expect(outcome.messages.contains(#""event":"dead_letter""#))
        #expect(outcome.messages.contains(#""event":"stopped""#))
        #expect(try project.program.run("dlq", "redrive", "77").status == 2)
    }

    @Test func `A service tells its health and its figures, and a port that is taken is an error`() async throws {
        let project = try TemporaryProject(Self.files)
        try project.write(Self.object(1), to: "landing/1.csv")
        let service = try project.program.start("serve", "--port", "0")
        try Self.wait(for: 1, in: project)
        let address = try #require(URL(string: service.output.trimmingCharacters(in: .newlines)))
        func get(_ path: String) async throws -> (status: Int?, text: String) {
            let (data, response) = try await URLSession.shared.data(from: address.appending(path: path))
            return ((response as? HTTPURLResponse)?.statusCode, String(decoding: data, as: UTF8.self))
        }
        #expect(try await get("health").text == "ok\n")
        #expect(try await get("ready").status == 200)
        #expect(try await get("other").status == 404)
        let figures = try await get("metrics").text
        #expect(figures.contains("ingot_objects_total{pipeline=\"sales\",state=\"loaded\"} 1\n"))
        #expect(figures.contains("ingot_rows_total{pipeline=\"sales\",kind=\"quarantined\"} 1\n"))
        #expect(figures.contains("ingot_lag_seconds_count{pipeline=\"sales\"} 1\n"))
        let port = try #require(address.port)
        let second = try project.program.run("serve", "--port", "\(port)")
        #expect(second.status == 1 && second.messages.contains("cannot listen"))
        service.process.terminate()
        #expect(try service.finish().status == 0)
    }
}
