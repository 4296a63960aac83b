import Foundation
import JSONTree
import Testing

/// Checks and notifications by the real program.
@Suite("Checks by command and workflow", .timeLimit(.minutes(30)))
struct CheckCommandTests {
    private static let function = "arn:aws:lambda:us-east-1:123456789012:function"

    private static func task(_ resource: String, _ parameters: String) -> String {
        """
        {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "\(resource)", "Parameters": \(parameters),
          "End": true}}}
        """
    }

    private static let files = [
        "ingot.yml": """
        name: accounts
        environments: {dev: {schedules: on}}
        notifications:
          file: {type: command, command: [sh, -c, 'cat >> told; echo >> told'], variables: {KEY: "${secret:key}"}}
          log: {type: log}
          broken: {type: command, command: [sh, -c, 'echo my key is $KEY >&2; exit 1'], variables: {KEY: "${secret:key}"}}
        workflows:
          bindings:
            "lambda:hours": {check: hours}
            "lambda:fresh": {check: fresh}
            "sns:alerts": {notification: [file, log]}
            "sns:nobody": {notification: broken}
          starts:
            loaded: {workflow: hours, on_run: users}
            regularly: {workflow: fresh, schedule: rate(1 minute)}
        """,
        "pipelines/users.yml": """
        pipeline: users
        source: {path: landing/, format: csv}
        columns:
          - {name: id, data_type: bigint}
          - {name: made, data_type: timestamp}
        silver: {table: silver.users, event_time: made}
        """,
        "checks/hours.yml": """
        check: hours
        table: silver.users
        completeness: {slot: 12 h, window: day, key: id, expected: {values: [1, 2]}}
        notify: [file]
        """,
        "checks/fresh.yml": """
        check: fresh
        table: silver.users
        freshness: {warn_after: 1 d}
        notify: [file, log]
        tags: often
        """,
        "workflows/hours.asl.json": task("\(function):hours", "{}"),
        "workflows/fresh.asl.json": task("\(function):fresh", "{}"),
        "workflows/alert.asl.json": task(
            "arn:aws:states:::sns:publish",
            #"{"TopicArn": "arn:aws:sns:us-east-1:1:alerts", "Subject": "Done", "Message": "All is well"}"#
        ),
        "workflows/nobody.asl.json": task(
            "arn:aws:states:::sns:publish",
            #"{"TopicArn": "arn:aws:sns:us-east-1:1:nobody", "Message": {"n": 1}}"#
        ),
        "landing/a.csv": "id,made\n1,2026-03-02 01:00:00\n1,2026-03-02 13:00:00\n2,2026-03-02 14:00:00\n2,soon\n",
    ]

    private static func project() throws -> (TemporaryProject, Program) {
        let project = try TemporaryProject(files)
        var program = project.program
        program.variables = ["INGOT_SECRET_KEY": "hush"]
        return (project, program)
    }

    /// What the program that is told has got.
    private static func told(_ project: TemporaryProject) throws -> [JSON] {
        let text = (try? String(contentsOfFile: project.folder + "/told", encoding: .utf8)) ?? ""
        return try text.split(separator: "\n").map { try JSON(parsing: String($0)) }
    }

