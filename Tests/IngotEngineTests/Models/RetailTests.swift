import DuckDB
import Foundation
import IngotEngine
import Testing

@Suite("Retail by day", .sharedData, .timeLimit(.minutes(30)))
struct RetailTests {
    static let pipeline = """
        pipeline: retail
        source: {path: landing/retail/, format: csv}
        columns:
          - {name: invoice_no, from: InvoiceNo, data_type: varchar, not_null: true}
          - {name: quantity, from: Quantity, data_type: bigint, min: 1}
          - {name: invoice_date, from: InvoiceDate, data_type: timestamp, not_null: true}
          - {name: unit_price, from: UnitPrice, data_type: "decimal(18,3)", min: 0}
          - {name: country, from: Country, data_type: varchar}
        silver: {table: silver.retail, event_time: invoice_date, partition_by: [day(invoice_date)]}
        """
    static let daily = """
        /* @ingot
        materialized: incremental
        event_time: day
        batch_size: day
        */
        SELECT invoice_date::date AS day, country, count(*) AS lines, sum(quantity * unit_price) AS total
        FROM silver.retail GROUP BY ALL
        """

    @Test("daily totals of a country are those of the raw files, arriving one at a time")
    func dailyTotals() async throws {
        let project = try GoldProject(["pipelines/retail.yml": Self.pipeline, "models/gold/daily.sql": Self.daily])
        let files = try FileManager.default.contentsOfDirectory(atPath: SharedData.path("retail_by_day"))
            .filter { $0.hasSuffix(".csv") }.sorted().prefix(24)
        for (number, file) in files.reversed().enumerated() {
            try project.write("landing/retail/\(file)", try SharedData.text("retail_by_day/\(file)"))
            // The first days come together, the others one by one, the latest day first.
            guard number >= 12 else { continue }
            let report = try #require(try await project.run()["daily"])
            #expect(report.error == nil)
            #expect(number == 12 || report.intervals == 1)
            #expect(number == 12 || report.files == 1)
        }
        let connection = try await Database().connect()
        let list = files.map { "'\(SharedData.path("retail_by_day/\($0)"))'" }.joined(separator: ", ")
        let raw = try await connection.query(
            """
            SELECT CAST(InvoiceDate AS DATE) AS day, Country, count(*),
              sum(CAST(Quantity AS BIGINT) * CAST(UnitPrice AS DECIMAL(18,3)))
            FROM read_csv([\(list)], header = true, all_varchar = true)
            WHERE CAST(Quantity AS BIGINT) >= 1 AND CAST(UnitPrice AS DECIMAL(18,3)) >= 0
            GROUP BY ALL ORDER BY ALL
            """
        )
        let expected = raw.map { row in row.values.map(\.description) }
        let found = try await project.query("SELECT * FROM gold.daily ORDER BY ALL")
        #expect(expected.count > 100)
        #expect(found == expected)
        #expect(try await project.liveFiles("gold.daily") == files.count)
    }
}
