import IngotCore
import IngotProject

/// The values of `${VAR}` and `${secret:name}`.
struct TemplateValues: Sendable {
    let variables: [String: String]
    let secrets: LocalSecrets?

    /// The text that a template stands for.
    ///
    /// - Throws: `IngotError` with `unsetVariable` or `unknownSecret`, at the template's place.
    func text(of template: Template) throws -> String {
        var text = ""
        for part in template.parts {
            switch part {
            case .literal(let literal): text += literal
            case .variable(let name, let fallback):
                let value = variables[name].flatMap { $0.isEmpty ? nil : $0 } ?? fallback
                guard let value else {
                    throw IngotError(
                        .unsetVariable,
                        "the environment variable \(name) is not set",
                        at: template.location,
                        hint: "export \(name)=..., or write ${\(name):-default}"
                    )
                }
                text += value
            case .secret(let name):
                guard let value = try secrets?.value(of: name) else {
                    throw IngotError(
                        .unknownSecret,
                        "there is no secret \"\(name)\"",
                        at: template.location,
                        hint: "export INGOT_SECRET_\(name.uppercased())=..., or add it to .ingot/secrets"
                    )
                }
                text += value
            }
        }
        return text
    }

    /// The folder that a template names, without a slash at its end; relative paths start at the project folder.
    ///
    /// - Throws: `IngotError` with `unavailableStorage` for an address that is no path of this machine.
    func folder(_ template: Template, in directory: String) throws -> String {
        var path = try text(of: template)
        if path.contains("://") {
            throw IngotError(
                .unavailableStorage,
                "\(template) is not a folder of this machine, and this version of Ingot keeps tables in folders only",
                at: template.location,
                hint: "write a path, or choose another environment with -e"
            )
        }
        if !path.hasPrefix("/") { path = "\(directory)/\(path)" }
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path
    }
}
