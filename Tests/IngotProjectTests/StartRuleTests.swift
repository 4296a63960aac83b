import IngotCore
import IngotProject
import JSONTree
import StatesLanguage
import Testing

@Suite("Starts of workflows")
struct StartRuleTests {
    private static let machine = "StartAt: A\nStates:\n  A: {Type: Pass, End: true}\n"

    private static func findings(_ starts: String, _ more: String = "") -> String {
        Diagnosing.findings([
            "ingot.yml": "name: test\nworkflows:\n\(more)  starts:\n    one: \(starts)\n",
            "workflows/w.asl.yml": machine, "pipelines/users.yml": Diagnosing.pipeline,
        ])
    }

    @Test func `A start names what exists, has one trigger, and the keys of its trigger alone`() {
        #expect(Self.findings("{workflow: w, on_object: users}").isEmpty)
        #expect(Self.findings("{workflow: x, on_object: users}").contains("there is no workflow \"x\""))
        #expect(Self.findings("{workflow: w, on_object: user}").contains("there is no pipeline \"user\""))
        #expect(Self.findings("{workflow: w, on_run: nobody}").contains("there is no pipeline or model \"nobody\""))
        #expect(Self.findings("{workflow: w, on_execution: v}").contains("there is no workflow \"v\""))
        let two = Self.findings("{workflow: w, on_object: users, schedule: rate(1 day)}")
        #expect(two.contains("a start needs exactly one of schedule, on_object, on_run, on_execution"), "\(two)")
        #expect(Self.findings("{workflow: w}").contains("a start needs exactly one of"))
        #expect(Self.findings("{on_object: users}").contains("needs the key \"workflow\""))
        let zone = Self.findings("{workflow: w, on_object: users, timezone: UTC}")
        #expect(zone.contains("\"timezone\" goes with \"schedule\""), "\(zone)")
        let status = Self.findings("{workflow: w, on_run: users, run_status: faild}")
        #expect(status.contains("\"faild\" is not one of: succeeded, failed"), "\(status)")
        let berlin = Self.findings("{workflow: w, schedule: rate(1 day), timezone: Europe/Berlim}")
        #expect(berlin.contains("\"Europe/Berlim\" is no time zone") && berlin.contains("Europe/Berlin"), "\(berlin)")
    }

    @Test func `An Express workflow is neither started nor listened to`() {
        let started = Self.findings("{workflow: w, on_object: users}", "  express: [w]\n")
        #expect(started.contains("an execution of an Express workflow runs in whoever starts it"), "\(started)")
    }

    @Test func `An input is made of the event as a state in JSONata makes its output`() throws {
        let input =
            #"{day: "{% $states.input.year & '-' & $states.input.month %}", fixed: 7, n: "{% $number($states.input.n) %}"}"#
        let project = try Diagnosing.project([
            "ingot.yml": """
            name: test
            workflows: {starts: {one: {workflow: w, schedule: rate(1 day), input: \(input)}}}
            """,
            "workflows/w.asl.yml": Self.machine,
        ])
        let rule = try #require(project.configuration.workflows.starts.first)
        #expect(rule.name.value == "one" && rule.workflow.value == "w")
        let made = try #require(rule.input)
        let now = Timestamp(seconds: 0)
        #expect(
            try made.value(of: ["year": "2026", "month": "03", "n": "7"], at: now) == [
                "day": "2026-03", "fixed": 7, "n": 7,
            ]
        )
        let error = #expect(throws: IngotError.self) { try made.value(of: ["n": "many"], at: now) }
        #expect(error?.code == .startFailed)
    }

    @Test func `An expression that cannot be read is an error at its place`() {
        let findings = Self.findings("{workflow: w, on_object: users, input: {a: 1, b: \"{% $$$ + %}\"}}")
        #expect(findings.contains("ingot.yml:4:"), "\(findings)")
        #expect(findings.contains("error[ING0902]"), "\(findings)")
    }
}
