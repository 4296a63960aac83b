import Foundation
import JSONTree
import Testing

@Suite("Workflows of the examples", .timeLimit(.minutes(30)))
struct WorkflowExampleTests {
    @Test func `The state machine of customer-purchases runs as it is on the service`() throws {
        let example = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../examples/customer-purchases").standardizedFileURL.path
        let project = try TemporaryProject([:])
        // Only the project itself: a lake that the demo left there must not be copied.
        for part in ["ingot.yml", "pipelines", "models", "seeds", "landing", "workflows"] {
            try FileManager.default.copyItem(atPath: "\(example)/\(part)", toPath: "\(project.folder)/\(part)")
        }
        try project.write(
            #"{"year": "2026", "month": "05", "day": "01", "s3_path": "landing/purchases/2026-05-01.csv"}"#,
            to: "arrival.json"
        )
        let start = ["workflow", "start", "customer_purchases", "-i", "arrival.json", "--wait", "-o", "json"]
        let run = try project.program.run(list: start)
        #expect(run.status == 0, "\(run.output)\(run.messages)")
        let output = try JSON(parsing: run.output)["output"]
        #expect(output?["bronze_to_silver"]?["JobRunState"] == "SUCCEEDED")
        #expect(output?["silver_to_gold"]?["Arguments"]?["--day"] == "01")
        #expect(output?["upsert"]?["StatusCode"] == 200)
        let totals = try project.program.run(
            "query",
            "SELECT customer_id, total_spent_aud FROM gold.customer_purchase_summary ORDER BY 1",
            "-o",
            "json"
        )
        #expect(try JSON(parsing: totals.output) == output?["upsert"]?["Payload"])
        #expect(output?["upsert"]?["Payload"]?.arrayValue?.isEmpty == false)

        // A job that fails ends in the machine's own failure.
        try project.write(
            "SELECT no_such_column FROM silver.purchases",
            to: "models/gold/customer_purchase_summary.sql"
        )
        let failed = try project.program.run(list: start)
        #expect(failed.status == 1)
        #expect(try JSON(parsing: failed.output)["error"] == "ETLJobFailed", "\(failed.output)")
    }
}
