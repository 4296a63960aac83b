import Foundation
import IngotCommands
import IngotProject
import Testing

/// Compares what the program prints with what somebody found right.
enum Golden {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Golden"

    /// Checks a text against the kept one; with `INGOT_UPDATE_GOLDEN` it takes the text's place.
    static func expect(_ text: String, is name: String, _ location: SourceLocation = #_sourceLocation) throws {
        let path = "\(folder)/\(name)"
        if ProcessInfo.processInfo.environment["INGOT_UPDATE_GOLDEN"] != nil {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        }
        let kept = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text == kept, "\(name) is not what it was", sourceLocation: location)
    }

    /// Checks a page of `docs` in the same way.
    static func expectPage(_ text: String, is name: String, _ location: SourceLocation = #_sourceLocation) throws {
        try expect(text, is: "../../../docs/\(name)", location)
    }
}

@Suite("What the program prints", .timeLimit(.minutes(30)))
struct GoldenTests {
    @Test func `The manual of the commands is the one in docs`() throws {
        let outcome = try Program(folder: FileManager.default.temporaryDirectory.path).run("manual")
        try Golden.expectPage(outcome.output, is: "commands.md")
    }

    @Test func `The page of errors has every number`() throws {
        try Golden.expectPage(ErrorReference.text, is: "errors.md")
    }

    @Test func `The page of project files has every key`() throws {
        try Golden.expectPage(Project.referenceDocumentation(), is: "project-files.md")
    }

    @Test(arguments: ["", "run", "query", "init", "trace"]) func `Help is as it was`(command: String) throws {
        let program = Program(folder: FileManager.default.temporaryDirectory.path, variables: ["COLUMNS": "100"])
        let outcome = command.isEmpty ? try program.run("--help") : try program.run(command, "--help")
        #expect(outcome.status == 0)
        #expect(outcome.messages.isEmpty)
        try Golden.expect(outcome.output, is: "help\(command.isEmpty ? "" : "-\(command)").txt")
    }

    @Test func `A table aligns by type and counts wide characters, and JSON and CSV keep every digit`() throws {
        let project = try TemporaryProject(["ingot.yml": "name: accounts\n"])
        let sql = """
            SELECT * FROM (VALUES
                (1, '日本', 1.50::DECIMAL(9,2), NULL, [1, 2], TIMESTAMPTZ '2026-01-31 12:00:00+02'),
                (-20, 'e\u{301}👩‍👩‍👧', 12345.67::DECIMAL(9,2), 'a,"b"', [], NULL),
                (170141183460469231731687303715884105727::HUGEINT, 'line\nend', 0.01::DECIMAL(9,2), '', NULL, NULL)
            ) t(n, "text", amount, other, list, made)
            """
        for form in ["table", "json", "csv"] {
            let outcome = try project.program.run("query", sql, "--output", form)
            #expect(outcome.status == 0, "\(outcome.messages)")
            try Golden.expect(outcome.output, is: "query-\(form).txt")
        }
    }

    @Test func `Errors in SQL show the place and what was probably meant`() throws {
        let project = try TemporaryProject()
        _ = try project.program.run("run")
        let statements = [
            "SELECT emial FROM silver.users", "SELECT *\nFROM silver.user", "SELEC 1", "SELECT nofun(1)",
            "SELECT 1 FROM accounts.nothing", "SELECT\t1 +\tx", "", "PIVOT silver.users ON id USING count(*)",
            "SELECT $1",
        ]
        var messages = ""
        for sql in statements {
            let outcome = try project.program.run("query", "--", sql)
            #expect(outcome.status == 2)
            messages += "\(sql)\n\(outcome.messages)\n"
        }
        try Golden.expect(messages, is: "query-errors.txt")
    }

    @Test func `Mistakes in a contract and in models are found at their places, without data`() throws {
        var files = TemporaryProject.users
        files["pipelines/users.yml"] = """
            pipeline: users
            source: {path: landing/users/, format: csv}
            columns:
              - {name: id, data_type: bigint}
              - {name: email, data_type: varchar, transform: "lower(trim(emial))", matches: '('}
              - {name: created, data_type: timestamptz}
              - {name: day, data_type: date, expression: created::dat}
            rules:
              - {name: later, expression: "created > updated"}
              - {name: text, expression: "email || 'x'"}
              - {name: open, expression: "created >"}
            silver: {table: silver.users}
            """
        files["models/broken.sql"] = "SELECT id,\n    emial\nFROM silver.users"
        files["models/unknown.sql"] = "SELECT 1 FROM silver.user"
        files["models/one.sql"] = "SELECT * FROM gold.two"
        files["models/two.sql"] = "SELECT * FROM gold.one"
        let project = try TemporaryProject(files)
        let outcome = try project.program.run("validate")
        #expect(outcome.status == 2)
        #expect(outcome.output.isEmpty)
        try Golden.expect(outcome.messages, is: "validate-errors.txt")
        #expect(!FileManager.default.fileExists(atPath: project.folder + "/.ingot"))
    }

