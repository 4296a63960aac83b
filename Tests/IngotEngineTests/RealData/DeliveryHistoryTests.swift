import IngotCore
import IngotEngine
import Testing

/// One delivery history in two public copies: LF and ISO dates; a byte order mark, CR and American dates.
@Suite("Delivery history", .sharedData, .timeLimit(.minutes(30)))
struct DeliveryHistoryTests {
    private static let plain = "scms_shipments/SCMS_Delivery_History_Dataset.csv"
    private static let american = "scms_shipments/variant_bom_cr_only.csv"

    @Test("Both copies give the same silver rows under one contract")
    func bothCopies() async throws {
        let plain = try await Self.loaded(Self.plain, Self.lenient)
        let american = try await Self.loaded(Self.american, Self.lenient)
        let rows = try await plain.rows("silver.deliveries", Self.content)
        #expect(rows.count == 10_324)
        #expect(try await american.rows("silver.deliveries", Self.content) == rows)
        #expect(try await plain.rows("quarantine.deliveries") == [])
        #expect(try await american.rows("quarantine.deliveries") == [])

        let expected = try await RawData.query(
            """
            SELECT ID::BIGINT AS id, Country, "Shipment Mode", TRY_CAST("PQ First Sent to Client Date" AS DATE),
              TRY_CAST("PO Sent to Vendor Date" AS DATE), "Delivered to Client Date"::DATE,
              "Delivery Recorded Date"::DATE, "Line Item Quantity"::BIGINT, "Line Item Value"::DECIMAL(18,2),
              TRY_CAST("Weight (Kilograms)" AS DOUBLE), TRY_CAST("Freight Cost (USD)" AS DECIMAL(18,2)),
              "Line Item Insurance (USD)"::DECIMAL(18,2)
            FROM \(RawData.csv(Self.plain)) ORDER BY id
            """
        )
        #expect(rows == expected)
    }

    @Test("A contract that wants numbers rejects the rows whose weight or freight is a remark")
    func remarks() async throws {
        let project = try await Self.loaded(Self.american, Self.strict)
        // 3,952 weights and 4,126 freight costs are remarks, such as "See DN-304 (ID#:10589)".
        #expect(
            try await project.rejections("quarantine.deliveries") == [
                ["data_type", "freight_usd", "4126"], ["data_type", "weight_kg", "3952"],
            ]
        )
        let sound = ["Weight (Kilograms)", "Freight Cost (USD)"]
            .map { "regexp_matches(\"\($0)\", '^[0-9.]+$')" }.joined(separator: " AND ")
        let expected = try await RawData.query("SELECT count(*) FROM \(RawData.csv(Self.plain)) WHERE \(sound)")
        #expect(try await project.rows("silver.deliveries", "SELECT count(*) FROM t") == expected)
        let messages = try await project.rows(
            "quarantine.deliveries",
            """
            SELECT DISTINCT reason.message FROM (SELECT unnest(reasons) AS reason FROM t)
            WHERE reason.message LIKE '"Weight Captured%'
            """
        )
        #expect(messages == [["\"Weight Captured Separately\" is not a valid double"]])
    }

    private static let content = """
        SELECT * EXCLUDE (_source_file, _source_version, _load_id, _ingested_at) FROM t ORDER BY id
        """

    private static func loaded(_ name: String, _ numbers: String) async throws -> TestProject {
        let project = try TestProject(["pipelines/deliveries.yml": contract(numbers)])
        try project.write(try SharedData.text(name), to: "landing/history.csv")
        try await project.ingest()
        return project
    }

    private static let lenient = """
          - {name: weight_kg, from: Weight (Kilograms), data_type: double,
             transform: "nullif(regexp_extract(weight_kg, '^[0-9.]+$'), '')"}
          - {name: freight_usd, from: Freight Cost (USD), data_type: "decimal(18,2)",
             transform: "nullif(regexp_extract(freight_usd, '^[0-9.]+$'), '')"}
        """

    private static let strict = """
          - {name: weight_kg, from: Weight (Kilograms), data_type: double}
          - {name: freight_usd, from: Freight Cost (USD), data_type: "decimal(18,2)"}
        """

    private static func contract(_ numbers: String) -> String {
        """
        pipeline: deliveries
        source: {path: landing, format: csv}
        null_values: ["", Pre-PQ Process, Date Not Captured, N/A - From RDC]
        schema_evolution_mode: none
        columns:
          - {name: id, from: ID, data_type: bigint, not_null: true}
          - {name: country, from: Country, data_type: varchar, not_null: true}
          - {name: shipment_mode, from: Shipment Mode, data_type: varchar}
          - {name: quoted_on, from: PQ First Sent to Client Date, data_type: date, format: ["%Y-%m-%d", "%m/%d/%y"]}
          - {name: ordered_on, from: PO Sent to Vendor Date, data_type: date, format: ["%Y-%m-%d", "%m/%d/%y"]}
          - {name: delivered_on, from: Delivered to Client Date, data_type: date, not_null: true,
             format: ["%Y-%m-%d", "%d-%b-%y"]}
          - {name: recorded_on, from: Delivery Recorded Date, data_type: date, not_null: true,
             format: ["%Y-%m-%d", "%d-%b-%y"]}
          - {name: quantity, from: Line Item Quantity, data_type: bigint, not_null: true, min: 1}
          - {name: value_usd, from: Line Item Value, data_type: "decimal(18,2)", not_null: true}
        \(numbers)
          - {name: insurance_usd, from: Line Item Insurance (USD), data_type: "decimal(18,2)"}
        silver: {table: silver.deliveries, event_time: delivered_on, partition_by: [year(delivered_on)]}
        """
    }
}
