import IngotCore
import IngotProject
import Testing

@Suite("ingot.yml")
struct ConfigurationTests {
    @Test("has defaults for everything but the name")
    func defaults() throws {
        let project = try Diagnosing.project([:])
        #expect(project.configuration.name.value == "test")
        #expect(project.environment.name == "dev")
        #expect(project.environment.lake.description == "lake/")
        #expect(project.environment.bronze.description == "bronze/")
        #expect(project.environment.state.description == ".ingot/")
        #expect(!project.environment.schedules)
        let settings = project.environment.settings
        #expect(settings.memoryLimit == nil)
        #expect(settings.gcMinAge == .seconds(3_600))
        #expect(settings.maxSnapshotAge == .seconds(5 * 86_400))
    }

    @Test("An environment's values are merged by name into the project's")
    func merging() throws {
        let yaml = """
            name: test
            settings: {memory_limit: 1GB, threads: 2}
            variables: {a: 1, b: [x, y]}
            connections:
              db: {type: postgres, url: "postgres://localhost/dev"}
              other: {type: sqlite, path: other.db}
            notifications:
              ops: {type: log}
            retention: {bronze: 90 d, logs: 4 weeks}
            lineage: {file: lineage.jsonl, namespace: house}
            environments:
              prod:
                lake: s3://lake/
                schedules: on
                settings: {memory_limit: 16GiB}
                retention: {bronze: 1 day}
                lineage: {url: "https://lineage/api/v1/lineage", token: "${secret:lineage}"}
                variables: {a: 2, c: yes}
                connections:
                  db: {type: postgres, host: "${HOST:-db}", database: main, password: "${secret:db}"}
                notifications:
                  ops: {type: slack, url: "${secret:slack}"}
            """
        let project = try Diagnosing.project(["ingot.yml": yaml])
        #expect(project.configuration.environments.map(\.name) == ["dev", "prod"])
        let dev = project.environment
        let prod = try #require(project.configuration.environment(named: "prod"))
        #expect(dev.settings.memoryLimit == ByteSize(bytes: 1_000_000_000))
        #expect(prod.settings.memoryLimit == ByteSize(bytes: 16 << 30))
        #expect(prod.settings.threads == 2)
        #expect(prod.variables.keys.sorted() == ["a", "b", "c"])
        guard case .value(let a)? = prod.variables["a"], case .list(let b)? = prod.variables["b"] else {
            Issue.record("the variables have other shapes")
            return
        }
        #expect(a.text == "2" && a.kind == .number)
        #expect(b.map(\.text) == ["x", "y"])
        guard case .server(let host, nil, let database, nil, let password?)? = prod.connections["db"]?.address else {
            Issue.record("the connection is given in parts")
            return
        }
        #expect(host.description == "${HOST:-db}")
        #expect(database.description == "main")
        #expect(password.holdsSecret)
        #expect(prod.connections["other"] == dev.connections["other"])
        #expect(prod.notifications["ops"]?.kind == .slack)
        #expect(dev.notifications["ops"]?.kind == .log)
        guard case .file(let file)? = dev.lineage?.destination,
            case .url(let url, let token?)? = prod.lineage?.destination
        else {
            Issue.record("lineage goes elsewhere")
            return
        }
        #expect(file.description == "lineage.jsonl" && dev.lineage?.namespace == "house")
        #expect(url.description == "https://lineage/api/v1/lineage" && token.holdsSecret)
        #expect(prod.lineage?.namespace == nil)
        #expect(dev.retention.bronze == .seconds(90 * 86_400) && dev.retention.quarantine == nil)
        #expect(prod.retention.bronze == .seconds(86_400) && prod.retention.logs == .seconds(28 * 86_400))
        #expect(prod.schedules && !dev.schedules)
        #expect(prod.lake.description == "s3://lake/")
        #expect(prod.bronze.description == ".ingot/prod/bronze/")
        #expect(prod.state.description == ".ingot/prod/")
    }