    @Test func `Mistakes in files do not hide those in SQL`() throws {
        var files = TemporaryProject.users
        files["ingot.yml"] = "name: accounts\ncolour: red\n"
        files["pipelines/users.yml"] = """
            pipeline: users
            source: {path: landing/users/, format: cvs}
            columns:
              - {name: id, data_type: bigint}
              - {name: email, data_type: varchar, transform: "lower(trim(emial))"}
            rules:
              - {name: later, expression: "id > updated"}
            silver: {table: silver.users, partition_by: [day(created)]}
            """
        files["pipelines/orders.yml"] = """
            pipeline: orders
            source: {path: landing/orders/, format: csv}
            columns:
              - {name: id, data_type: bigin}
              - {name: total, data_type: bigint, transform: "trimm(total)", min: few}
            rules:
              - {name: numbered, expression: "id > 0"}
              - {name: positive, expression: "abss(total) > 0"}
              - {name: text, expresion: "total > 0"}
            silver: {table: silver.orders}
            """
        files["models/daily.sql"] = "/* @ingot\nmaterialised: table\n*/\nSELECT id, emial FROM silver.users"
        files["models/strict.sql"] = """
            /* @ingot
            contract: {enforced: true}
            columns:
              - {name: id, data_type: varchar}
              - {name: name, data_type: varchar}
              - {name: day, data_type: date}
            */
            SELECT id, 1 AS name, email FROM silver.users
            """
        // What depends on the columns that could not be read is not judged.
        files["models/later.sql"] = "SELECT total FROM silver.orders"
        files["models/unknown.sql"] = "SELECT 1 FROM silver.user"
        let project = try TemporaryProject(files)
        let outcome = try project.program.run("validate")
        #expect(outcome.status == 2)
        #expect(!outcome.messages.contains("later.sql"))
        let elsewhere = try project.program.run("validate", "--environment", "nowhere")
        #expect(elsewhere.status == 2)
        #expect(elsewhere.messages.contains("there is no environment \"nowhere\""))
        #expect(elsewhere.messages.contains("name trimm does not exist"))
        try Golden.expect(outcome.messages, is: "validate-files-and-sql.txt")
    }

    @Test func `Mistakes in checks and notifications are told at their places, with those in their SQL`() throws {
        var files = TemporaryProject.users
        files["ingot.yml"] = """
            name: accounts
            notifications:
              ops: {type: webhook, url: "https://host/", headrs: {A: b}}
              chat: {type: slack, url: "https://hooks.slack.com/services/T0/B0/x"}
              mail: {type: smtp, host: mail, from: a@example.com, to: [b@example.com]}
            """
        var said: [String] = []
        func validate() throws {
            let project = try TemporaryProject(files)
            let outcome = try project.program.run("validate")
            #expect(outcome.status == 2)
            said.append(outcome.messages)
        }
        try validate()
        files["ingot.yml"] = """
            name: accounts
            notifications: {ops: {type: log}, mail: {type: smtp, host: mail, from: a@example.com, to: b@example.com}}
            workflows: {bindings: {"lambda:f": {check: hour}, "sns:a": {notification: [ops, op]}}}
            """
        files["checks/hours.yml"] = """
            check: hours
            table: silver.users
            completeness:
              slot: 1 h
              window: day
              key: [emial]
              expected: {sql: "SELECT nofun(1)"}
            notify: [opps]
            """
        files["checks/fresh.yml"] = "check: fresh\ntable: silver.usrs\nfreshness: {event_time: id, error_after: 1 d}\n"
        files["checks/typed.yml"] = """
            check: typed
            table: silver.users
            freshness: {event_time: email, warn_after: 1 d}
            """
        try validate()
        files["checks/hours.yml"] = """
            check: hours
            table: silver.users
            completeness: {slot: 1 h, window: day, key: email, expected: {sql: "SELECT id, emial FROM silver.users"}}
            """
        files["ingot.yml"] = "name: accounts\n"
        try validate()
        try Golden.expect(said.joined(separator: "\n"), is: "validate-checks.txt")
    }

    @Test func `Lists have the same members in all forms`() throws {
        let project = try TemporaryProject()
        _ = try project.program.run("run")
        var text = ""
        for arguments in [["objects"], ["runs"], ["tables"], ["quarantine"], ["quarantine", "show", "users"]] {
            let outcome = try project.program.run(list: arguments + ["-o", "csv"])
            text += arguments.joined(separator: " ") + ": " + outcome.output.prefix { $0 != "\n" } + "\n"
        }
        try Golden.expect(text, is: "list-members.txt")
        let counts = try project.program.run("quarantine", "list", "users")
        try Golden.expect(counts.output, is: "quarantine.txt")
    }
}
