import Foundation
import Testing

/// A shop's daily files, taken in by services that are killed again and again.
@Suite("Retail files and killed services", .timeLimit(.minutes(30)))
struct RetailKillTests {
    /// The files of the real data beside the project's folder, or beside that of a second work tree of it.
    private static let days: [URL] = {
        var package = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { package.deleteLastPathComponent() }
        let folders = ["../shared/data", "../../shared/data"].map { package.appending(path: "\($0)/retail_by_day") }
        let found = folders.lazy.compactMap {
            try? FileManager.default.contentsOfDirectory(at: $0.standardizedFileURL, includingPropertiesForKeys: nil)
        }.first
        return (found ?? []).filter { $0.pathExtension == "csv" }.sorted { $0.path < $1.path }
    }()

    private static let files = [
        "ingot.yml": "name: shop\nsettings: {max_receives: 1000, gc_min_age: 0s}\n",
        "pipelines/lines.yml": """
        pipeline: lines
        source: {path: landing/, format: csv}
        columns:
          - {name: invoice_no, from: InvoiceNo, data_type: varchar, not_null: true}
          - {name: stock_code, from: StockCode, data_type: varchar, not_null: true}
          - {name: description, from: Description, data_type: varchar}
          - {name: quantity, from: Quantity, data_type: bigint, min: 1}
          - {name: invoice_date, from: InvoiceDate, data_type: timestamp, not_null: true}
          - {name: unit_price, from: UnitPrice, data_type: "decimal(18,3)", min: 0}
          - {name: customer_id, from: CustomerID, data_type: "decimal(18,1)", not_null: true}
          - {name: country, from: Country, data_type: varchar}
        silver: {table: silver.lines, event_time: invoice_date, partition_by: [month(invoice_date)]}
        """,
        "models/gold/daily.sql": """
        /* @ingot
        materialized: incremental
        event_time: day
        batch_size: day
        */
        SELECT invoice_date::date AS day, country, count(*) AS lines, sum(quantity * unit_price) AS total
        FROM silver.lines GROUP BY ALL
        """,
    ]

    /// How often services are started and killed; in every third round there are two.
    private static let rounds = 150

    /// Lets a file arrive at once.
    private static func land(_ day: URL, in project: TemporaryProject) throws {
        let hidden = project.folder + "/landing/.arriving"
        try FileManager.default.copyItem(atPath: day.path, toPath: hidden)
        try FileManager.default.moveItem(atPath: hidden, toPath: "\(project.folder)/landing/\(day.lastPathComponent)")
    }

    private static func project() throws -> TemporaryProject {
        let project = try TemporaryProject(files)
        try FileManager.default.createDirectory(atPath: project.folder + "/landing", withIntermediateDirectories: true)
        return project
    }

    /// Every row of its tables.
    private static func contents(of project: TemporaryProject) throws -> [String] {
        try project.answers(to: [
            "SELECT * EXCLUDE (_load_id, _ingested_at, _source_version) FROM silver.lines ORDER BY ALL",
            "SELECT _source_file, _source_row, raw, reasons FROM quarantine.lines ORDER BY ALL",
            "SELECT * FROM gold.daily ORDER BY ALL",
        ])
    }

    @Test(.enabled(if: !days.isEmpty, "the real data of ../shared/data is not there"))
    func `Services that are killed at 200 random instants leave the tables of one undisturbed run`() async throws {
        try await apart {
            let calm = try Self.project()
            for day in Self.days { try Self.land(day, in: calm) }
            #expect(try calm.program.run("run").status == 0)

            let project = try Self.project()
            var random = SystemRandomNumberGenerator()
            var (landed, killed) = (0, 0)
            for round in 0..<Self.rounds {
                let services = try (0..<(round % 3 == 0 ? 2 : 1)).map { _ in
                    try project.program.start("serve", "--port", "0")
                }
                while landed * Self.rounds < Self.days.count * (round + 1) {
                    try Self.land(Self.days[landed], in: project)
                    landed += 1
                    usleep(UInt32.random(in: 0..<100_000, using: &random))
                }
                for service in services {
                    usleep(UInt32.random(in: 0..<500_000, using: &random))
                    kill(service.process.processIdentifier, SIGKILL)
                    _ = try service.finish()
                    if service.process.terminationReason == .uncaughtSignal { killed += 1 }
                }
            }
            #expect(killed == 200 && landed == Self.days.count)
            let last = try project.program.start("serve", "--port", "0")
            let sql = "SELECT count(DISTINCT key) AS n FROM ops.objects WHERE state = 'loaded'"
            try waitFor("the last object") {
                try project.program.run("query", sql, "--output", "csv").output == "n\n\(Self.days.count)\n"
            }
            last.process.terminate()
            #expect(try last.finish().status == 0)
            let (found, expected) = try (Self.contents(of: project), Self.contents(of: calm))
            // They are too long to be shown.
            #expect(zip(found, expected).map { $0 == $1 } == [true, true, true])
            #expect(expected[0].count > 1_000_000)
            let objects = try project.program.run("objects", "list", "--output", "csv").output
            #expect(objects.split(separator: "\n").dropFirst().allSatisfy { $0.contains(",loaded,") })
        }
    }
}
