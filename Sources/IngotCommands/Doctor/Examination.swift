import DuckDB
import Foundation
import IngotCore
import IngotLocal
import IngotProject

/// Looks at an installation and a project, and says what is wrong with them.
struct Examination: Sendable {
    /// How a check ended.
    enum Verdict: String, Sendable {
        case ok
        case warn
        case fail
    }

    /// What a check found.
    struct Finding: Sendable {
        var verdict: Verdict
        var subject: String
        var detail: String
        var advice: String?

        init(_ verdict: Verdict, _ subject: String, _ detail: String, advice: String? = nil) {
            self.verdict = verdict
            self.subject = subject
            self.detail = detail
            self.advice = advice
        }
    }

    /// The version that Ingot is made for.
    private static let engineVersion = "v1.5.5"
    /// What Ingot itself can need; others are for stores and databases outside.
    private static let extensions = ["avro", "iceberg", "httpfs", "aws", "postgres_scanner", "mysql_scanner"]

    let directory: String
    let environment: String?

    /// Everything, the installation first.
    func findings() async -> [Finding] {
        var findings = [Finding(.ok, "ingot", "\(Version.current)")]
        findings.append(templates())
        findings += await engine()
        findings += MachineExamination.findings()
        findings += await project()
        return findings
    }

    /// Whether `ingot init` finds what it copies, which lies beside the program.
    private func templates() -> Finding {
        let folder = TemplateFolder.locate()
        let names = folder?.names ?? []
        if let folder, !names.isEmpty {
            return Finding(.ok, "templates", "\(names.joined(separator: ", ")), in \(folder.path)")
        }
        return Finding(
            .warn,
            "templates",
            folder.map { "there are none in \($0.path)" } ?? "there are none beside the program",
            advice: "put share/ingot/examples beside the program's bin folder, or set INGOT_EXAMPLES to where they are"
        )
    }

    // MARK: Query engine

    private func engine() async -> [Finding] {
        let version = Database.libraryVersion
        var findings: [Finding] = []
        if version == Self.engineVersion {
            findings.append(Finding(.ok, "query engine", "DuckDB \(version)"))
        } else {
            findings.append(
                Finding(
                    .fail,
                    "query engine",
                    "DuckDB \(version), but \(Self.engineVersion) is needed",
                    advice: "make setup"
                )
            )
        }
        do {
            let database = try await Database()
            let connection = try await database.connect()
            for name in Self.extensions { findings.append(await load(name, connection)) }
            await connection.close()
            await database.close()
        } catch {
            findings.append(Finding(.fail, "query engine", "does not start: \(error)", advice: "make setup"))
        }
        return findings
    }

    private func load(_ name: String, _ connection: DuckDB.Connection) async -> Finding {
        do {
            try await connection.execute("LOAD \(name)")
            return Finding(.ok, "extension \(name)", "loads")
        } catch {
            let detail = (error as? DuckDBError)?.message ?? "\(error)"
            return Finding(
                .warn,
                "extension \(name)",
                detail,
                advice: "make setup, or set INGOT_DUCKDB_EXTENSIONS to the folder of extensions"
            )
        }
    }

    // MARK: Project

    private func project() async -> [Finding] {
        guard FileManager.default.fileExists(atPath: "\(directory)/ingot.yml") else {
            return [Finding(.ok, "project", "\(directory) is no project, so none is checked", advice: nil)]
        }
        do {
            let (project, warnings) = try Project.load(directory: directory, environment: environment)
            let name = project.configuration.name.value
            var findings = [Finding(.ok, "project", "\(name), environment \(project.environment.name)")]
            findings += warnings.map { Finding(.warn, "project files", $0.error.message, advice: $0.error.hint) }
            findings += await stores(of: project)
            return findings
        } catch {
            let count = error.diagnostics.count { $0.severity == .error }
            return [
                Finding(.fail, "project", HumanText.count(count, "error") + " in its files", advice: "ingot validate")
            ]
        }
    }

    private func stores(of project: Project) async -> [Finding] {
        let locations: LocalEngine.Locations
        do {
            locations = try LocalEngine.locations(of: project, variables: ProcessInfo.processInfo.environment)
        } catch {
            let known = error as? IngotError
            return [Finding(.fail, "locations", known?.message ?? "\(error)", advice: known?.hint)]
        }
        var findings: [Finding] = []
        for (subject, path) in [("lake", locations.lake), ("bronze", locations.bronze), ("state", locations.state)] {
            findings.append(FolderExamination(subject: subject, path: path).finding())
        }
        guard FileManager.default.fileExists(atPath: locations.database) else {
            return findings + [Finding(.ok, "state database", "not made yet: the project was never run")]
        }
        do {
            let problems = try StateExamination.problems(of: locations.database)
            findings.append(
                problems.isEmpty
                    ? Finding(.ok, "state database", "sound")
                    : Finding(
                        .fail,
                        "state database",
                        problems.joined(separator: "; "),
                        advice: "restore \(locations.database) from a copy"
                    )
            )
        } catch {
            let known = error as? IngotError
            findings.append(Finding(.fail, "state database", known?.message ?? "\(error)", advice: known?.hint))
        }
        return findings
    }
}
