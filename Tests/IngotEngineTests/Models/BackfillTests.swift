import IngotCore
import IngotEngine
import IngotLocal
import Testing

@Suite("Backfills of models", .timeLimit(.minutes(5)))
struct BackfillTests {
    private func project() throws -> GoldProject {
        let project = try GoldProject([
            "pipelines/orders.yml": GoldProject.orders,
            "models/gold/daily.sql": IntervalModelTests.daily,
            "models/gold/whole.sql": "SELECT count(*) AS n FROM silver.orders",
        ])
        for day in 1...9 {
            try project.write(
                "landing/orders/\(day).csv",
                "id,at,country,amount\n\(day)1,2026-01-0\(day) 10:00:00,DE,1.50\n\(day)2,2026-01-0\(day) 23:59:59,FR,2.00\n"
            )
        }
        return project
    }

    /// The first instant of a day of January 2026.
    private func day(_ day: Int64) -> Int64 { (20_453 + day) * 86_400_000_000 }

    private func request(_ days: Range<Int64>, size: Int = 2, isNewestFirst: Bool = true) -> BackfillRequest {
        BackfillRequest(
            model: "daily",
            start: day(days.lowerBound) + 1,
            end: day(days.upperBound),
            sliceSize: size,
            isNewestFirst: isNewestFirst
        )
    }

    private static let rows = "SELECT day, country, orders, total FROM gold.daily ORDER BY ALL"

    @Test("a backfill that is interrupted goes on, and gives the rows of a computation of everything")
    func interrupted() async throws {
        let project = try project()
        let engine = try project.engine()
        _ = await engine.ingest()
        let request = request(1..<10)
        let (news, tell) = AsyncStream.makeStream(of: Int.self)
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                _ = try? await engine.backfill(request) { report in
                    tell.yield(report.slices.count { $0.rows != nil })
                }
            }
            for await done in news where done >= 2 { break }
            group.cancelAll()
        }
        let left = try await engine.backfill(request, isDryRun: true)
        #expect(left.slices.count == 5 && left.slices.first?.start == day(9))
        #expect(left.doneBefore >= 2)
        let report = try await engine.backfill(request)
        #expect(report.doneBefore == left.doneBefore && report.fraction == 1)
        await engine.close()
        let backfilled = try await project.query(Self.rows)
        #expect(backfilled.count == 18)
        try await project.run(isFullRefresh: true)
        #expect(try await project.query(Self.rows) == backfilled)
    }

    @Test("a backfill computes whole intervals of its time and no others, and what is pending stays so")
    func partOfTheTime() async throws {
        let project = try project()
        try await project.run()
        try project.write("landing/orders/late.csv", "id,at,country,amount\n99,2026-01-04 00:00:00,DE,10.00\n")
        let engine = try project.engine()
        _ = await engine.ingest()
        let other = try await engine.backfill(request(5..<7, size: 9, isNewestFirst: false))
        #expect(other.slices.map(\.rows) == [4])
        #expect(try await project.state().pending(model: "daily").map(\.extent) == [.interval(day(4))])
        let own = try await engine.backfill(request(4..<5))
        #expect(own.slices.map(\.rows) == [2])
        await engine.close()
        let rows = try await project.query("SELECT total FROM gold.daily WHERE day = '2026-01-04' ORDER BY country")
        #expect(rows == [["11.50"], ["2.00"]])
        #expect(try await project.run()["daily"]?.status == .succeeded)
    }

    @Test("a model without intervals, and one that is not there, cannot be backfilled")
    func impossible() async throws {
        let project = try project()
        try await project.run()
        let engine = try project.engine()
        for name in ["whole", "dayly"] {
            var request = request(1..<2)
            request.model = name
            let error = await #expect(throws: IngotError.self) { try await engine.backfill(request) }
            #expect(error?.code == .notBackfilled)
        }
        await engine.close()
    }
}
