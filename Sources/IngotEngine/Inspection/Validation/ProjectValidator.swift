import DuckDB
public import IngotCore
public import IngotProject

/// Compiles the SQL of a project against declared types, without data: what would fail in a run is found before it.
public struct ProjectValidator: Sendable {
    private let project: Project
    private let lake: String
    private let tables: [TableName: [TableColumn]]
    private let brokenFiles: Set<String>

    /// A validator of a project.
    ///
    /// - Parameters:
    ///   - project: The project, as far as it could be read.
    ///   - lake: The folder of the lake, whose files models may read.
    ///   - tables: The tables that exist, because models may read what another engine made.
    ///   - brokenFiles: The files with errors; what they would have declared is not missed.
    public init(
        _ project: Project,
        lake: String,
        tables: [TableName: [TableColumn]] = [:],
        brokenFiles: Set<String> = []
    ) {
        self.project = project
        self.lake = lake
        self.tables = tables
        self.brokenFiles = brokenFiles
    }

    /// Everything that is wrong, in the order of files and lines.
    ///
    /// - Throws: What keeps the query engine from working at all; `CancellationError`.
    public func errors() async throws -> [IngotError] {
        let settings = ["autoload_known_extensions": "false"]
        let database = try await Database(configuration: Database.Configuration(threads: 1, settings: settings))
        do {
            let connection = try await database.connect()
            let found: [IngotError]
            do {
                found = try await errors(connection)
                await connection.close()
            } catch {
                await connection.close()
                throw error
            }
            await database.close()
            return found.sorted { Self.order($0) < Self.order($1) }
        } catch {
            await database.close()
            throw error
        }
    }

    private func errors(_ connection: SQLConnection) async throws -> [IngotError] {
        try await AthenaMacros.install(on: connection)
        let seeds = try await SeedValidator(project: project, connection: connection).load()
        var errors = seeds
        for pipeline in project.pipelines {
            for table in pipeline.tables where isKnown(table) {
                let validator = ContractValidator(table: table, connection: connection)
                errors += try await validator.errors()
            }
        }
        // As in a run, whose sessions are closed before users' SQL is looked at.
        try await SQLFence.close(connection, lake: lake, project: project)
        let models = ModelValidator(project: project, lake: tables, brokenFiles: brokenFiles, connection: connection)
        errors += try await models.errors()
        let names = TableNames(project, existing: Array(tables.keys))
        let checks = CheckValidator(
            project: project,
            names: names,
            brokenFiles: brokenFiles,
            isRestValid: errors.isEmpty && brokenFiles.isEmpty,
            connection: connection
        )
        errors += try await checks.errors()
        // What loads read is known only where everything else is right.
        guard errors.isEmpty, brokenFiles.isEmpty else { return errors }
        return try await LoadValidator(project: project, lake: tables, connection: connection).errors()
    }

    /// Whether the table's columns are known, and the seeds that they relate to.
    private func isKnown(_ table: SilverTable) -> Bool {
        let (known, wanted) = (project.seeds.map(\.table.value), table.columns.compactMap(\.relationship?.to.value))
        return !table.columns.isEmpty && Set(wanted).isSubset(of: known)
    }

    private static func order(_ error: IngotError) -> (String, Int, Int) {
        (error.location?.file ?? "", error.location?.line ?? 0, error.location?.column ?? 0)
    }
}

/// A column of a table as the query engine sees it.
public struct TableColumn: Sendable, Hashable {
    /// The name.
    public var name: String
    /// The type, in the query engine's SQL.
    public var type: String
    /// Whether it may be missing.
    public var isRequired = false
    /// What it means.
    public var description: String?
}
