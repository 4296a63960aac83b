import DuckDB
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
    .timeLimit(.minutes(30))
)
struct OriginalTests {
    @Test("The original queries are the examples' own, but for the name of the database")
    func queries() throws {
        let queries = [
            "shipments": ["shipments_latest", "rows_per_day", "sanity_by_day"], "customer-purchases": ["top_customers"],
        ]
        for (project, names) in queries {
            for name in names {
                let original = try Originals.text("queries/\(name).sql")
                let file = "\(ExampleProject.examples)/\(project)/queries/\(name).sql"
                let own = try String(contentsOfFile: file, encoding: .utf8)
                #expect(own == original.replacingOccurrences(of: "<db>", with: project))
            }
        }
    }

    @Test("The original query for the best customers answers what adding up the file gives")
    func bestCustomers() async throws {
        let project = try await Self.run("customer-purchases", "purchases_etl.csv", in: "purchases")
        let answer = try await project.query(try Originals.text("queries/top_customers.sql"))
        let wanted = try Purchases(Originals.text("data/seed_samples/purchases_etl.csv")).best(5)
        #expect(answer == wanted)
    }

    @Test("The gold table fills the original staging table of the serving database as it is")
    func staging() async throws {
        let project = try await Self.run("customer-purchases", "purchases_etl1.csv", in: "purchases")
        let gold = try await project.query("SELECT * FROM gold.customer_purchase_summary ORDER BY customer_id")
        let database = try await Database()
        let connection = try await database.connect()
        let definition = try #require(
            Originals.text("queries/serving_tables_mysql.sql").components(separatedBy: ";").first
        )
        try await connection.execute(definition)
        let values = gold.map { row in "(" + row.map(SQL.literal).joined(separator: ", ") + ")" }
        let columns = "customer_id, full_name, email, total_spent_aud, first_purchase_date, last_purchase_date"
        try await connection.execute(
            """
            INSERT INTO customer_purchase_summary_staging (\(columns)) VALUES \(values.joined(separator: ", "))
            """
        )
        let staged = try await connection.query(
            "SELECT \(columns) FROM customer_purchase_summary_staging ORDER BY customer_id"
        )
        #expect(staged.map { row in row.values.map(\.description) } == gold)
        await connection.close()
        await database.close()
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

/// Purchases added up without a database: what the query for the best customers must find.
private struct Purchases {
    private struct Customer {
        var name = ""
        var email = ""
        var cents = 0
        /// The latest purchase, whose name and address count.
        var latest = ("", 0)
    }

    private var customers: [Int: Customer] = [:]

    /// The sound purchases of a file without quotes whose amounts are whole US dollars; the first of an id counts.
    init(_ text: String) throws {
        var known: Set<Int> = []
        for line in text.split(whereSeparator: \.isNewline).dropFirst() {
            let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            let (number, id, amount) = try (
                #require(Int(fields[0])), #require(Int(fields[4])), #require(Int(fields[6]))
            )
            // The one kind of fault in the file: a day that 2025 does not have.
            guard fields[5] != "2025-02-29", known.insert(id).inserted else { continue }
            var customer = customers[number] ?? Customer()
            customer.cents += amount * 150
            if (fields[5], id) > customer.latest {
                customer.latest = (fields[5], id)
                customer.name = "\(fields[1]) \(fields[2])"
                customer.email = fields[3]
            }
            customers[number] = customer
        }
    }

    func best(_ count: Int) -> [[String]] {
        customers.sorted { $0.value.cents > $1.value.cents }.prefix(count).map { number, customer in
            let cents = customer.cents % 100
            return [
                "\(number)", customer.name, customer.email, "\(customer.cents / 100).\(cents < 10 ? "0" : "")\(cents)",
            ]
        }
    }
}
