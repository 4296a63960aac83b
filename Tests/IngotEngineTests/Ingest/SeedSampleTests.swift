import Foundation
import IngotCore
import IngotEngine
import Testing

/// The originals' own small samples, with the results that the reference descriptions state.
@Suite("Seed samples", .sharedData, .timeLimit(.minutes(30)))
struct SeedSampleTests {
    @Test("The purchases with errors give 6 accepted records of 27, the first of each key")
    func badPurchases() async throws {
        let project = try purchases()
        try project.write(try SharedData.text("seed_samples/purchases_etlbad.csv"), to: "landing/bad.csv")
        let report = try #require(try await project.ingest().first)
        #expect(report.rows == RowCounts(read: 27, silver: 6, quarantined: 21, skipped: 0))
        let kept = try await project.rows("silver.purchases", "SELECT purchase_id FROM t ORDER BY purchase_id")
        #expect(kept == [["75"], ["76"], ["77"], ["78"], ["79"], ["710"]])
        let ragged = try await project.rows(
            "quarantine.purchases",
            "SELECT _source_row, raw FROM t WHERE list_contains([r.rule FOR r IN reasons], 'ragged_row') ORDER BY 1"
        )
        #expect(ragged == [["26", "aaron"], ["27", "paul"]])
        let reasons = try await project.rows(
            "quarantine.purchases",
            "SELECT [r.rule || ' ' || r.\"column\" FOR r IN reasons] FROM t WHERE _source_row = 23"
        )
        #expect(reasons == [["[min customer_id, matches email, min purchase_id]"]])
    }

    @Test("The purchases of two customers add up")
    func twoCustomers() async throws {
        let project = try purchases()
        try project.write(try SharedData.text("seed_samples/purchases_etl1.csv"), to: "landing/one.csv")
        try await project.ingest()
        let totals = try await project.rows(
            "silver.purchases",
            "SELECT customer_id, sum(amount_aud) FROM t GROUP BY 1 ORDER BY 1"
        )
        #expect(totals == [["101", "1500.00"], ["102", "450.00"]])
    }

    @Test("Users are accepted by their address and by instants")
    func users() async throws {
        let project = try TestProject(["pipelines/users.yml": Self.users])
        try project.write(try SharedData.text("seed_samples/techtest_users.csv"), to: "landing/users.csv")
        try await project.ingest()
        #expect(try await project.rows("silver.users", "SELECT id FROM t ORDER BY id") == [["1"], ["2"]])
        let rejected = try await project.rows(
            "quarantine.users",
            "SELECT _source_row, [r.rule FOR r IN reasons] FROM t ORDER BY 1"
        )
        #expect(rejected == [["3", "[matches]"], ["4", "[updated_after_created]"]])
    }

    @Test("A second sighting of an event is kept in quarantine")
    func shippingSample() async throws {
        let pipeline = """
            pipeline: ups
            source: {path: landing, format: jsonl}
            columns:
              - {name: event_id, data_type: varchar, not_null: true}
              - {name: event_ts, data_type: timestamptz, not_null: true}
              - {name: status, data_type: varchar}
            schema_evolution_mode: none
            unique_key: [event_id]
            silver: {table: silver.ups}
            """
        let project = try TestProject(["pipelines/ups.yml": pipeline])
        try project.write(try SharedData.text("seed_samples/ups_shipping_sample.jsonl"), to: "landing/a.jsonl")
        let report = try #require(try await project.ingest().first)
        #expect(report.rows == RowCounts(read: 3, silver: 2, quarantined: 1, skipped: 0))
        let why = try await project.rows("quarantine.ups", "SELECT reasons[1].rule, reasons[1].message FROM t")
        #expect(why == [["unique_key", "another row with event_id = ups_shipping-002 comes first"]])
    }

    private func purchases() throws -> TestProject {
        try TestProject([
            "pipelines/purchases.yml": Self.purchases,
            "seeds/rates.csv": "currency,rate\nUSD,1.5\n",
        ])
    }

    private static let purchases = """
        pipeline: purchases
        source: {path: landing, format: csv}
        columns:
          - {name: customer_id, data_type: bigint, not_null: true, min: 1}
          - {name: first_name, data_type: varchar}
          - {name: last_name, data_type: varchar}
          - {name: email, data_type: varchar, not_null: true, matches: '^[\\w\\.-]+@[\\w\\.-]+\\.\\w+$'}
          - {name: purchase_id, data_type: bigint, not_null: true, min: 1}
          - {name: purchase_date, data_type: date, not_null: true}
          - {name: amount, data_type: "decimal(18,2)", not_null: true, min: 0}
          - {name: currency, data_type: varchar, not_null: true, relationships: {to: seeds.rates, field: currency}}
          - {name: amount_aud, data_type: "decimal(18,2)", expression: amount * rates.rate}
        unique_key: [purchase_id]
        dedup_sort: oldest
        silver: {table: silver.purchases}
        """

    private static let users = """
        pipeline: users
        source: {path: landing, format: csv}
        columns:
          - {name: id, data_type: varchar, not_null: true}
          - {name: name, data_type: varchar, transform: trim(name)}
          - {name: email, data_type: varchar, transform: "lower(trim(email))",
             matches: '^[\\w\\.-]+@[\\w\\.-]+\\.\\w+$'}
          - {name: create_ts, data_type: timestamptz, not_null: true}
          - {name: update_ts, data_type: timestamptz, not_null: true}
        rules:
          - {name: updated_after_created, expression: update_ts >= create_ts}
        silver: {table: silver.users}
        """
}