    @Test func `A check says what is missing and why, tells its targets, and ends with a status`() async throws {
        try await apart {
            let (project, program) = try Self.project()
            #expect(try program.run("run").status == 0)
            let failed = try program.run("check", "--at", "2026-03-03", "-o", "csv")
            #expect(failed.status == 1)
            #expect(
                failed.output == """
                    check,table,status,reason,summary,time
                    fresh,silver.users,pass,,the newest row is 10 h old,2026-03-03T00:00:00.000000Z
                    hours,silver.users,fail,rows_rejected,"1 of 4 slots missing, of 1 of 2 keys, from 2026-03-02 00:00 to \
                    2026-03-03 00:00 UTC",2026-03-03T00:00:00.000000Z

                    """
            )
            let notice = try #require(try Self.told(project).first)
            #expect(try Self.told(project).count == 1)
            #expect(notice["title"] == "The check hours failed" && notice["severity"] == "error")
            #expect(notice["source"] == ["kind": "check", "name": "hours"] && notice["project"] == "accounts")
            #expect(notice["details"]?["completeness"]?["missing"]?[0]?["key"] == ["id": "2"])
            let lines = notice["text"]?.stringValue?.split(separator: "\n").dropFirst().map(String.init)
            #expect(
                lines == [
                    "missing of id 2: 2026-03-02 00:00 to 2026-03-02 12:00 (1 slot)",
                    "users: 1 file came, 1 of 4 rows rejected since 2026-03-02 00:00 UTC",
                ]
            )
            // A later day: no file came for it, and a warning is no failure.
            let warned = try program.run("check", "-s", "tag:often", "--at", "2030-01-01", "-o", "json", "--no-notify")
            #expect(warned.status == 0, "\(warned.messages)")
            let report = try #require(try JSON(parsing: warned.output)["checks"]?[0])
            #expect(report["status"] == "warn" && report["reason"] == "no_file")
            #expect(try Self.told(project).count == 1)
            let selected = try program.run("check", "-s", "users+", "--no-notify", "-o", "json")
            #expect(try JSON(parsing: selected.output)["checks"]?.arrayValue?.count == 2)
            // Where the output is for programs, the log is told on standard error.
            let logged = try program.run("check", "-s", "fresh", "--at", "2030-01-01", "-o", "csv")
            #expect(logged.messages.contains("warning: The check fresh warns\n  silver.users: the newest row is"))
        }
    }

    @Test func `A time that no check can be judged for is wrong use`() async throws {
        try await apart {
            let (project, program) = try Self.project()
            defer { withExtendedLifetime(project) {} }
            for time in ["1969-12-31", "2263-01-01", "2026-03-03T00:00:00+16:00"] {
                let outcome = try program.run("check", "--no-notify", "--at", time)
                #expect(outcome.status != 0 && outcome.output.isEmpty, "\(time)")
                #expect(outcome.messages.contains(time), "\(outcome.messages)")
            }
        }
    }

    @Test func `A check that cannot be judged fails its task by a name of its own`() async throws {
        try await apart {
            let (project, program) = try Self.project()
            #expect(try program.run("run").status == 0)
            let check = try #require(Self.files["checks/fresh.yml"])
            let wrong = check.replacing("{warn_after", with: "{event_time: id, warn_after")
            try project.write(wrong, to: "checks/fresh.yml")
            let fresh = try program.run("workflow", "start", "fresh", "--wait", "-o", "json")
            let execution = try JSON(parsing: fresh.output)
            #expect(execution["error"] == "Ingot.CheckError", "\(fresh)")
            #expect(execution["cause"]?.stringValue?.contains("no date or timestamp") == true, "\(fresh)")
        }
    }

    @Test func `A wrong selection or a wrong check is wrong use`() async throws {
        try await apart {
            let (project, program) = try Self.project()
            let nothing = try program.run("check", "-s", "users")
            #expect(nothing.status == 2 && nothing.messages.contains("selects no check; checks: fresh, hours"))
            let check = "check: odd\ntable: silver.user\nfreshness: {event_time: a, error_after: 1 d}\n"
            try project.write(check, to: "checks/odd.yml")
            let odd = try program.run("check")
            #expect(odd.status == 2, "\(odd.messages)")
            #expect(odd.messages.contains("checks/odd.yml:2:8: error[ING0501]: there is no table \"silver.user\""))
            let validated = try program.run("validate")
            #expect(validated.status == 2 && validated.messages.contains("there is no table \"silver.user\""))
            let values = "completeness: {slot: 6 h, window: day, key: id, expected: {values: [1, many]}}\n"
            try project.write("check: odd\ntable: silver.users\n\(values)", to: "checks/odd.yml")
            let keys = try program.run("validate")
            let place = "checks/odd.yml:3:72: error[ING0108]: the expected key \"many\" is no BIGINT"
            #expect(keys.status == 2 && keys.messages.contains(place), "\(keys.messages)")
        }
    }

    @Test func `A target that does not take it is named without secrets, and fails the command`() async throws {
        try await apart {
            let (project, program) = try Self.project()
            let check = try #require(Self.files["checks/fresh.yml"])
            try project.write(check.replacing("[file, log]", with: "[broken, file]"), to: "checks/fresh.yml")
            let outcome = try program.run("check", "-s", "fresh")
            #expect(outcome.status == 1)
            #expect(outcome.messages.contains("error[ING0824]: the notification \"broken\" was not sent"))
            #expect(outcome.messages.contains("my key is <REDACTED>") && !outcome.messages.contains("hush"))
            #expect(try Self.told(project).map { $0["title"] } == ["The check fresh warns"])
        }
    }

    @Test func `Tasks are checks and notifications`() async throws {
        try await apart {
            let (project, program) = try Self.project()
            #expect(try program.run("run").status == 0)
            let hours = try JSON(parsing: try program.run("workflow", "start", "hours", "--wait", "-o", "json").output)
            #expect(hours["status"] == "FAILED" && hours["error"] == "Ingot.CheckFailed", "\(hours)")
            let cause = try JSON(parsing: hours["cause"]?.stringValue ?? "")
            #expect(cause["errorType"] == "Ingot.CheckFailed")
            #expect(cause["errorMessage"]?.stringValue?.hasPrefix("hours: silver.users: 4 of 4 slots missing") == true)
            let fresh = try program.run("workflow", "start", "fresh", "--wait", "-o", "json")
            #expect(try JSON(parsing: fresh.output)["output"]?["status"] == "warn", "\(fresh)")
            #expect(fresh.messages.contains("warning: The check fresh warns\n  silver.users: the newest row is"))
            let alert = try program.run("workflow", "start", "alert", "--wait", "-o", "json")
            #expect(try JSON(parsing: alert.output)["output"]?["MessageId"] != nil, "\(alert)")
            #expect(alert.messages.contains("info: Done\n  All is well"))
            let told = try Self.told(project)
            #expect(told.map { $0["title"] } == ["The check hours failed", "The check fresh warns", "Done"])
            #expect(
                told.last?["text"] == "All is well" && told.last?["source"] == ["kind": "workflow", "name": "alert"]
            )
            let nobody = try JSON(
                parsing: try program.run("workflow", "start", "nobody", "--wait", "-o", "json").output
            )
            #expect(nobody["error"] == "Ingot.NotificationFailed")
            #expect(nobody["cause"]?.stringValue?.contains("my key is <REDACTED>") == true, "\(nobody)")
        }
    }

    @Test func `A service checks after every load and by schedule`() async throws {
        try await apart {
            let (project, program) = try Self.project()
            let service = try program.start("serve", "--port", "0", "--log-format", "json")
            var titles: Set<JSON> = []
            // The schedule's first time is a minute after it became known.
            try waitFor("both notices") {
                titles = Set(try Self.told(project).compactMap { $0["title"] })
                return titles.count == 2
            }
            service.process.terminate()
            let log = try service.finish().messages
            #expect(titles == ["The check hours failed", "The check fresh warns"], "\(log)")
            let entry = #""level":"warning","event":"notification","check":"fresh","title":"The check fresh warns""#
            #expect(log.contains(entry))
        }
    }
}
