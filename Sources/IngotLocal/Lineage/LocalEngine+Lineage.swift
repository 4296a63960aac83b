import IngotCore
public import IngotEngine
public import IngotProject

extension LocalEngine {
    /// What sends the events that tell of a project's runs; `nil` where nobody is told.
    public func lineageDelivery(of project: Project) -> LineageDelivery? {
        guard let settings = project.environment.lineage else { return nil }
        let (resolver, directory) = (resolver, project.directory)
        let destination: any LineageDestination
        switch settings.destination {
        case .file(let file):
            destination = FileLineageDestination(
                path: { try resolver.path(of: file, in: directory) },
                pool: .files
            )
        case .url(let url, let token):
            destination = HTTPLineageDestination(
                url,
                token: token,
                resolver: resolver,
                lock: "\(locations.state)/lineage.lock"
            )
        }
        let identity = ProcessIdentity(stateFolder: locations.state)
        return LineageDelivery(from: lineageEvents, to: destination, isAlive: { identity.isAlive($0) })
    }
}
