import Foundation
import IngotCore
import IngotEngine
import Testing

/// Half a year of a shop's daily files: missing customers, cancellations, negative quantities and prices.
@Suite("Retail files", .sharedData, .timeLimit(.minutes(30)))
struct RetailFileTests {
    static let files: [String] = {
        let names = try? FileManager.default.contentsOfDirectory(atPath: SharedData.path("retail_by_day"))
        return (names ?? []).filter { $0.hasSuffix(".csv") }.sorted()
    }()

    private static let raw = RawData.csv("retail_by_day/*.csv")

    @Test("All files at once give the rows, sums and rejections that the raw files say")
    func allAtOnce() async throws {
        let project = try Self.project()
        for name in Self.files { try Self.land(name, in: project) }
        let report = try #require(try await project.ingest().first)
        #expect(report.objects.loaded == Self.files.count)

        let kept = "CustomerID IS NOT NULL AND Quantity::INT >= 1 AND NOT starts_with(UnitPrice, '-')"
        let counts = try await RawData.query(
            "SELECT count(*), count(*) FILTER (\(kept)), count(*) FILTER (NOT (\(kept))) FROM \(Self.raw)"
        )
        #expect([["\(report.rows.read)", "\(report.rows.silver)", "\(report.rows.quarantined)"]] == counts)
        #expect(report.rows.skipped == 0)

        let sums = """
            count(DISTINCT {customer}), count(DISTINCT {stock}), sum({quantity}), sum({price}),
            sum({quantity} * {price}), min({time}), max({time}), sum(length({text}))
            """
        let expected = try await RawData.query(
            "SELECT \(Self.fill(sums, Self.rawColumns)) FROM \(Self.raw) WHERE \(kept)"
        )
        #expect(try await project.rows("silver.lines", "SELECT \(Self.fill(sums, Self.columns)) FROM t") == expected)

        let perRule = try await RawData.query(
            """
            SELECT rule, name, count(*) FROM (
              SELECT unnest([
                CASE WHEN CustomerID IS NULL THEN {'rule': 'not_null', 'name': 'customer_id'} END,
                CASE WHEN Quantity::INT < 1 THEN {'rule': 'min', 'name': 'quantity'} END,
                CASE WHEN starts_with(UnitPrice, '-') THEN {'rule': 'min', 'name': 'unit_price'} END
              ], recursive := true) FROM \(Self.raw)
            ) WHERE rule IS NOT NULL GROUP BY ALL ORDER BY ALL
            """
        )
        #expect(try await project.rejections("quarantine.lines") == perRule)
    }

    @Test("Quarantine keeps each rejected row as it was read, with its file and its row")
    func quarantinedRows() async throws {
        let name = "2010-12-01.csv"
        let project = try Self.project()
        try Self.land(name, in: project)
        try await project.ingest()
        let expected = try await RawData.query(
            """
            SELECT n, InvoiceNo, StockCode, coalesce(Description, ''), Quantity, UnitPrice FROM (
              SELECT *, row_number() OVER () AS n FROM \(RawData.csv("retail_by_day/\(name)"))
            ) WHERE CustomerID IS NULL OR Quantity::INT < 1 OR starts_with(UnitPrice, '-') ORDER BY n
            """
        )
        let rejected = try await project.rows(
            "quarantine.lines",
            """
            SELECT _source_row, raw ->> 'InvoiceNo', raw ->> 'StockCode', coalesce(raw ->> 'Description', ''),
              raw ->> 'Quantity', raw ->> 'UnitPrice'
            FROM (SELECT _source_row, raw::JSON AS raw FROM t) ORDER BY _source_row
            """
        )
        #expect(!expected.isEmpty)
        #expect(rejected == expected)
    }

    @Test("File after file, in any order and any number of runs, gives the tables of all files at once")
    func fileAfterFile() async throws {
        let together = try Self.project()
        for name in Self.files { try Self.land(name, in: together) }
        try await together.ingest()

        let apart = try Self.project()
        var random = SeededGenerator(seed: 20_101_201)
        var waiting = Self.files.shuffled(using: &random)
        while !waiting.isEmpty {
            let count = waiting.count > Self.files.count - 20 ? 1 : 50
            for name in waiting.prefix(count) { try Self.land(name, in: apart) }
            let report = try #require(try await apart.ingest().first)
            #expect(report.objects.loaded == min(count, waiting.count))
            waiting.removeFirst(min(count, waiting.count))
        }
        for table in ["silver.lines", "quarantine.lines"] {
            #expect(try await apart.fingerprint(table) == together.fingerprint(table), "\(table)")
        }
        let again = try #require(try await apart.ingest().first)
        #expect(again.status == "up_to_date")
    }

    private static func land(_ name: String, in project: TestProject) throws {
        try project.write(try SharedData.text("retail_by_day/\(name)"), to: "landing/\(name)")
        // The same times in every project, whatever the order in which the files are written.
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1_300_000_000)],
            ofItemAtPath: "\(project.directory)/landing/\(name)"
        )
    }

    private static let columns = [
        "customer": "customer_id", "stock": "stock_code", "quantity": "quantity", "price": "unit_price",
        "time": "invoiced_at", "text": "description",
    ]

    private static let rawColumns = [
        "customer": "CustomerID", "stock": "StockCode", "quantity": "Quantity::INT",
        "price": "UnitPrice::DECIMAL(12,3)", "time": "InvoiceDate::TIMESTAMP", "text": "trim(Description)",
    ]

    private static func fill(_ text: String, _ names: [String: String]) -> String {
        names.reduce(text) { $0.replacingOccurrences(of: "{\($1.key)}", with: $1.value) }
    }

    private static func project() throws -> TestProject {
        try TestProject([
            "pipelines/lines.yml": """
            pipeline: lines
            source: {path: landing, format: csv}
            columns:
              - {name: invoice_no, from: InvoiceNo, data_type: varchar, not_null: true}
              - {name: stock_code, from: StockCode, data_type: varchar, not_null: true}
              - {name: description, from: Description, data_type: varchar, transform: trim(description)}
              - {name: quantity, from: Quantity, data_type: bigint, not_null: true, min: 1}
              - {name: invoiced_at, from: InvoiceDate, data_type: timestamp, not_null: true}
              - {name: unit_price, from: UnitPrice, data_type: "decimal(12,3)", not_null: true, min: 0}
              - {name: customer_id, from: CustomerID, data_type: bigint, not_null: true}
              - {name: country, from: Country, data_type: varchar}
            silver: {table: silver.lines, event_time: invoiced_at, partition_by: [month(invoiced_at)]}
            """
        ])
    }
}
