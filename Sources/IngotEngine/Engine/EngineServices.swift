import Foundation
public import IngotCore
public import IngotProject

/// Everything outside itself that the engine works with.
public struct EngineServices: Sendable {
    /// The project.
    public var project: Project
    /// What is remembered of it.
    public var state: any StateStore
    /// The executions of its workflows; `nil` where none are kept.
    public var executions: (any ExecutionStore)?
    /// Where the tables' files lie.
    public var storage: any LakeStorage
    /// Where objects' bytes are kept.
    public var bronze: any BronzeStore
    /// Where objects arrive.
    public var arrivals: any ArrivalSource
    /// What tells of arrivals as they happen; `nil` where nothing does, and listing must do.
    public var watcher: (any ArrivalWatcher)?
    /// What takes files out of sources; `nil` where nothing can, and they stay.
    public var cleaner: (any SourceCleaner)?
    /// The database that a connection of the project leads to.
    public var serving: @Sendable (Connection, _ spill: String) async throws -> any ServingDatabase
    /// Values of `${VAR}` and `${secret:...}`.
    public var resolve: @Sendable (Template) throws -> String
    /// A folder on this machine for what does not outlive a run.
    public var scratch: String
    /// This process, as leases name it.
    public var owner: LeaseOwner
    /// Whether the process that holds a lease still lives.
    public var isAlive: @Sendable (LeaseOwner) -> Bool
    /// Time and randomness.
    public var clock: IngotClock
    /// What failed batches still have to give back.
    package let leaseReturns = LeaseReturns()
    /// From how many bytes on objects that are read together are not held, but written as they are read.
    package var largeReadSize: Int64 = 128 << 20
    /// How many bytes the rejected records of such objects may take to be held.
    package var rejectedSizeMax = 64 << 20
    /// How many bytes of a long text are gone over in one place at least, while others are in other places.
    package var stretchSize: Int64 = 64 << 20

    /// Gathers services.
    public init(
        project: Project,
        state: any StateStore,
        executions: (any ExecutionStore)? = nil,
        storage: any LakeStorage,
        bronze: any BronzeStore,
        arrivals: any ArrivalSource,
        watcher: (any ArrivalWatcher)? = nil,
        cleaner: (any SourceCleaner)? = nil,
        serving: @escaping @Sendable (Connection, _ spill: String) async throws -> any ServingDatabase = {
            connection,
            _ in
            throw IngotError(.servingUnreachable, "no database can be reached from here", at: connection.name.location)
        },
        resolve: @escaping @Sendable (Template) throws -> String,
        scratch: String,
        owner: LeaseOwner,
        isAlive: @escaping @Sendable (LeaseOwner) -> Bool,
        clock: IngotClock = .system
    ) {
        self.project = project
        self.state = state
        self.executions = executions
        self.storage = storage
        self.bronze = bronze
        self.arrivals = arrivals
        self.watcher = watcher
        self.cleaner = cleaner
        self.serving = serving
        self.resolve = resolve
        self.scratch = scratch
        self.owner = owner
        self.isAlive = isAlive
        self.clock = clock
    }

    /// A folder for what does not fit in a database's memory, which no other database has; the database makes it.
    func spillFolder() throws -> String {
        let parent =
            try project.environment.settings.tempDirectory.map(resolve)
            ?? "\(scratch)/spill"
        // DuckDB makes the last folder of the path only.
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
        return "\(parent)/\(String(clock.random(), radix: 16))"
    }

    /// The place that a path of the project means; relative ones start at the project folder.
    func location(of template: Template) throws -> String {
        let path = try resolve(template)
        if path.hasPrefix("/") || path.contains("://") { return path }
        return "\(project.directory)/\(path)"
    }
}
