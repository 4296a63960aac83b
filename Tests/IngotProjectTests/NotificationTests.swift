import IngotCore
import IngotProject
import Testing

@Suite("notifications of ingot.yml")
struct NotificationTests {
    @Test("Each type has keys of its own")
    func types() throws {
        let yaml = """
            name: test
            notifications:
              a: {type: log}
              b: {type: webhook, url: "https://host/${VAR}", headers: {X-Key: "${secret:key}"}, token: "${secret:token}"}
              c: {type: slack, url: "${secret:slack}"}
              d: {type: command, command: [mail, -s, alert], variables: {KEY: "${secret:key}"}}
            environments:
              prod:
                notifications:
                  e: {type: smtp, host: mail, from: a@b.c, to: [d@e.f]}
                  f: {type: sns, topic_arn: "arn:aws:sns:us-east-1:1:alerts"}
            """
        let project = try Diagnosing.project(["ingot.yml": yaml])
        let targets = project.environment.notifications
        #expect(targets.mapValues(\.kind) == ["a": .log, "b": .webhook, "c": .slack, "d": .command])
        guard case .webhook(let url, let headers, let token)? = targets["b"]?.transport else {
            Issue.record("b is another type")
            return
        }
        #expect(url.description == "https://host/${VAR}" && headers["X-Key"]?.holdsSecret == true)
        #expect(token?.holdsSecret == true)
        #expect(project.unsetVariables(in: [:]).map(\.error.code) == [.unsetVariable])
    }

    private static let faults: [(settings: String, expected: String)] = [
        (
            "{type: webhook, url: host}",
            """
            2:44: error[ING0108]: "host" is not an address of HTTP
              try: https://host/path
            """
        ),
        ("{type: webhook}", "2:23: error[ING0106]: a webhook notification needs the key \"url\""),
        (
            "{type: webhook, url: \"${U}\", headrs: {A: b}}",
            """
            2:52: error[ING0105]: unknown key "headrs" in a notification; known keys: type, url, headers, token, \
            command, variables, host, port, user, password, from, to, topic_arn
              try: headers
            """
        ),
        (
            "{type: slack, url: \"${U}\", token: \"${T}\"}",
            """
            2:50: error[ING0112]: a slack notification takes no token
              try: its keys: url
            """
        ),
        (
            "{type: log, url: \"${U}\"}",
            """
            2:35: error[ING0112]: a log notification takes no url
              try: log takes no keys but type
            """
        ),
        (
            "{type: slack, url: \"https://hooks.slack.com/services/T/B/x\"}",
            """
            2:42: error[ING0108]: whoever knows the address of an incoming webhook can write to the channel: it \
            cannot be written into a project file
              try: ${secret:name}
            """
        ),
        (
            "{type: webhook, url: \"${U}\", token: abc}",
            """
            2:59: error[ING0108]: a token cannot be written into a project file
              try: ${secret:name}
            """
        ),
        ("{type: command, command: []}", "2:48: error[ING0108]: the list is empty"),
        (
            "{type: smtp, host: mail, from: a@b.c, to: d@e.f}",
            """
            2:18: error[ING0122]: this version of Ingot cannot send notifications by smtp, as "ops" of the \
            environment "dev" wants it
              try: type: command, with a program that sends them; or webhook, slack, log
            """
        ),
        ("{type: sns}", "2:23: error[ING0106]: a sns notification needs the key \"topic_arn\""),
    ]

    @Test("Mistakes are told with their place", arguments: faults)
    func mistakes(settings: String, expected: String) {
        #expect(Diagnosing.configuration("name: x\nnotifications: { ops: \(settings)}\n") == expected)
    }

    @Test("A task is bound to a check or to targets that there are")
    func bindings() {
        func findings(_ binding: String) -> String {
            Diagnosing.findings([
                "ingot.yml": """
                name: t
                notifications: {ops: {type: log}}
                workflows: {bindings: {"lambda:f": \(binding)}}
                """,
                "pipelines/users.yml": Diagnosing.pipeline,
                "checks/c.yml": """
                check: fresh
                table: silver.users
                freshness: {event_time: created, error_after: 1 d}
                """,
            ])
        }
        #expect(findings("{check: fresh}").isEmpty)
        #expect(findings("{notification: [ops]}").isEmpty)
        let check = findings("{check: frsh}")
        #expect(check.contains("there is no check \"frsh\"; checks: fresh\n  try: fresh"), "\(check)")
        let target = findings("{notification: opps}")
        #expect(target.contains("there is no notification \"opps\"; notifications: ops\n  try: ops"), "\(target)")
        let both = findings("{check: fresh, notification: ops}")
        #expect(both.contains("exactly one of pipeline, model, load, sql"), "\(both)")
    }
}
