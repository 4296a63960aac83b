import Foundation
import Testing

/// The serving table of the original of customer-purchases, with its statements as they are.
@Suite("The serving table of customer-purchases", .timeLimit(.minutes(30)))
struct ServingReferenceTests {
    /// The statement that makes it; the time of the update is MySQL's to keep.
    private static func table(_ name: String, _ kind: ServingKind) -> String {
        """
        CREATE TABLE \(name) (
            customer_id INT PRIMARY KEY,
            full_name VARCHAR(255),
            email VARCHAR(255),
            total_spent_aud DECIMAL(18, 2),
            first_purchase_date DATE,
            last_purchase_date DATE,
            updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP\(kind == .mysql ? " ON UPDATE CURRENT_TIMESTAMP" : "")
        )
        """
    }

    @Test(arguments: ServingKind.present)
    func `Totals are upserted, and a rerun changes nothing`(kind: ServingKind) async throws {
        let load = try LoadProject(
            kind,
            """
            query: |
              SELECT id AS customer_id, name AS full_name, lower(name) || '@example.com' AS email,
                total::DECIMAL(18, 2) AS total_spent_aud, DATE '2026-01-01' AS first_purchase_date,
                DATE '2026-02-01' AS last_purchase_date
              FROM seeds.orders
            primary_key: customer_id
            """,
            seed: "id,name,total\n101,Mary,1500.00\n102,Wei,450.00\n"
        )
        try await load.probe.execute(
            Self.table(load.table, kind),
            "CREATE INDEX \(load.table)_i ON \(load.table) (total_spent_aud\(kind == .duckdb ? "" : " DESC"))"
        )
        let top = """
            SELECT customer_id, full_name, email, total_spent_aud FROM \(load.table)
            ORDER BY total_spent_aud DESC LIMIT 5
            """
        let amounts = kind == .sqlite ? ["1500", "450", "1600.5"] : ["1500.00", "450.00", "1600.50"]
        let first = ["101|Mary|mary@example.com|\(amounts[0])", "102|Wei|wei@example.com|\(amounts[1])"]
        try await load.expect("succeeded", rows: 2)
        #expect(try await load.probe.rows(top) == first)
        try await load.expect("up_to_date", rows: 2)
        try await load.expect("succeeded", rows: 2, "--force")
        #expect(try await load.probe.rows(top) == first)
        try load.project.write("id,name,total\n101,Maria,1500.00\n102,Wei,1600.50\n", to: "seeds/orders.csv")
        try await load.expect("succeeded", rows: 2)
        let later = ["102|Wei|wei@example.com|\(amounts[2])", "101|Maria|maria@example.com|\(amounts[0])"]
        #expect(try await load.probe.rows(top) == later)
        let dates = try await load.probe.rows("SELECT min(first_purchase_date) AS d FROM \(load.table)")
        #expect(dates == ["2026-01-01"])
    }
}
