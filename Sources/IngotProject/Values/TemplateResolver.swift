public import IngotCore

/// Turns a ``Template`` into the text that it stands for, with the variables and secrets that it is given.
public struct TemplateResolver: Sendable {
    private let variables: [String: String]
    private let secrets: @Sendable (String) async throws -> String?

    /// Makes a resolver.
    ///
    /// - Parameters:
    ///   - variables: The process's environment variables.
    ///   - secrets: Looks up a secret by name; `nil` where there is none of that name.
    public init(
        variables: [String: String],
        secrets: @escaping @Sendable (String) async throws -> String? = { _ in nil }
    ) {
        self.variables = variables
        self.secrets = secrets
    }

    /// The text of a template without secrets.
    ///
    /// - Throws: `ING0117` where a variable without a default is unset, `ING0108` where the template holds a secret.
    public func text(of template: Template) throws(IngotError) -> String {
        var text = ""
        for part in template.parts {
            switch part {
            case .literal(let literal): text += literal
            case .variable(let name, let fallback): text += try variable(name, fallback, at: template.location)
            case .secret(let name):
                throw IngotError(.invalidValue, "the secret \"\(name)\" cannot be used here", at: template.location)
            }
        }
        return text
    }

    /// The text of a template, as a secret.
    ///
    /// - Throws: `ING0117` where a variable without a default is unset, `ING0118` where there is no such secret, and
    ///   what the look-up throws.
    public func secret(of template: Template) async throws -> Secret {
        var text = ""
        for part in template.parts {
            switch part {
            case .literal(let literal): text += literal
            case .variable(let name, let fallback): text += try variable(name, fallback, at: template.location)
            case .secret(let name):
                guard let value = try await secrets(name) else {
                    throw IngotError(.unknownSecret, "there is no secret \"\(name)\"", at: template.location)
                }
                text += value
            }
        }
        return Secret(text)
    }

    /// The values of the secrets that are parts of a template, which nothing may show.
    ///
    /// - Throws: What the look-up throws.
    public func secretParts(of template: Template) async throws -> [Secret] {
        var values: [Secret] = []
        for case .secret(let name) in template.parts {
            if let value = try await secrets(name) { values.append(Secret(value)) }
        }
        return values
    }

    /// The place that a template names: an absolute path, or the address that it is.
    ///
    /// - Parameters:
    ///   - template: A path as it stands in a project file.
    ///   - directory: The project folder, where relative paths start.
    /// - Returns: The path or address.
    /// - Throws: What ``text(of:)`` throws, and `ING0113` where a relative path leaves the project folder.
    public func path(of template: Template, in directory: String) throws(IngotError) -> String {
        let text = try text(of: template)
        guard ProjectPath.isRelative(text) else { return text }
        guard !ProjectPath.leavesProject(text) else {
            throw IngotError(
                .pathOutsideProject,
                "the path \(template) leads out of the project folder",
                at: template.location,
                hint: "a path without \"..\", or an absolute one"
            )
        }
        let parts = text.split(separator: "/").filter { $0 != "." }
        let folder = directory.hasSuffix("/") ? String(directory.dropLast()) : directory
        return ([folder] + parts.map(String.init)).joined(separator: "/") + (text.hasSuffix("/") ? "/" : "")
    }

    private func variable(_ name: String, _ fallback: String?, at location: SourceLocation) throws(IngotError) -> String
    {
        if let value = variables[name], !value.isEmpty { return value }
        if let fallback { return fallback }
        throw IngotError(
            .unsetVariable,
            "the environment variable \(name) is not set",
            at: location,
            hint: "export \(name)=..., or ${\(name):-default}"
        )
    }
}
