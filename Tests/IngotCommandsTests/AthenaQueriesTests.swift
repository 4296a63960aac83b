import Foundation
import Testing

/// The queries that analysts have for Athena, typed as they are, over thousands of events.
@Suite("Queries written for Athena", .timeLimit(.minutes(30)))
struct AthenaQueriesTests {
    /// An event as a line of the files says it.
    private struct Shipment: Equatable {
        var id: String
        var time: String
        var kilograms: Double

        var day: Substring { time.prefix(10) }
    }

    @Test func `They answer what counting the lines of the files answers`() throws {
        let project = try Self.shipments()
        let arguments = ["--count", "9000", "--files", "3", "--dirty", "0.1", "--to", "landing/events"]
        #expect(try project.program.run(list: ["generate", "shipments"] + arguments).status == 0)
        let run = try project.program.run("run")
        #expect(run.status == 0, "\(run.messages)")
        let days = Dictionary(grouping: try Self.soundShipments(in: project), by: \.day)
        #expect(days.count == 5)
        let newestFirst = days.keys.sorted(by: >)

        let counts = try Self.answer("rows_per_day", in: project)
        #expect(counts.map { $0["dt"] as? String } == newestFirst.map(String.init))
        #expect(counts.map { $0["rows"] as? Int } == newestFirst.map { days[$0]?.count })

        let weights = try Self.answer("sanity_by_day", in: project)
        #expect(weights.map { $0["dt"] as? String } == newestFirst.map(String.init))
        for (row, day) in zip(weights, newestFirst) {
            let kilograms = days[day]?.map(\.kilograms) ?? []
            #expect(row["min_weight_kg"] as? Double == kilograms.min())
            #expect(row["max_weight_kg"] as? Double == kilograms.max())
            // An estimate, whose standard error is some 3 percent.
            let estimate = try #require(row["approx_unique_shipments"] as? Double)
            #expect(abs(estimate / Double(kilograms.count) - 1) < 0.15)
        }

        let latest = try Self.answer("shipments_latest", in: project)
        let wanted = days.values.joined().sorted { $0.time > $1.time }.prefix(20)
        #expect(latest.map { $0["shipment_id"] as? String } == wanted.map(\.id))
        #expect(latest.map { $0["event_time"] as? String } == wanted.map(\.time))
    }

    /// The example, under a name of its own and without its events.
    private static func shipments() throws -> TemporaryProject {
        let example = examples.appending(path: "shipments")
        let project = try TemporaryProject(["ingot.yml": "name: Freight-2\n"])
        for part in ["pipelines", "models", "queries"] {
            let copy = URL(filePath: project.folder).appending(path: part)
            try FileManager.default.copyItem(at: example.appending(path: part), to: copy)
        }
        return project
    }

    private static let examples = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../examples")

    /// What `ingot query` prints for one of the example's queries.
    private static func answer(_ name: String, in project: TemporaryProject) throws -> [[String: Any]] {
        let file = project.folder + "/queries/\(name).sql"
        let sql = try String(contentsOfFile: file, encoding: .utf8)
            .replacingOccurrences(of: "\"shipments\".", with: "\"Freight-2\".")
        let outcome = try project.program.run("query", "-", "--output", "json", input: sql)
        #expect(outcome.status == 0, "\(outcome.messages)")
        return try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]])
    }

    /// The shipments among the lines, without those that have no id, no time, or no end.
    private static func soundShipments(in project: TemporaryProject) throws -> [Shipment] {
        let folder = project.folder + "/landing/events/"
        let lines = try FileManager.default.contentsOfDirectory(atPath: folder).flatMap { file in
            try String(contentsOfFile: folder + file, encoding: .utf8).split(separator: "\n")
        }
        #expect(lines.count == 9000)
        return lines.compactMap { line in
            guard let event = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
                event["record_type"] as? String == "shipments", let id = event["shipment_id"] as? String,
                let time = event["event_time"] as? String, time.hasPrefix("2026-"),
                let kilograms = event["weight_kg"] as? Double
            else { return nil }
            return Shipment(id: id, time: time, kilograms: kilograms)
        }
    }
}
