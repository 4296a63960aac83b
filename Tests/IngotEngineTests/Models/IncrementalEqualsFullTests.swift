import IngotCore
import IngotEngine
import Testing

@Suite("Incremental equals full", .timeLimit(.minutes(30)))
struct IncrementalEqualsFullTests {
    /// Every kind of model, each with the SELECT that its table has to equal at all times.
    static let models: [(name: String, settings: String, sql: String)] = [
        (
            "daily", "materialized: incremental\nevent_time: day\nbatch_size: day",
            "SELECT \"at\"::date AS day, country, count(*) AS n, sum(amount) AS total FROM silver.orders GROUP BY ALL"
        ),
        (
            "hourly", "materialized: incremental\nevent_time: hour\nbatch_size: hour",
            "SELECT date_trunc('hour', \"at\") AS hour, count(*) AS n FROM silver.orders GROUP BY ALL"
        ),
        (
            "weekly", "materialized: incremental\nevent_time: week\nbatch_size: week",
            "SELECT date_trunc('week', \"at\")::date AS week, sum(amount) AS total FROM silver.orders GROUP BY ALL"
        ),
        (
            "trailing", "materialized: incremental\nevent_time: day\nbatch_size: day\nlookback: 2",
            """
            SELECT day, (SELECT sum(amount) FROM silver.orders AS o WHERE o."at"::date BETWEEN day - 2 AND day) AS total
            FROM (SELECT DISTINCT "at"::date AS day FROM silver.orders)
            """
        ),
        (
            "ahead", "materialized: incremental\nevent_time: day\nbatch_size: day\naffects: 1",
            """
            SELECT d.day, count(*) AS n
            FROM (SELECT DISTINCT "at"::date AS day FROM silver.orders) AS d
            JOIN silver.orders AS o ON o."at"::date IN (d.day, d.day + 1) GROUP BY ALL
            """
        ),
        (
            "countries", "materialized: incremental\nunique_key: country",
            "SELECT country, count(*) AS n, max(\"at\") AS latest FROM silver.orders GROUP BY ALL"
        ),
        (
            "monthly", "materialized: incremental\nevent_time: month\nbatch_size: month",
            "SELECT date_trunc('month', day)::date AS month, sum(n) AS n FROM gold.daily GROUP BY ALL"
        ),
        (
            "country_days", "materialized: incremental\nincremental_strategy: delete+insert\nunique_key: [country]",
            "SELECT d.country, d.day, r.rate * d.total AS total FROM gold.daily AS d JOIN seeds.rates AS r USING (country)"
        ),
        (
            "lines", "materialized: incremental\nincremental_strategy: append",
            "SELECT id, \"at\", amount FROM silver.orders"
        ),
        ("totals", "materialized: table", "SELECT count(*) AS days, sum(total) AS total FROM gold.daily"),
        ("german", "materialized: view", "SELECT * FROM silver.orders WHERE country = 'DE'"),
        (
            "german_daily", "materialized: incremental\nevent_time: day\nbatch_size: day",
            "SELECT \"at\"::date AS day, count(*) AS n FROM gold.german GROUP BY ALL"
        ),
    ]

    private static func project() throws -> GoldProject {
        let project = try GoldProject([
            "pipelines/orders.yml": GoldProject.orders,
            "seeds/rates.csv": "country,rate\nDE,2\nFR,3\nIT,5\n",
        ])
        for model in models {
            try project.write("models/gold/\(model.name).sql", "/* @ingot\n\(model.settings)\n*/\n\(model.sql)\n")
        }
        return project
    }

    private static func check(_ project: GoldProject, _ context: String) async throws {
        let tables = models.filter { $0.settings != "materialized: view" }
        let results = try await project.query(
            tables.map { "(\($0.sql)) EXCEPT ALL SELECT * FROM gold.\($0.name)" }
                + tables.map { "SELECT * FROM gold.\($0.name) EXCEPT ALL (\($0.sql))" }
        )
        for (position, table) in tables.enumerated() {
            let (missing, extra) = (results[position], results[position + tables.count])
            #expect(
                missing.isEmpty && extra.isEmpty,
                "\(context): gold.\(table.name) lacks \(missing) and has \(extra)"
            )
        }
    }

    @Test("late, corrected and removed rows in any order give what a full refresh gives", arguments: 1...3)
    func histories(seed: Int) async throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let project = try Self.project()
        var files: [Int: [String]] = [:]
        var nextID = 1
        for step in 1...7 {
            for _ in 0..<Int.random(in: 1...2, using: &random) {
                let name = Int.random(in: 1...6, using: &random)
                var lines = files[name] ?? []
                // A file that is there already comes again, with rows dropped and others added.
                lines.removeAll { _ in Bool.random(using: &random) }
                for _ in 0..<Int.random(in: 0...5, using: &random) {
                    let day = Int.random(in: 25...55, using: &random)
                    let date = day <= 31 ? "2026-01-\(day)" : "2026-02-\(day - 31 < 10 ? "0" : "")\(day - 31)"
                    let hour = Int.random(in: 10...23, using: &random)
                    let country = ["DE", "FR", "IT", ""].randomElement(using: &random) ?? ""
                    lines.append(
                        "\(nextID),\(date) \(hour):30:00,\(country),\(Int.random(in: 0...99, using: &random)).25"
                    )
                    nextID += 1
                }
                files[name] = lines
                try project.write(
                    "landing/orders/\(name).csv",
                    "id,at,country,amount\n" + lines.map { $0 + "\n" }.joined()
                )
            }
            let reports = try await project.run()
            for report in reports.values.sorted(by: { $0.model < $1.model }) {
                #expect(
                    report.error == nil,
                    "seed \(seed), step \(step): \(report.model): \(String(describing: report.error))"
                )
            }
            try await Self.check(project, "seed \(seed), step \(step)")
        }
        let again = try await project.run()
        #expect(again.values.allSatisfy { $0.status == .upToDate })
        let refreshed = try await project.run(isFullRefresh: true)
        #expect(refreshed.values.allSatisfy { !$0.isChanged }, "a full refresh changes nothing")
    }
}
