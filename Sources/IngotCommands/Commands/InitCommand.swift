import ArgumentParser
import Foundation
import IngotCore

/// `ingot init`.
struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make a project: empty, from a template, or from real files.",
        discussion: """
            Without arguments, an empty project with commented files. With a template, a copy of that example. With \
            --from, a pipeline for real files: format, columns and types are read off them, to be looked over. \
            Numbers with leading zeros or too many digits stay text; a date whose order of day and month is not \
            certain is marked. Files that are there are never replaced without --force.

            Examples:
              ingot init -C shop
              ingot init users -C accounts
              ingot init --from exports/*.csv --name orders
            """
    )

    @OptionGroup var global: GlobalOptions

    @Argument(
        help: ArgumentHelp("The template; --list names them.", valueName: "template"),
        completion: .custom { _, _, _ in TemplateFolder.locate()?.names ?? [] }
    )
    var template: String?

    @Option(
        name: .long,
        parsing: .upToNextOption,
        help: ArgumentHelp("Write a pipeline for these files.", valueName: "file"),
        completion: .file()
    )
    var from: [String] = []

    @Option(name: .long, help: ArgumentHelp("The name of the pipeline, or of a new project.", valueName: "name"))
    var name: String?

    @Flag(name: .long, help: "List the templates.")
    var list = false

    @Flag(name: .long, help: "Replace files that are there.")
    var force = false

    func validate() throws {
        if template != nil, !from.isEmpty { throw ValidationError("Give a template or --from, not both.") }
        if list, template != nil || !from.isEmpty { throw ValidationError("--list stands alone.") }
    }

    func run() async throws {
        let console = global.console
        let templates = TemplateFolder.locate()
        guard !list else {
            for name in templates?.names ?? [] { try console.print(name) }
            return
        }
        // A project is made in the folder itself, never in one above it.
        let folder =
            global.projectDir == nil && from.isEmpty ? FileManager.default.currentDirectoryPath : global.directory
        let writer = ProjectWriter(folder: folder, replaces: force)
        if !from.isEmpty {
            let files = try await FileInference(console: console).files(for: from, in: folder, named: name)
            let isProject = FileManager.default.fileExists(atPath: "\(folder)/ingot.yml")
            let base = isProject ? [] : Array(EmptyProject.files(named: projectName(folder)).prefix(2))
            try report(writer.write(base + files), next: "ingot validate", console)
        } else if let template {
            guard let templates else {
                throw IngotError(.wrongUse, "this installation has no templates", hint: "ingot doctor")
            }
            try report(writer.write(templates.files(of: template)), next: "ingot run", console)
        } else {
            try report(writer.write(EmptyProject.files(named: projectName(folder))), next: "ingot validate", console)
        }
    }

    private func projectName(_ folder: String) -> String {
        if from.isEmpty, let name { return name }
        return NameSuggestion.name(for: URL(fileURLWithPath: folder).lastPathComponent, otherwise: "project")
    }

    private func report(_ written: [String], next: String, _ console: Console) {
        for path in written { console.message("wrote \(path)") }
        let place = global.projectDir.map { " -C \($0)" } ?? ""
        console.message("Next: \(next)\(place)")
    }
}
