import ArgumentParser
import Foundation
import IngotCore
import IngotEngine
import IngotLocal
import IngotProject

/// `ingot validate`.
struct ValidateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Check the project's files and its SQL, without data.",
        discussion: """
            Every file is read and everything that is wrong is said at once, each with its place: keys and values, \
            names that nothing has, and all SQL, which is compiled against the declared types. With --schema, only the schemas are written.
            """
    )

    @OptionGroup var global: GlobalOptions

    @Option(
        name: .long,
        help: ArgumentHelp("Write JSON Schemas of all files, for editors, into this folder.", valueName: "folder"),
        completion: .directory
    )
    var schema: String?

    func run() async throws {
        let console = global.console
        if let schema {
            let files = Project.jsonSchemas().map { ProjectFile($0.fileName, $0.text) }
            let written = try ProjectWriter(folder: schema, replaces: true).write(files)
            for name in written { console.message("wrote \(schema)/\(name)") }
            return
        }
        let (read, found) = Project.check(directory: global.directory, environment: global.environment)
        var diagnostics = found
        if let read { diagnostics += try await errorsOfSQL(in: read, beside: found) }
        for diagnostic in diagnostics.inOrder { console.message(diagnostic.description) }
        let count = diagnostics.count { $0.severity == .error }
        guard let project = read, count == 0 else {
            console.message(HumanText.count(count, "error"))
            throw ExitStatus.wrongUse
        }
        var parts = [
            HumanText.count(project.pipelines.count, "pipeline"), HumanText.count(project.models.count, "model"),
            HumanText.count(project.seeds.count, "seed"),
        ]
        if !project.checks.isEmpty { parts.append(HumanText.count(project.checks.count, "check")) }
        if !project.workflows.isEmpty { parts.append(HumanText.count(project.workflows.count, "workflow")) }
        if !project.loads.isEmpty { parts.append(HumanText.count(project.loads.count, "load")) }
        console.message("The project \(project.configuration.name) is valid: \(parts.joined(separator: ", ")).")
    }

    /// What is wrong with the project's SQL, as far as it can be told beside the errors that files have.
    private func errorsOfSQL(in project: Project, beside found: [Diagnostic]) async throws -> [Diagnostic] {
        let errors = found.filter { $0.severity == .error }
        let variables = ProcessInfo.processInfo.environment
        do {
            let locations = try LocalEngine.locations(of: project, variables: variables)
            let tables = try await tables(of: project, at: locations, variables)
            let validator = ProjectValidator(
                project,
                lake: locations.lake,
                tables: tables,
                brokenFiles: Set(errors.compactMap { $0.error.location?.file })
            )
            // Of one place, what reading says of it is said.
            let places = Set(errors.compactMap(\.error.location))
            return try await validator.errors()
                .filter { $0.location.map { !places.contains($0) } ?? true }
                .map { Diagnostic(.error, $0) }
        } catch let error as IngotError where !errors.isEmpty {
            // What keeps SQL from being looked at is one error more.
            return [Diagnostic(.error, error)]
        }
    }

    /// The tables that exist.
    ///
    /// A project that was never run has none, and is not touched to find out.
    private func tables(
        of project: Project,
        at locations: LocalEngine.Locations,
        _ variables: [String: String]
    ) async throws -> [TableName: [TableColumn]] {
        guard FileManager.default.fileExists(atPath: locations.database) else { return [:] }
        let local = try LocalEngine(project, variables: variables, for: .reading)
        do {
            let columns = try await local.engine.columnsOfTables()
            await local.close()
            return columns
        } catch {
            await local.close()
            throw error
        }
    }
}
