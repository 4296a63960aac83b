import Foundation
import JSONTree
import Testing

@Suite("Workflows of the examples", .timeLimit(.minutes(30)))
struct WorkflowExampleTests {
    /// A copy of an example: only the project itself, not a lake that the demo left there.
    private func copy(of name: String) throws -> TemporaryProject {
        let example = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../examples/\(name)").standardizedFileURL.path
        let project = try TemporaryProject([:])
        for part in ["ingot.yml", "pipelines", "models", "seeds", "landing", "workflows", "loads"]
        where FileManager.default.fileExists(atPath: "\(example)/\(part)") {
            try FileManager.default.copyItem(atPath: "\(example)/\(part)", toPath: "\(project.folder)/\(part)")
        }
        return project
    }

    @Test func `The state machine of customer-purchases runs as it is on the service`() throws {
        let project = try copy(of: "customer-purchases")
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
        let upsert = try #require(output?["upsert"]?["Payload"]?[0])
        #expect(upsert["load"] == "customer_purchase_summary" && upsert["status"] == "succeeded")
        #expect(upsert["rows"] == 5)
        let again = try project.program.run("load", "-o", "json")
        let report = try #require(try JSON(parsing: again.output)[0])
        #expect(report["status"] == "up_to_date" && report["load_id"] == upsert["load_id"])

        // A job that fails ends in the machine's own failure.
        try project.write(
            "SELECT no_such_column FROM silver.purchases",
            to: "models/gold/customer_purchase_summary.sql"
        )
        let failed = try project.program.run(list: start)
        #expect(failed.status == 1)
        #expect(try JSON(parsing: failed.output)["error"] == "ETLJobFailed", "\(failed.output)")
    }

    @Test func `The loop of shipments waits until enough files are written, and gives up after its attempts`() throws {
        let project = try copy(of: "shipments")
        let start = [
            "workflow", "start", "replay_and_quality", "-i", "window.json", "--wait", "-o", "json", "--name",
        ]
        func input(_ files: Int) -> String {
            """
            {"window": {"start": "2026-01-01", "end": "2026-01-04"}, "min_parquet_objects": \(files),
             "max_attempts": 3, "wait_seconds": 1}
            """
        }
        // Two days of shipments, and of the other kinds what expected/ has: one batch, one file for each day of a kind.
        try project.write(input(6), to: "window.json")
        let run = try project.program.run(list: start + ["first"])
        #expect(run.status == 0, "\(run.output)\(run.messages)")
        let output = try JSON(parsing: run.output)["output"]
        #expect(output?["attempt"] == 1 && output?["quality"]?["ok"] == true, "\(run.output)")
        #expect(output?["replay"]?["Payload"]?.arrayValue?.first?["rows"]?["silver"] == 12, "\(run.output)")

        // Nothing new has come, so nothing is written.
        try project.write(input(1), to: "window.json")
        let failed = try project.program.run(list: start + ["second"])
        #expect(failed.status == 1)
        let end = try JSON(parsing: failed.output)
        #expect(end["error"] == "QualityCheckFailed")
        #expect(end["cause"] == "0 of 1 files are written after 3 attempts")
        let history = try project.program.run("workflow", "history", "second", "-o", "csv")
        #expect(history.output.matches(of: /WaitStateEntered/).count == 3)
    }

    @Test func `An object that arrives starts the state machine of customer-purchases`() throws {
        let project = try copy(of: "customer-purchases")
        let service = try project.program.start("serve", "--port", "0", "--log-format", "json")
        let landing = try FileManager.default.subpathsOfDirectory(atPath: project.folder + "/landing")
        let count = landing.count { $0.hasSuffix(".csv") }
        var executions: [JSON] = []
        try waitFor("an execution of each object") {
            let list = try project.program.run("workflow", "list", "-o", "json")
            executions = try JSON(parsing: list.output).arrayValue ?? []
            return executions.count == count && executions.allSatisfy { $0["status"] == "SUCCEEDED" }
        }
        service.process.terminate()
        let log = try service.finish().messages
        #expect(executions.count == count, "\(log)")
        let sql = "SELECT * FROM gold.customer_purchase_summary ORDER BY 1"
        let totals = try project.program.run("query", sql, "-o", "json")
        #expect(try JSON(parsing: totals.output).arrayValue?.isEmpty == false, "\(totals.messages)")
        for name in executions.compactMap({ $0["name"]?.stringValue }) {
            let status = try project.program.run("workflow", "status", name, "-o", "json")
            let path = try JSON(parsing: status.output)["output"]?["s3_path"]?.stringValue
            #expect(path?.hasPrefix(project.folder + "/landing/purchases/") == true, "\(status.output)")
        }
    }
}