    @Test(
        "Mistakes are told with their place",
        arguments: [
            ("description: x\n", "1:1: error[ING0106]: a project needs the key \"name\": name"),
            (
                "name: x\nenviroments: {}\n",
                """
                2:1: error[ING0105]: unknown key "enviroments" in a project; known keys: name, description, \
                require_ingot_version, default_environment, environments, settings, variables, connections, \
                notifications, retention, lineage, workflows
                  try: environments
                """
            ),
            (
                "name: x\ndefault_environment: prd\nenvironments: {prod: }\n",
                """
                2:22: error[ING0115]: default_environment: there is no environment "prd"; environments: dev, prod
                  try: prod
                """
            ),
            (
                "name: x\nenvironments: {prod: {lake: ../x}}\n",
                """
                2:29: error[ING0113]: the path "../x" leads out of the project folder
                  try: a path without "..", or an absolute one
                """
            ),
            (
                "name: x\nenvironments: {prod: {lake: lake}}\n",
                """
                2:29: error[ING0112]: the environments "dev" and "prod" have the same lake, lake
                  try: give each environment its own lake
                """
            ),
            (
                "name: x\nsettings: {memory_limit: 2 GX}\n",
                """
                2:26: error[ING0108]: "gx" is not a unit of size; units: B, kB, MB, GB, TB, KiB, MiB, GiB, TiB
                  try: GB
                """
            ),
            (
                "name: x\nsettings: {memory_limit: 1kB}\n",
                "2:26: error[ING0108]: memory_limit is less than the engine can work with, 64MiB"
            ),
            (
                "name: x\nsettings: {threads: two}\n",
                "2:21: error[ING0108]: expected a whole number from 1 to 1024, found \"two\""
            ),
            (
                "name: x\nsettings: {gc_min_age: 1 month}\n",
                "2:24: error[ING0108]: a month has no fixed length\n  try: a number of days"
            ),
            (
                "name: x\nsettings: {gc_min_age: 60}\n",
                "2:24: error[ING0108]: the duration \"60\" has no unit\n  try: 60 s, m, h or d"
            ),
            ("name: x\nlineage: {}\n", "2:10: error[ING0106]: lineage needs the key \"file\" or \"url\""),
            (
                "name: x\nlineage: {url: \"ftp://host/x\"}\n",
                """
                2:16: error[ING0108]: "ftp://host/x" is not an address of HTTP
                  try: https://host/api/v1/lineage
                """
            ),
            (
                "name: x\nlineage: {url: \"https://host/x\", token: hunter2}\n",
                """
                2:41: error[ING0108]: a token cannot be written into a project file
                  try: ${secret:name}
                """
            ),
            (
                "name: x\nlineage: {file: a.jsonl, url: \"https://host/x\"}\n",
                "2:26: error[ING0112]: lineage goes to a file or to a url, not to both"
            ),
            (
                "name: x\nlineage: {file: a.jsonl, token: \"${T}\"}\n",
                "2:26: error[ING0112]: a file takes no token"
            ),
            (
                "name: x\nconnections: {db: {type: postgres, host: a, database: b, password: hunter2}}\n",
                """
                2:68: error[ING0108]: a password cannot be written into a project file
                  try: ${secret:name}
                """
            ),
            (
                "name: x\nconnections: {db: {type: mysql, url: \"mysql://root:hunter2@db/x\"}}\n",
                """
                2:38: error[ING0108]: a password cannot be written into a project file
                  try: postgres://user:${secret:name}@host/database
                """
            ),
            (
                "name: x\nenvironments: {prod: {lake: ~/lake}}\n",
                """
                2:29: error[ING0108]: "~" does not stand for the home folder here
                  try: ${HOME}/lake
                """
            ),
            (
                "name: x\nconnections: {db: {type: sqlite}}\n",
                "2:19: error[ING0106]: a sqlite connection needs path"
            ),
            (
                "name: x\nconnections: {db: {type: sqlite, path: a.db, host: b}}\n",
                "2:46: error[ING0112]: a sqlite connection given by path takes no host"
            ),
            (
                "name: x\nnotifications: {ops: {type: slak}}\n",
                """
                2:29: error[ING0108]: "slak" is not one of: log, webhook, slack, smtp, command, sns
                  try: slack
                """
            ),
            (
                "name: x\nrequire_ingot_version: newest\n",
                """
                2:24: error[ING0108]: "newest" is not a condition on a version
                  try: ">=0.1" or ">=0.1, <1.0"
                """
            ),
        ]
    )
    func mistakes(yaml: String, expected: String) {
        #expect(Diagnosing.configuration(yaml) == expected)
    }

