import Synchronization

/// Namespaces and pointers in memory, for tests and for catalogs that need not last.
public final class MemoryCatalogStore: CatalogStore {
    private struct State {
        var namespaces: [Namespace: [String: String]] = [:]
        var pointers: [TableIdentifier: String] = [:]
        var releasedFiles: [String] = []
    }

    private let state = Mutex(State())

    /// An empty store.
    public init() {}

    /// The files that commits have released, in order.
    public var releasedFiles: [String] {
        state.withLock(\.releasedFiles)
    }

    /// The namespaces directly beneath one.
    public func namespaces(in parent: Namespace?, after name: String?, limit: Int) async throws -> [Namespace] {
        state.withLock { state in
            let depth = (parent?.levels.count ?? 0) + 1
            let children = state.namespaces.keys.filter {
                $0.levels.count == depth && Array($0.levels.dropLast()) == parent?.levels ?? []
            }
            let names = Self.page(children.compactMap(\.levels.last), after: name, limit: limit)
            return names.map { Namespace((parent?.levels ?? []) + [$0]) }
        }
    }

    /// The properties of a namespace.
    public func properties(of namespace: Namespace) async throws -> [String: String]? {
        state.withLock { $0.namespaces[namespace] }
    }

    /// Creates a namespace.
    public func create(_ namespace: Namespace, properties: [String: String]) async throws {
        try state.withLock { state in
            guard state.namespaces[namespace] == nil else {
                throw IcebergError(.namespaceAlreadyExists, "the namespace \(namespace) already exists")
            }
            if let parent = namespace.parent { try Self.check(parent, state) }
            state.namespaces[namespace] = properties
        }
    }

    /// Sets and removes properties.
    public func update(_ namespace: Namespace, setting: [String: String], removing: Set<String>) async throws {
        try state.withLock { state in
            try Self.check(namespace, state)
            state.namespaces[namespace]?.merge(setting) { $1 }
            for key in removing { state.namespaces[namespace]?[key] = nil }
        }
    }

    /// Drops a namespace.
    public func drop(_ namespace: Namespace) async throws {
        try state.withLock { state in
            try Self.check(namespace, state)
            let isEmpty =
                !state.pointers.keys.contains { $0.namespace == namespace }
                && !state.namespaces.keys.contains { $0.parent == namespace }
            guard isEmpty else {
                throw IcebergError(.namespaceNotEmpty, "the namespace \(namespace) is not empty")
            }
            state.namespaces[namespace] = nil
        }
    }

    /// The names of the tables of a namespace.
    public func tables(in namespace: Namespace, after name: String?, limit: Int) async throws -> [String] {
        state.withLock { state in
            Self.page(state.pointers.keys.filter { $0.namespace == namespace }.map(\.name), after: name, limit: limit)
        }
    }

    /// The locations of the current metadata of tables.
    public func pointers(of tables: [TableIdentifier]) async throws -> [TableIdentifier: String] {
        state.withLock { state in
            state.pointers.filter { tables.contains($0.key) }
        }
    }

    /// Moves pointers, all or none.
    public func move(_ changes: [PointerChange], releasing files: [String]) async throws {
        try state.withLock { state in
            for change in changes {
                guard state.pointers[change.table] == change.expected else {
                    throw IcebergError(.commitConflict, "the table \(change.table) has changed")
                }
                if change.new != nil { try Self.check(change.table.namespace, state) }
            }
            for change in changes { state.pointers[change.table] = change.new }
            state.releasedFiles += files
        }
    }

    private static func check(_ namespace: Namespace, _ state: State) throws {
        guard state.namespaces[namespace] != nil else {
            throw IcebergError(.noSuchNamespace, "the namespace \(namespace) does not exist")
        }
    }

    private static func page(_ names: [String], after name: String?, limit: Int) -> [String] {
        Array(names.filter { candidate in name.map { candidate > $0 } ?? true }.sorted().prefix(limit))
    }
}
