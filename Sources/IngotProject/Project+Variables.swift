public import IngotCore

extension Project {
    /// Every place in the chosen environment and the pipelines that needs a variable which is not set.
    ///
    /// Templates are resolved when they are used; this tells it beforehand.
    public func unsetVariables(in variables: [String: String]) -> [Diagnostic] {
        let resolver = TemplateResolver(variables: variables)
        return templates.compactMap { template -> Diagnostic? in
            let open = Template(
                parts: template.parts.filter { if case .secret = $0 { false } else { true } },
                location: template.location
            )
            do throws(IngotError) {
                _ = try resolver.text(of: open)
                return nil
            } catch {
                return Diagnostic(.error, error)
            }
        }
    }

    private var templates: [Template] {
        var templates = [environment.lake, environment.bronze, environment.state]
        if let folder = environment.settings.tempDirectory { templates.append(folder) }
        for name in environment.connections.keys.sorted() {
            templates += environment.connections[name]?.address.templates ?? []
        }
        for name in environment.notifications.keys.sorted() {
            templates += environment.notifications[name]?.templates ?? []
        }
        switch environment.lineage?.destination {
        case .file(let file): templates.append(file)
        case .url(let url, let token): templates += [url] + [token].compactMap(\.self)
        case nil: break
        }
        for pipeline in pipelines {
            templates.append(pipeline.source.path)
            if case .move(let destination) = pipeline.source.cleanSource { templates.append(destination) }
        }
        for binding in configuration.workflows.bindings {
            switch binding.action {
            case .command(let arguments, let variables):
                templates += arguments + variables.keys.sorted().compactMap { variables[$0] }
            case .http(let url, let headers):
                templates += [url] + headers.keys.sorted().compactMap { headers[$0] }
            case .pipeline, .models, .loads, .sql, .workflow, .check, .notification: break
            }
        }
        return templates
    }
}

extension Connection.Address {
    fileprivate var templates: [Template] {
        switch self {
        case .url(let url): [url]
        case .file(let path): [path]
        case .server(let host, let port, let database, let user, let password):
            [host, port, database, user, password].compactMap(\.self)
        }
    }
}
