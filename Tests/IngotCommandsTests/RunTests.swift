import Foundation
import JSONTree
import Testing

@Suite("ingot run and query, end to end", .timeLimit(.minutes(30)))
struct RunTests {
    @Test func `A run takes in what is there once, and says what became of it in the documented shape`() throws {
        let project = try TemporaryProject()
        let first = try project.program.run("run", "--output", "json")
        #expect(first.status == 0)
        let run = try #require(try JSON(parsing: first.output)["runs"]?[0])
        #expect(run["pipeline"] == "users")
        #expect(run["status"] == "succeeded")
        #expect(run["objects"] == ["loaded": 1, "quarantined": 0, "failed": 0, "skipped": 0])
        #expect(run["rows"] == ["read": 3, "silver": 1, "quarantined": 2])
        #expect(run["run_id"]?.stringValue?.isEmpty == false)
        #expect((run["seconds"]?.doubleValue ?? -1) >= 0)
        #expect(try JSON(parsing: first.output)["models"]?.arrayValue != nil)

        let second = try project.program.run("run", "--output", "json")
        #expect(second.status == 0)
        let again = try #require(try JSON(parsing: second.output)["runs"]?[0])
        #expect(again["status"] == "up_to_date")
        #expect(again["run_id"] == JSON.null)
        #expect(again["objects"]?["skipped"] == 1)
    }

    @Test func `SHOW TABLES names all tables with their schemas`() throws {
        let project = try TemporaryProject()
        _ = try project.program.run("run")
        let outcome = try project.program.run("query", "show tables;", "-o", "csv")
        let names = ["gold.silver", "ops.objects", "quarantine.users", "silver.users"]
        #expect(outcome.output.split(separator: "\n").dropFirst().map(String.init) == names, "\(outcome.messages)")
    }

    @Test(arguments: [
        ("plain", "2,\"c@d,,"), ("gzip", "2,\"c@d,,"), ("after a space", "2, \"c@d,,"),
        ("after a quote in a comment", "# a,\"note\n2,\"c@d,,"),
    ])
    func `An open quote loses nothing, however many files are read at once`(name: String, line: String) throws {
        var files = TemporaryProject.users
        files["landing/users/a.csv"] = nil
        files["pipelines/users.yml"] = files["pipelines/users.yml"]?
            .replacing("format: csv", with: "format: csv\n  comment: '#'")
        #expect(files["pipelines/users.yml"]?.contains("comment") == true)
        for number in 10..<40 {
            files["landing/users/\(number).csv"] = "id,email,created,updated\n\(number),\"a@\"\"b\"\"\",,\n"
        }
        files["landing/users/25.csv"] = "id,email,created,updated\n1,a@b,,\n\(line)\n3,e@f,,\n4,g@h,,\n"
        let project = try TemporaryProject(files)
        if name == "gzip" {
            let gzip = try Process.run(
                URL(filePath: "/bin/sh"),
                arguments: ["-c", "gzip '\(project.folder)'/landing/users/*.csv"]
            )
            gzip.waitUntilExit()
        }
        let run = try project.program.run("run", "-o", "json")
        // The open quote is one rejected row; the lines after it are records again.
        #expect(try JSON(parsing: run.output)["runs"]?[0]?["rows"] == ["read": 33, "silver": 32, "quarantined": 1])
        let rejected = try project.program.run("quarantine", "list", "users", "-o", "json")
        #expect(try JSON(parsing: rejected.output)[0]?["rule"] == "unterminated_quote", "\(rejected.output)")
    }

    @Test func `A run of models alone shows no pipelines`() throws {
        var files = TemporaryProject.users
        files["models/ids.sql"] = "SELECT id FROM silver.users"
        let project = try TemporaryProject(files)
        _ = try project.program.run("run", "-s", "users")
        let outcome = try project.program.run("run", "-s", "ids")
        #expect(outcome.output.hasPrefix("model "), "\(outcome.output)")
        #expect(!outcome.output.contains("pipeline"))
    }

    @Test func `A query reads silver, quarantine, a view, and all of them under the project's name`() throws {
        let project = try TemporaryProject()
        _ = try project.program.run("run")
        let rows = try project.program.run("query", "SELECT id, email FROM silver.users", "--output", "csv")
        #expect(rows.output == "id,email\n1,a@example.com\n")
        let rejected = try project.program.run(
            "query",
            "SELECT _source_row AS row FROM accounts.quarantine.users ORDER BY 1",
            "-o",
            "json"
        )
        #expect(try JSON(parsing: rejected.output) == [["row": 2], ["row": 3]])
        let view = try project.program.run(
            "query",
            "-",
            "-o",
            "json",
            input: "SELECT dt, approx_distinct(email) AS n FROM \"accounts\".silver GROUP BY dt;"
        )
        #expect(view.status == 0)
        #expect(try JSON(parsing: view.output) == [["dt": "2026-01-01", "n": 1]])
    }

