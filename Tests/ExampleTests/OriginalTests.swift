import Foundation
import IngotCore
import IngotEngine
import Testing

/// The samples and queries of the systems that the examples stand for, where they lie beside the package.
enum Originals {
    static let folder: String? = {
        let package = URL(fileURLWithPath: ExampleProject.examples).deletingLastPathComponent()
        return ["../shared", "../../shared"].map { package.appendingPathComponent($0).standardizedFileURL.path }
            .first { FileManager.default.fileExists(atPath: "\($0)/data/seed_samples") }
    }()

    static func text(_ name: String) throws -> String {
        try String(contentsOfFile: "\(folder ?? "")/\(name)", encoding: .utf8)
    }
}

/// The examples do with the originals' samples what the descriptions of the originals state.
@Suite(
    "Original samples",
    .enabled(if: Originals.folder != nil, "../shared is absent: the originals' samples are not tried"),
    .timeLimit(.minutes(10))
)
struct OriginalTests {
    @Test("The original queries run as they are, but for the name of the database")
    func queries() async throws {
        let project = try ExampleProject("shipments")
        try await project.run()
        for name in ["shipments_latest", "rows_per_day", "sanity_by_day"] {
            let original = try Originals.text("queries/\(name).sql").replacingOccurrences(of: "<db>", with: "shipments")
            let own = try String(contentsOfFile: "\(project.directory)/queries/\(name).sql", encoding: .utf8)
            #expect(own == original)
            #expect(try await !project.query(original).isEmpty)
        }
    }

    @Test("Two customers' purchases add up to 1500.00 and 450.00")
    func totals() async throws {
        let project = try await Self.run("customer-purchases", "purchases_etl1.csv", in: "purchases")
        let totals = try await project.query(
            "SELECT customer_id, total_spent_aud FROM gold.customer_purchase_summary ORDER BY customer_id"
        )
        #expect(totals == [["101", "1500.00"], ["102", "450.00"]])
    }

    @Test("Of 27 purchases with every kind of fault, six are accepted")
    func faults() async throws {
        let project = try await Self.run("customer-purchases", "purchases_etlbad.csv", in: "purchases")
        let kept = try await project.query("SELECT purchase_id FROM silver.purchases ORDER BY purchase_id")
        #expect(kept == [["75"], ["76"], ["77"], ["78"], ["79"], ["710"]])
        #expect(try await project.query("SELECT count(*) FROM quarantine.purchases") == [["21"]])
    }

    @Test("Of four users, two are accepted")
    func users() async throws {
        let project = try await Self.run("users", "techtest_users.csv", in: "users")
        #expect(try await project.query("SELECT id FROM silver.users ORDER BY id") == [["1"], ["2"]])
        let rules = try await project.query("SELECT _source_row, reasons[1].rule FROM quarantine.users ORDER BY 1")
        #expect(rules == [["3", "matches"], ["4", "updated_after_created"]])
    }

    @Test("The carrier's feed is no event of ours; its own pipeline keeps each event once")
    func otherShape() async throws {
        let events = try await Self.run("shipments", "ups_shipping_sample.jsonl", in: "events")
        let reasons = try await events.query(
            "SELECT DISTINCT reasons[1].rule, reasons[1].\"column\" FROM quarantine.shipments"
        )
        #expect(reasons == [["route", "record_type"]])
        #expect(try await events.query("SELECT count(*) FROM quarantine.shipments") == [["3"]])

        let feed = try await Self.run("shipments", "ups_shipping_sample.jsonl", in: "ups")
        let kept = try await feed.query("SELECT count(*), count(DISTINCT event_id) FROM silver.ups_events")
        #expect(kept == [["2", "2"]])
        #expect(try await feed.query("SELECT reasons[1].rule FROM quarantine.ups_events") == [["unique_key"]])
    }

    /// An example after a run in which a sample was all that arrived.
    private static func run(_ example: String, _ sample: String, in folder: String) async throws -> ExampleProject {
        let project = try ExampleProject(example)
        _ = try project.putAside("landing")
        let text = try Originals.text("data/seed_samples/\(sample)")
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(project.directory)/landing/\(folder)/\(sample)"))
        try await project.run()
        return project
    }
}
