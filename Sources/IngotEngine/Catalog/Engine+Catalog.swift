public import Iceberg
import IngotCore
import IngotProject

extension Engine {
    /// The project's tables as an Iceberg REST catalog, for other engines.
    ///
    /// Its commits and Ingot's own swap the same pointers in the same state, so they see and never overwrite each other.
    /// Tables expire snapshots where their properties ask for it, whoever commits.
    public func catalogService() -> CatalogService {
        let (services, clock) = (services, services.clock)
        let gcMinAge = services.project.environment.settings.gcMinAge.nanoseconds
        let store = PointerCatalogStore(services.state) { clock.now() + gcMinAge }
        return CatalogService(Catalog(store: store, files: lake.files, warehouse: services.storage.root))
    }
}
