import IngotCore

/// Checks what the files of a project say of each other.
struct ProjectCheck {
    private let project: Project
    /// Files with errors: what they would have declared is not missed.
    private let brokenFiles: Set<String>

    init(_ project: Project, brokenFiles: Set<String>) {
        self.project = project
        self.brokenFiles = brokenFiles
    }

    func diagnostics() -> [Diagnostic] {
        names() + tables() + relationships() + sources() + destinations()
    }

    // MARK: Names

    private func names() -> [Diagnostic] {
        // Selection names pipelines, models and checks alike, so they share one space of names.
        let pipelines = project.pipelines.map { (what: "pipeline", name: $0.name) }
        let models = project.models.map { (what: "model", name: $0.name) }
        let checks = project.checks.map { (what: "check", name: $0.name) }
        return duplicates((pipelines + models + checks).map { (key: $0.name.value, what: $0.what, name: $0.name) })
    }

    private func tables() -> [Diagnostic] {
        let silver = project.pipelines.flatMap(\.tables).map(\.table)
        let gold = project.models.map(\.table)
        let seeds = project.seeds.map(\.table)
        return duplicates(
            (silver + gold + seeds).map {
                (key: $0.value.description, what: "table", name: Located($0.value.description, at: $0.location))
            }
        )
    }

    private func duplicates(_ names: [(key: String, what: String, name: Located<String>)]) -> [Diagnostic] {
        var first: [String: (what: String, name: Located<String>)] = [:]
        var diagnostics: [Diagnostic] = []
        for (key, what, name) in names {
            guard let other = first[key] else {
                first[key] = (what, name)
                continue
            }
            diagnostics.append(
                error(
                    .duplicateName,
                    "the \(what) \"\(name)\" is declared twice, first as a \(other.what) at \(other.name.location)",
                    at: name.location,
                    hint: what == other.what ? nil : "rename one: --select names pipelines, models and checks alike"
                )
            )
        }
        return diagnostics
    }

    // MARK: Seeds

    private func relationships() -> [Diagnostic] {
        project.pipelines.flatMap(\.tables).flatMap(\.columns).compactMap(\.relationship).compactMap(check)
    }

    private func check(_ relationship: Column.Relationship) -> Diagnostic? {
        let known = project.seeds.map(\.table.value.description)
        let wanted = relationship.to.value
        guard let seed = project.seeds.first(where: { $0.table.value == wanted }) else {
            let isBroken = brokenFiles.contains { $0.hasPrefix("seeds/") }
            guard !isBroken else { return nil }
            return error(
                .unknownName,
                "there is no seed \"\(wanted)\"; "
                    + (known.isEmpty ? "the project has no seeds" : "seeds: \(known.joined(separator: ", "))"),
                at: relationship.to.location,
                hint: NearestMatch.find(wanted.description, among: known) ?? "seeds/\(wanted.name).csv"
            )
        }
        let columns = seed.columns.map(\.name.value)
        guard !columns.contains(where: { $0.lowercased() == relationship.field.value.lowercased() }) else { return nil }
        return error(
            .unknownName,
            "the seed \(wanted) has no column \"\(relationship.field)\"; columns: \(columns.joined(separator: ", "))",
            at: relationship.field.location,
            hint: NearestMatch.find(relationship.field.value, among: columns)
        )
    }

    // MARK: Sources

    /// A source inside the lake would take in what Ingot writes.
    private func sources() -> [Diagnostic] {
        let environment = project.environment
        let places = [("lake", environment.lake), ("bronze", environment.bronze), ("state", environment.state)]
        return project.pipelines.flatMap { pipeline in
            places.compactMap { name, place in
                guard let source = literalPath(pipeline.source.path), let folder = literalPath(place),
                    source.hasPrefix(folder) || folder.hasPrefix(source)
                else { return nil }
                return error(
                    .conflictingKeys,
                    "the source \(pipeline.source.path) and the \(name) \(place) of the environment "
                        + "\"\(environment.name)\" lie inside each other",
                    at: pipeline.source.path.location,
                    hint: "a folder of its own, for example landing/\(pipeline.name)/"
                )
            }
        }
    }

    /// What is moved into a source would arrive again.
    private func destinations() -> [Diagnostic] {
        let environment = project.environment
        let places = [("lake", environment.lake), ("bronze", environment.bronze), ("state", environment.state)]
        return project.pipelines.flatMap { pipeline -> [Diagnostic] in
            guard case .move(let destination) = pipeline.source.cleanSource,
                let folder = literalPath(destination)
            else { return [] }
            let sources = project.pipelines.filter { other in
                guard let source = literalPath(other.source.path) else { return false }
                return Self.overlap(source, folder) && !Self.ignores(other.source, folder.dropFirst(source.count))
            }
            let names =
                sources.map { "the source \($0.source.path)" }
                + places.filter { literalPath($1).map { Self.overlap($0, folder) } ?? false }.map {
                    "the \($0) \($1) of the environment \"\(environment.name)\""
                }
            return names.map { name in
                error(
                    .conflictingKeys,
                    "the folder \(destination) that files are moved to and \(name) lie inside each other",
                    at: destination.location,
                    hint: "a folder of its own, for example archive/\(pipeline.name)/"
                )
            }
        }
    }

    private static func overlap(_ one: String, _ other: String) -> Bool {
        one.hasPrefix(other) || other.hasPrefix(one)
    }

    /// Whether nothing arrives from a folder inside a source: it is hidden, or a pattern says so.
    private static func ignores(_ source: Source, _ folder: Substring) -> Bool {
        guard !folder.isEmpty else { return false }
        return folder.split(separator: "/").contains { $0.hasPrefix(".") }
            || source.ignorePatterns.contains { $0.value == "\(folder)**" }
    }

    /// A path without variables, with `/` at its end and without `.` in it.
    private func literalPath(_ template: Template) -> String? {
        guard case .literal(let text)? = template.parts.first, template.parts.count == 1 else { return nil }
        let path = text.hasPrefix("/") || text.contains("://") ? text : "\(project.directory)/\(text)"
        let parts = path.split(separator: "/").filter { $0 != "." }
        return (path.hasPrefix("/") ? "/" : "") + parts.map { $0 + "/" }.joined()
    }

    private func error(
        _ code: ErrorCode,
        _ message: String,
        at location: SourceLocation,
        hint: String? = nil
    ) -> Diagnostic {
        Diagnostic(.error, IngotError(code, message, at: location, hint: hint))
    }
}
