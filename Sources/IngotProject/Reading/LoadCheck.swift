import IngotCore

/// Checks what the loads of a project say of its other files.
struct LoadCheck {
    let project: Project
    /// Files with errors: what they would have declared is not missed.
    let brokenFiles: Set<String>

    func diagnostics() -> [Diagnostic] {
        duplicates() + project.loads.flatMap { [connection(of: $0), table(of: $0)].compactMap(\.self) }
    }

    private func duplicates() -> [Diagnostic] {
        var first: [String: Located<String>] = [:]
        return project.loads.compactMap { load in
            guard let other = first.updateValue(load.name, forKey: load.name.value) else { return nil }
            return error(
                .duplicateName,
                "the load \"\(load.name)\" is declared twice, also at \(other.location)",
                at: load.name.location,
                hint: nil
            )
        }
    }

    private func connection(of load: Load) -> Diagnostic? {
        let names = project.environment.connections.keys.sorted()
        let name = load.connection.value
        guard !names.contains(name), !brokenFiles.contains("ingot.yml") else { return nil }
        let known = names.isEmpty ? "ingot.yml has none" : "connections: \(names.joined(separator: ", "))"
        return error(
            .unknownName,
            "there is no connection \"\(name.abbreviated)\" in the environment \"\(project.environment.name)\"; \(known)",
            at: load.connection.location,
            hint: NearestMatch.find(name, among: names)
                ?? "in ingot.yml: connections: {\(name): {type: sqlite, path: serving.db}}"
        )
    }

    /// What other engines made is loaded with a query.
    private func table(of load: Load) -> Diagnostic? {
        guard case .table(let table) = load.source else { return nil }
        let silver = project.pipelines.flatMap(\.tables).map(\.table.value)
        let others = project.models.map(\.table.value) + project.seeds.map(\.table.value)
        let tables = silver + silver.map(\.quarantine) + others
        let isBroken = brokenFiles.contains { path in
            ["pipelines/", "models/", "seeds/"].contains { path.hasPrefix($0) }
        }
        guard !isBroken, table.value.namespace != "ops", !tables.contains(table.value) else { return nil }
        let names = tables.map(\.description).sorted()
        return error(
            .unknownName,
            "there is no table \"\(table)\" in the project; tables: \(names.prefix(20).joined(separator: ", "))",
            at: table.location,
            hint: NearestMatch.find(table.value.description, among: names)
        )
    }

    private func error(
        _ code: ErrorCode,
        _ message: String,
        at location: SourceLocation,
        hint: String?
    ) -> Diagnostic {
        Diagnostic(.error, IngotError(code, message, at: location, hint: hint))
    }
}