    @Test func `A name without a schema is the one table of gold, silver and seeds that has it`() throws {
        var files = TemporaryProject.users
        files["models/customer_purchase_summary.sql"] = """
            SELECT id AS customer_id, email AS full_name, email, 10.00::DECIMAL(18, 2) AS total_spent_aud
            FROM silver.users
            """
        let project = try TemporaryProject(files)
        #expect(try project.program.run("run").status == 0)
        // As people have it for Athena, where the database is chosen beside the query.
        let top = """
            SELECT customer_id,
                   full_name,
                   email,
                   total_spent_aud
            FROM customer_purchase_summary
            ORDER BY total_spent_aud DESC
            LIMIT 5;
            """
        let rows = try project.program.run("query", "-", "-o", "csv", input: top)
        #expect(rows.output == "customer_id,full_name,email,total_spent_aud\n1,a@example.com,a@example.com,10.00\n")
        let silver = try project.program.run("query", "SELECT u.id FROM Users AS u", "-o", "csv")
        #expect(silver.output == "id\n1\n", "\(silver.messages)")
        // A name that the statement itself makes comes first.
        let own = try project.program.run("query", "WITH users AS (SELECT 7 AS id) SELECT id FROM users", "-o", "csv")
        #expect(own.output == "id\n7\n", "\(own.messages)")
        let unknown = try project.program.run("query", "FROM objects")
        #expect(unknown.status == 2)
        #expect(unknown.messages.contains("ops.objects"))
    }

    @Test func `A name without a schema that several tables have is refused with their full names`() throws {
        var files = TemporaryProject.users
        files["pipelines/users.yml"] = files["pipelines/users.yml"]?
            .replacingOccurrences(of: "pipeline: users", with: "pipeline: people")
        files["models/users.sql"] = "SELECT id FROM silver.users"
        let project = try TemporaryProject(files)
        _ = try project.program.run("run")
        let outcome = try project.program.run("query", "SELECT id FROM users")
        #expect(outcome.status == 2)
        #expect(outcome.messages.contains("more than one table is called \"users\""), "\(outcome.messages)")
        #expect(outcome.messages.contains("gold.users or silver.users"))
    }

    @Test func `A file that is quarantined whole leaves none of its fields behind as a column`() throws {
        var files = TemporaryProject.users
        files["pipelines/users.yml"]?.append("\nmax_error_rate: 0.9\n")
        files["landing/users/b.csv"] = "id;email;created;updated\n7;g@example.com;;\n"
        files["landing/users/c.csv"] = "id,email,created,updated,wrong\nx,nobody,,,1\n"
        files["landing/users/d.csv"] = "id,email,created,updated,plan\n8,h@example.com,,,\n"
        let project = try TemporaryProject(files)
        let run = try project.program.run("run", "-o", "json")
        #expect(try JSON(parsing: run.output)["runs"]?[0]?["objects"]?["quarantined"] == 2)
        let columns = try project.program.run("query", "DESCRIBE silver.users", "-o", "json")
        let names = try JSON(parsing: columns.output).arrayValue?.compactMap { $0["column_name"]?.stringValue }
        #expect(names?.filter { !$0.hasPrefix("_") } == ["id", "email", "created", "updated", "plan"])
    }

    @Test(arguments: [
        "COPY (SELECT 1) TO 'x.csv'", "EXPLAIN ANALYZE COPY (SELECT 1) TO 'x.csv'", "CREATE TABLE t AS SELECT 1",
        "ATTACH 'x.db'", "SET threads = 1", "SELECT 1; SELECT 2", "INSTALL httpfs", "CALL pragma_version()",
        "SELECT * FROM enable_logging('QueryLog', storage = 'file', storage_path = 'x')",
        "SELECT * FROM query('SELECT 1')", "SELECT * FROM read_text('/etc/passwd')", "FROM '/etc/passwd'",
        "SELECT * FROM read_csv('ingot.yml')", "SELECT * FROM postgres_scan('a', 'b', 'c')",
        "SELECT * FROM iceberg_scan('lake/x')", "SELECT write_log('x')", "PRAGMA database_list",
        "WITH a AS (SELECT * FROM checkpoint()) FROM a", "DESCRIBE SELECT * FROM enable_logging('x')",
    ])
    func `What does more than read the tables is refused`(sql: String) throws {
        let project = try TemporaryProject(["ingot.yml": "name: accounts\n"])
        let outcome = try project.program.run("query", sql)
        #expect(outcome.status == 2, "\(sql): \(outcome.output)\(outcome.messages)")
        #expect(outcome.output.isEmpty)
        #expect(outcome.messages.contains("error[ING0"))
    }
}
