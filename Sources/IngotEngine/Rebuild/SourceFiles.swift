import DuckDB
import IngotCore
import IngotProject

/// What lies in the sources of the project now, in a temporary table.
struct SourceFiles {
    static let table = "__files"

    let services: EngineServices
    let connection: SQLConnection

    /// Lists the sources; one that cannot be listed is left out, and its files are looked at by the next run.
    func list() async throws -> [String] {
        try await connection.execute(
            """
            CREATE OR REPLACE TEMP TABLE \(Self.table)
            (source VARCHAR, key VARCHAR, size BIGINT, modified BIGINT, tag VARCHAR)
            """
        )
        var problems: [String] = []
        for pipeline in services.project.pipelines {
            do {
                let root = try services.location(of: pipeline.source.path)
                let patterns = SourcePatterns(pipeline.source)
                for try await page in services.arrivals.files(under: root) {
                    try await insert(page.files.filter { patterns.accepts($0.key) }, of: pipeline.name.value)
                }
            } catch let error as IngotError {
                if error.code != .objectNotFound { problems.append("\(pipeline.name): \(error.message)") }
            }
        }
        return problems
    }

    private func insert(_ files: [SourceFile], of source: String) async throws {
        try await connection.append(to: [Self.table]) { appender in
            for file in files {
                try await appender.append([
                    .varchar(source), .varchar(file.key), .bigint(file.size), .bigint(file.modified),
                    .varchar(file.entityTag),
                ])
            }
        }
    }
}
