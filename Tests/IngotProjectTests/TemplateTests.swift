import IngotCore
import IngotProject
import Testing

@Suite("Templates")
struct TemplateTests {
    @Test(
        "are resolved with variables and their defaults",
        arguments: [
            ("plain", "plain"), ("${A}", "one"), ("x/${A}/${B:-two}/y", "x/one/two/y"), ("${EMPTY:-full}", "full"),
            ("${MISSING:-}", ""), ("$${A} costs $5", "${A} costs $5"), ("${A:-a:-b}", "one"), ("${M:-a:-b}", "a:-b"),
        ]
    )
    func resolve(text: String, expected: String) throws {
        let resolver = TemplateResolver(variables: ["A": "one", "EMPTY": ""])
        let template = try Self.template(text)
        #expect(template.description == text)
        #expect(try resolver.text(of: template) == expected)
    }

    @Test("An unset variable is told with its place")
    func unset() throws {
        let project = try Diagnosing.project([
            "ingot.yml": """
            name: a
            connections: {db: {type: postgres, url: "postgres://${HOST}/x?p=${secret:p}"}}
            environments: {dev: {lake: "${LAKE}/lake"}}
            """,
            "pipelines/p.yml": Diagnosing.pipeline.replacing("landing/users/", with: "\"${IN:-landing}/${DAY}\""),
        ])
        #expect(
            project.unsetVariables(in: [:]).map(\.description) == [
                "ingot.yml:3:28: error[ING0117]: the environment variable LAKE is not set\n"
                    + "  try: export LAKE=..., or ${LAKE:-default}",
                "ingot.yml:2:41: error[ING0117]: the environment variable HOST is not set\n"
                    + "  try: export HOST=..., or ${HOST:-default}",
                "pipelines/p.yml:2:16: error[ING0117]: the environment variable DAY is not set\n"
                    + "  try: export DAY=..., or ${DAY:-default}",
            ]
        )
        #expect(project.unsetVariables(in: ["LAKE": "l", "HOST": "h", "DAY": "d"]).isEmpty)
    }

    @Test("Secrets are resolved into values that do not print")
    func secrets() async throws {
        let template = try Self.template("postgres://u:${secret:db/password}@h/x")
        let resolver = TemplateResolver(variables: [:]) { $0 == "db/password" ? "hunter2" : nil }
        let secret = try await resolver.secret(of: template)
        #expect(secret.reveal() == "postgres://u:hunter2@h/x")
        var dumped = ""
        dump(secret, to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), String(describing: [secret]), dumped, "\(template)"] {
            #expect(!text.contains("hunter2"))
        }
        #expect("\(secret)" == "<REDACTED>")
        #expect(throws: IngotError.self) { try resolver.text(of: template) }
        let unknown = try Self.template("${secret:other}")
        let error = await #expect(throws: IngotError.self) { try await resolver.secret(of: unknown) }
        #expect(error?.code == .unknownSecret)
        #expect(error?.location == unknown.location)
    }

    @Test(
        "Paths start at the project folder and do not leave it",
        arguments: [
            ("lake/", "/work/project/lake/"), ("./a/../b", "/work/project/a/../b"), ("/data/lake", "/data/lake"),
            ("s3://bucket/lake/", "s3://bucket/lake/"), ("${UP:-x}/y", "/work/project/x/y"),
        ]
    )
    func paths(text: String, expected: String) throws {
        let resolver = TemplateResolver(variables: [:])
        #expect(try resolver.path(of: Self.template(text), in: "/work/project/") == expected)
        let up = TemplateResolver(variables: ["UP": "../.."])
        let error = #expect(throws: IngotError.self) { try up.path(of: Self.template("${UP}/y"), in: "/work/project") }
        #expect(error?.code == .pathOutsideProject)
    }

    @Test(
        "What is no variable is an error",
        arguments: ["${", "${}", "${a b}", "${1}", "${secret:}", "${a-b}", "${secret:a b}"]
    )
    func malformed(text: String) {
        #expect(throws: DiagnosticsError.self) { try Self.template(text) }
    }

    /// A template as it is read from a file.
    private static func template(_ text: String) throws -> Template {
        let yaml = "name: a\nconnections: {db: {type: postgres, url: '\(text)'}}\n"
        let connection = try Diagnosing.project(["ingot.yml": yaml]).environment.connections["db"]
        guard case .url(let template)? = connection?.address else { preconditionFailure("the connection has a url") }
        return template
    }
}