    @Test("A project for a newer Ingot is told as such, and nothing else of it")
    func newerProject() {
        let finding = Diagnosing.findings([
            "ingot.yml": "name: test\nrequire_ingot_version: \">=99\"\nfrom_the_future: 1\n",
            "pipelines/p.yml": "from_the_future: 1\n",
        ])
        #expect(
            finding == """
                ingot.yml:2:24: error[ING0116]: the project needs Ingot >=99, this is \(Version.current)
                  try: install a version that fits
                """
        )
    }

    @Test(
        "Conditions on the version",
        arguments: [
            (">=0.1", true), ("0.3.1", true), (">= 0.3, < 0.4", true), ("<0.3", false), (">0.3.1", false),
            ("=0.3.1", true), ("<=0.3.0", false), (">=1", false),
        ]
    )
    func versions(condition: String, isAllowed: Bool) throws {
        let files = InMemoryProjectFiles(["ingot.yml": "name: a\nrequire_ingot_version: \"\(condition)\"\n"])
        let load = {
            try Project.load(directory: "/project", environment: nil, files: files, version: Version(0, 3, 1))
        }
        if isAllowed { _ = try load() } else { #expect(throws: DiagnosticsError.self) { try load() } }
    }

    @Test("An environment that is asked for and not there is named with those that are")
    func unknownEnvironment() {
        #expect(
            Diagnosing.findings(["ingot.yml": "name: a\nenvironments: {prod: {}}\n"], environment: "prd") == """
                ingot.yml: error[ING0115]: there is no environment "prd"; environments: dev, prod
                  try: prod
                """
        )
    }

    @Test("A folder without ingot.yml is no project")
    func noProject() {
        #expect(
            Diagnosing.findings(InMemoryProjectFiles([:])) == """
                error[ING0101]: /project is not an Ingot project: it has no ingot.yml
                  try: ingot init
                """
        )
        #expect(
            Diagnosing.findings(InMemoryProjectFiles(["ingot.yaml": "name: a"])).hasSuffix(
                "try: mv ingot.yaml ingot.yml"
            )
        )
    }

    @Test("Files that are not read give a warning")
    func ignoredFiles() {
        let findings = Diagnosing.findings([
            "checks/a.txt": "x", "loads/a.sql": "x",
            "workflows/b.json": "x", "pipelines/notes.txt": "x", "models/schema.yml": "x",
            "seeds/lonely.yml": "x",
        ])
        #expect(
            findings == """
                checks/a.txt: warning[ING0121]: the file is not read: only .yml files are read here
                loads/a.sql: warning[ING0121]: the file is not read: only .yml files are read here
                models/schema.yml: warning[ING0121]: the file is not read: only .sql files are read here; a model's \
                settings stand at its top in /* @ingot ... */
                pipelines/notes.txt: warning[ING0121]: the file is not read: only .yml files are read here
                seeds/lonely.yml: warning[ING0121]: the file is not read: there is no seeds/lonely.csv beside it
                workflows/b.json: warning[ING0121]: the file is not read: a workflow's file ends in .asl.json, \
                .asl.yml, .asl.yaml
                """
        )
    }
}
