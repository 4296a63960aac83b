import IngotCore
import IngotEngine
import Testing

@Suite("Models by interval")
struct IntervalModelTests {
    static let daily = """
        /* @ingot
        materialized: incremental
        event_time: day
        batch_size: day
        columns:
          - {name: day, data_type: date, description: The day., data_tests: [not_null]}
        */
        SELECT "at"::date AS day, country, count(*) AS orders, sum(amount) AS total
        FROM silver.orders
        GROUP BY ALL
        """

    private func project() throws -> GoldProject {
        let project = try GoldProject([
            "pipelines/orders.yml": GoldProject.orders,
            "models/gold/daily.sql": Self.daily,
        ])
        for day in 1...9 {
            try project.write(
                "landing/orders/\(day).csv",
                "id,at,country,amount\n\(day)1,2026-01-0\(day) 10:00:00,DE,1.50\n\(day)2,2026-01-0\(day) 23:59:59,FR,2.00\n"
            )
        }
        return project
    }

    @Test("a late file recomputes its day only, and reads the files of that day only")
    func lateFile() async throws {
        let project = try project()
        let first = try #require(try await project.run()["daily"])
        #expect(first.error == nil)
        #expect(first.status == .succeeded)
        #expect(first.rows == 18)
        #expect(
            try await project.query("SELECT count(*), sum(orders), sum(total) FROM gold.daily") == [
                ["18", "18", "31.50"]
            ]
        )

        #expect(try await project.run()["daily"]?.status == .upToDate)

        try project.write("landing/orders/late.csv", "id,at,country,amount\n99,2026-01-04 00:00:00,DE,10.00\n")
        let second = try #require(try await project.run()["daily"])
        #expect(second.error == nil)
        #expect(second.intervals == 1)
        #expect(second.files == 2)
        #expect(second.rows == 2)
        let rows = try await project.query(
            "SELECT orders, total FROM gold.daily WHERE day = '2026-01-04' ORDER BY country"
        )
        #expect(rows == [["2", "11.50"], ["1", "2.00"]])
        #expect(try await project.liveFiles("gold.daily") == 9)
    }
}
