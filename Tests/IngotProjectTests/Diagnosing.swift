import IngotCore
import IngotProject

/// Reads projects that lie in memory.
enum Diagnosing {
    /// A pipeline that is right, for tests that add one thing.
    static let pipeline = """
        pipeline: users
        source: {path: landing/users/, format: csv}
        columns:
          - {name: id, data_type: bigint}
          - {name: created, data_type: timestamptz}
        silver: {table: silver.users}

        """

    /// What is found in some files, beside a right `ingot.yml`.
    static func findings(_ files: [String: String], environment: String? = nil) -> String {
        let all = ["ingot.yml": "name: test\n"].merging(files) { $1 }
        return findings(InMemoryProjectFiles(all), environment: environment)
    }

    static func findings(_ files: InMemoryProjectFiles, environment: String? = nil) -> String {
        do throws(DiagnosticsError) {
            let result = try Project.load(directory: "/project", environment: environment, files: files)
            return result.warnings.map(\.description).joined(separator: "\n")
        } catch {
            return error.description
        }
    }

    /// What is found in `pipelines/p.yml`, without the file's name.
    static func pipeline(_ yaml: String) -> String {
        lines(findings(["pipelines/p.yml": yaml]), without: "pipelines/p.yml:")
    }

    /// What is found in `ingot.yml`, without the file's name.
    static func configuration(_ yaml: String) -> String {
        lines(findings(["ingot.yml": yaml]), without: "ingot.yml:")
    }

    /// What is found in `models/m.sql`, without the file's name.
    static func model(_ sql: String) -> String {
        lines(findings(["models/m.sql": sql]), without: "models/m.sql:")
    }

    /// A project of some files.
    static func project(_ files: [String: String]) throws -> Project {
        let all = ["ingot.yml": "name: test\n"].merging(files) { $1 }
        return try Project.load(directory: "/project", files: InMemoryProjectFiles(all)).project
    }

    private static func lines(_ text: String, without prefix: String) -> String {
        text.split(separator: "\n").map { $0.hasPrefix(prefix) ? $0.dropFirst(prefix.count) : $0 }
            .joined(separator: "\n")
    }
}
