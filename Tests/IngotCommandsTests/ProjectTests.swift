import Foundation
import JSONTree
import Testing

@Suite("Projects from nothing, from files and from generators, end to end", .timeLimit(.minutes(30)))
struct ProjectTests {
    @Test func `An empty project is valid, and is never written over`() throws {
        let project = try TemporaryProject([:])
        #expect(try project.program.run("init").status == 0)
        let valid = try project.program.run("validate")
        #expect(valid.status == 0)
        #expect(!valid.messages.contains("warning"))
        let again = try project.program.run("init")
        #expect(again.status == 2)
        #expect(again.messages.contains("ING0804"))
        #expect(try project.program.run("init", "--force").status == 0)
    }

    @Test func `A pipeline that is read off a file takes that file in, and no value loses a digit`() throws {
        let project = try TemporaryProject([
            "in/orders.csv": """
            Order ID;Zip;Amount;Placed;Number;Note
            1;01234;1.50;01/31/2026 10:00:00;12345678901234567890;"a;b"
            2;99999;22.75;02/01/2026 23:59:59;12345678901234567891;
            """
        ])
        let made = try project.program.run("init", "--from", "in/orders.csv")
        #expect(made.status == 0, "\(made.messages)")
        #expect(try project.program.run("validate").status == 0)
        let run = try project.program.run("run", "-o", "json")
        #expect(try JSON(parsing: run.output)["runs"]?[0]?["rows"] == ["read": 2, "silver": 2, "quarantined": 0])
        let rows = try project.program.run(
            "query",
            "SELECT order_id, zip, amount, placed, number, note FROM silver.orders ORDER BY 1",
            "-o",
            "csv"
        )
        #expect(
            rows.output == """
                order_id,zip,amount,placed,number,note
                1,01234,1.50,2026-01-31T10:00:00,12345678901234567890,a;b
                2,99999,22.75,2026-02-01T23:59:59,12345678901234567891,

                """
        )
    }

    @Test func `Validation holds a model's settings against the columns of its SELECT`() throws {
        var files = TemporaryProject.users
        let faults = [
            "partition_by: [month]": "partition_by: the SELECT gives no column \"month\"; it gives: id, day, n",
            "event_time: dya": "event_time: the SELECT gives no column \"dya\"",
            "unique_key: [no]": "unique_key: the SELECT gives no column \"no\"",
            "columns: [{name: m}]": "columns: the SELECT gives no column \"m\"",
            "columns: [{name: day, data_type: date}]\ncontract: {enforced: true}": "a column \"id\" that the contract",
        ]
        for (number, setting) in faults.keys.sorted().enumerated() {
            let time = setting.hasPrefix("event_time") ? "" : "event_time: day"
            files["models/m\(number).sql"] = """
                /* @ingot
                materialized: incremental
                batch_size: day
                \(time)
                \(setting)
                */
                SELECT id, CAST(created AS DATE) AS day, count(*) AS n FROM silver.users GROUP BY ALL
                """
        }
        // Of the enforced contract both `id` and `n` are missing.
        // The type of a column is the declared one for those that read it.
        files["models/typed.sql"] = """
            /* @ingot
            columns: [{name: id, data_type: varchar}]
            */
            SELECT id FROM silver.users
            """
        files["models/reader.sql"] = "SELECT id || '!' AS id, upper(id) AS upper FROM gold.typed"
        let project = try TemporaryProject(files)
        let outcome = try project.program.run("validate")
        #expect(outcome.status == 2)
        for message in faults.values { #expect(outcome.messages.contains(message), "\(outcome.messages)") }
        #expect(!outcome.messages.contains("reader.sql"), "\(outcome.messages)")
        #expect(outcome.messages.contains("6 errors"), "\(outcome.messages)")
    }

    @Test func `Validation refuses a model that reads files, as a run does`() throws {
        var files = TemporaryProject.users
        let calls = [
            "read_csv('/etc/passwd')", "read_text('/etc/host*')", "glob('/etc/*')", "read_parquet('x.parquet')",
        ]
        for (number, call) in calls.enumerated() { files["models/m\(number).sql"] = "SELECT *\nFROM \(call)" }
        let project = try TemporaryProject(files)
        let outcome = try project.program.run("validate")
        #expect(outcome.status == 2)
        for number in calls.indices {
            let place = "models/m\(number).sql:2:6: error[ING0503]: Cannot access file"
            #expect(outcome.messages.contains(place), "\(outcome.messages)")
        }
    }

    @Test func `Generated files depend on nothing but their seed`() throws {
        let project = try TemporaryProject(["ingot.yml": "name: accounts\n"])
        for folder in ["a", "b"] {
            let arguments = ["--to", folder, "--count", "500", "--files", "3", "--dirty", "0.2"]
            let outcome = try project.program.run(list: ["generate", "shipments"] + arguments)
            #expect(outcome.status == 0)
        }
        for number in 1...3 {
            let (a, b) = ("\(project.folder)/a", "\(project.folder)/b")
            let name = "/shipments-000\(number).jsonl"
            let text = try String(contentsOfFile: a + name, encoding: .utf8)
            #expect(try text == String(contentsOfFile: b + name, encoding: .utf8))
            #expect(text.split(separator: "\n").count == (number < 3 ? 167 : 166))
        }
    }

    @Test func `A row is traced back to its object, and the object forward to its rows`() throws {
        let project = try TemporaryProject()
        _ = try project.program.run("run")
        let back = try project.program.run("trace", "silver.users", "id=1", "-o", "json")
        let row = try #require(try JSON(parsing: back.output)[0])
        #expect(row["object"]?["key"] == "a.csv")
        #expect(row["runs"]?[0]?["status"] == "succeeded")
        let forward = try project.program.run("trace", "--object", "a.csv", "-o", "json")
        let places = try JSON(parsing: forward.output)[0]?["places"]
        #expect(places == [["table": "silver.users", "rows": 1], ["table": "quarantine.users", "rows": 2]])
        #expect(try project.program.run("trace", "silver.users", "id=99").status == 1)
        #expect(try project.program.run("trace", "silver.users", "di=1").status == 2)
    }

    @Test func `A row of a model is traced back to the objects of its interval or key, through other models`() throws {
        var files = TemporaryProject.users
        files["landing/users/b.csv"] = "id,email,created,updated\n7,g@example.com,2026-01-02T23:00:00Z,\n"
        files["landing/users/c.csv"] = "id,email,created,updated\n7,h@example.com,2026-01-04T01:00:00Z,\n"
        let interval = "materialized: incremental\nevent_time: day\nbatch_size: day\n"
        files["models/daily.sql"] = """
            /* @ingot
            \(interval)*/
            SELECT CAST(created AS DATE) AS day, count(*) AS n FROM silver.users GROUP BY 1
            """
        files["models/rolling.sql"] = """
            /* @ingot
            \(interval)lookback: 1
            */
            SELECT day, sum(n) OVER (ORDER BY day RANGE BETWEEN INTERVAL 1 DAY PRECEDING AND CURRENT ROW) AS n FROM gold.daily
            """
        files["models/ids.sql"] = """
            /* @ingot
            materialized: incremental
            unique_key: id
            */
            SELECT id, count(*) AS n FROM silver.users GROUP BY 1
            """
        files["models/total.sql"] = "SELECT sum(n) AS n FROM gold.daily"
        let project = try TemporaryProject(files)
        #expect(try project.program.run("run").status == 0)
        let wanted = [
            (["gold.daily", "day=2026-01-02"], ["b.csv"]), (["gold.rolling", "day=2026-01-02"], ["a.csv", "b.csv"]),
            (["gold.rolling", "day=2026-01-04"], ["c.csv"]), (["gold.ids", "id=7"], ["b.csv", "c.csv"]),
            (["gold.total"], ["a.csv", "b.csv", "c.csv"]),
        ]
        for (row, objects) in wanted {
            let trace = try project.program.run(list: ["trace", "-o", "json"] + row)
            let source = try JSON(parsing: trace.output)[0]?["sources"]?[0]
            #expect(source?["table"] == "silver.users", "\(row): \(trace.messages)")
            #expect(source?["object_count"] == .integer(Int64(objects.count)))
            #expect(source?["objects"] == .array(objects.map(JSON.string)), "\(row)")
        }
    }

    @Test func `A plan changes nothing, and a run does what it says`() throws {
        let project = try TemporaryProject()
        let plan = try project.program.run("plan", "-o", "json")
        let first = try #require(try JSON(parsing: plan.output)["pipelines"]?[0])
        #expect(first["objects"]?[0]?["reason"] == "new")
        #expect(first["tables"] == [["table": "silver.users", "changes": ["created"]]])
        #expect(!FileManager.default.fileExists(atPath: project.folder + "/lake"))
        _ = try project.program.run("run")
        try project.write("id,email,created,updated\n7,g@example.com,,\n", to: "landing/users/a.csv")
        let again = try project.program.run("plan", "-o", "json")
        #expect(try JSON(parsing: again.output)["pipelines"]?[0]?["objects"]?[0]?["reason"] == "changed")
    }

    @Test func `A plan does not call a file changed that only looks otherwise`() throws {
        let project = try TemporaryProject()
        _ = try project.program.run("run")
        let file = project.folder + "/landing/users/a.csv"
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
        #expect(try project.program.run("plan", "-o", "csv").output == "pipeline,key,size,reason\n")
        let text = try String(contentsOfFile: file, encoding: .utf8)
        try project.write(text.replacing("nobody", with: "nob@dy"), to: "landing/users/a.csv")
        #expect(try project.program.run("plan").output.contains("changed: a.csv"))
        try project.write(text.replacing("nobody", with: "no@one"), to: "landing/users/a.csv")
        #expect(try project.program.run("plan").output.contains("changed: a.csv"))
        _ = try project.program.run("run")
        #expect(try project.program.run("plan", "--verify", "-o", "csv").output.contains(",verify\n"))
    }

    @Test func `Wrong use ends with status 2, and says so on the standard error only`() throws {
        let project = try TemporaryProject()
        for arguments in [["bogus"], ["query"], ["run", "--limit"], ["run", "-s", "nothing"], ["run", "-e", "prod"]] {
            let outcome = try project.program.run(list: arguments)
            #expect(outcome.status == 2, "\(arguments): \(outcome.messages)")
            #expect(outcome.output.isEmpty)
            #expect(!outcome.messages.isEmpty)
        }
        #expect(try Program(folder: NSTemporaryDirectory()).run("status").messages.contains("ING0101"))
    }
}
