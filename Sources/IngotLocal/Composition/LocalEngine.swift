import Foundation
public import IngotCore
public import IngotEngine
public import IngotProject

/// The engine of a project on one machine: where the parts are chosen and put together.
public struct LocalEngine: Sendable {
    /// What the engine is opened for.
    public enum Purpose: Sendable {
        /// Reading only: nothing is prepared for the files of a run.
        case reading
        /// Queries, which may need room on the disk, of a project that may be read only.
        case querying
        /// Work that writes: taking in, computing.
        case working
    }

    /// Where the parts of a project lie on this machine.
    public struct Locations: Sendable, Hashable {
        /// The folder of the tables.
        public var lake: String
        /// The folder of the objects' bytes.
        public var bronze: String
        /// The folder of the state.
        public var state: String

        /// The state's database.
        public var database: String { state + "/state.db" }
    }

    /// The engine.
    public let engine: Engine
    /// Where its parts lie.
    public let locations: Locations
    /// The values of variables and secrets.
    public let resolver: TemplateResolver
    private let state: SQLiteState
    private let scratch: ScratchFolder
    private let bronze: CountingBronzeStore

    /// Opens the engine of a project.
    ///
    /// - Parameters:
    ///   - project: The project, with its chosen environment.
    ///   - variables: The process's environment variables.
    ///   - purpose: What it is opened for.
    ///   - draft: A state that is being made anew, to use in place of the project's.
    /// - Throws: `IngotError` where a location cannot be resolved or the state cannot be opened.
    public init(
        _ project: Project,
        variables: [String: String],
        for purpose: Purpose,
        draft: StatePlace? = nil
    ) throws {
        locations = try Self.locations(of: project, variables: variables)
        state = try SQLiteState(path: draft?.draft ?? locations.database)
        let identity = ProcessIdentity(stateFolder: locations.state)
        let owner = identity.current
        scratch =
            purpose == .working || FileManager.default.isWritableFile(atPath: locations.state)
            ? ScratchFolder(stateFolder: locations.state, owner: owner) : ScratchFolder.temporary()
        if purpose != .reading { try scratch.prepare(identity) }
        let secrets = LocalSecrets(variables: variables, file: "\(locations.state)/secrets")
        let resolver = TemplateResolver(variables: variables) { try secrets.value(of: $0) }
        self.resolver = resolver
        let serving = LocalServing(
            resolver: resolver,
            directory: project.directory,
            settings: project.environment.settings
        )
        bronze = CountingBronzeStore(FileBronzeStore(root: locations.bronze))
        engine = Engine(
            EngineServices(
                project: project,
                state: state,
                executions: state,
                storage: FileLakeStorage(root: locations.lake),
                bronze: bronze,
                arrivals: FileArrivalSource(),
                watcher: Self.watcher,
                cleaner: FileSourceCleaner(),
                serving: { try await serving.database($0, spill: $1) },
                resolve: { try resolver.text(of: $0) },
                scratch: scratch.path,
                owner: owner,
                isAlive: { identity.isAlive($0) }
            )
        )
    }

    /// What fills the engine's state, where that is one made anew.
    public var stateBuilder: any StateBuilder { state }

    /// The export of the engine's state.
    public var stateExport: StateExport { StateExport(state) }

    /// The executions of the project's workflows.
    public var executions: any ExecutionStore { state }

    /// The events that tell of runs and wait to be sent.
    var lineageEvents: any LineageStore { state }

    /// The items of the tables that tasks of workflows keep.
    var items: any TableItemStore { state }

    /// How far the rules that start executions have come.
    var starts: any StartStore { state }

    /// The folder for what does not outlive the process.
    var scratchFolder: String { scratch.path }

    /// Where the parts of a project lie.
    ///
    /// - Throws: `IngotError` where a variable is unset or a location is not a folder of this machine.
    public static func locations(of project: Project, variables: [String: String]) throws -> Locations {
        let resolver = TemplateResolver(variables: variables)
        let folder = { (template: Template) in
            let path = try resolver.path(of: template, in: project.directory)
            guard !path.contains("://") else {
                throw IngotError(
                    .unavailableStorage,
                    "\(template) is not a folder of this machine, and this version of Ingot works in folders only",
                    at: template.location,
                    hint: "write a path, or choose another environment with -e"
                )
            }
            return path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        }
        let environment = project.environment
        return Locations(
            lake: try folder(environment.lake),
            bronze: try folder(environment.bronze),
            state: try folder(environment.state)
        )
    }

    private static var watcher: (any ArrivalWatcher)? {
        #if os(Linux) && canImport(Glibc)
        FileArrivalWatcher()
        #elseif canImport(CoreServices)
        FSEventsArrivalWatcher()
        #else
        nil
        #endif
    }

    /// What the engine is doing just now.
    public var activity: EngineActivity {
        get async {
            EngineActivity(objectsKept: bronze.count, fraction: await engine.statementProgress)
        }
    }

    /// Closes the engine and the state, and removes what does not outlive the process.
    public func close() async {
        await engine.close()
        scratch.remove()
        // Everything is committed already; what fails here is only the tidying up of the write-ahead log.
        try? state.close()
    }
}
