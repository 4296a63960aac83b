import Iceberg
import IngotCore

/// A project's table pointers as the store of an Iceberg catalog.
struct PointerCatalogStore: CatalogStore {
    private static let separator: Character = "\u{1F}"

    private let pointers: any TablePointerStore
    private let deleteAfter: @Sendable () -> Int64

    /// A store over pointers.
    ///
    /// - Parameters:
    ///   - pointers: The pointers.
    ///   - deleteAfter: The time, in nanoseconds since 1970 UTC, at which files that are released now may be deleted.
    init(_ pointers: any TablePointerStore, deleteAfter: @escaping @Sendable () -> Int64) {
        self.pointers = pointers
        self.deleteAfter = deleteAfter
    }

    func namespaces(in parent: Namespace?, after name: String?, limit: Int) async throws -> [Namespace] {
        let all = try await reading { try await pointers.namespaces() }
        let prefix = parent.map { Self.name(of: $0) + String(Self.separator) } ?? ""
        let names = all.keys.compactMap { full -> String? in
            guard full.hasPrefix(prefix) else { return nil }
            let rest = full.dropFirst(prefix.count)
            return rest.contains(Self.separator) ? nil : String(rest)
        }
        let later = names.filter { candidate in name.map { $0.precedes(candidate) } ?? true }
        return later.sorted { $0.precedes($1) }.prefix(limit).map { Namespace((parent?.levels ?? []) + [$0]) }
    }

    func properties(of namespace: Namespace) async throws -> [String: String]? {
        try await reading { try await pointers.properties(ofNamespace: Self.name(of: namespace)) }
    }

    func create(_ namespace: Namespace, properties: [String: String]) async throws {
        let name = Self.name(of: namespace)
        let isNew = try await reading {
            do {
                return try await pointers.createNamespace(name, properties: properties)
            } catch let error as IngotError where error.code == .namespaceMissing {
                let parent = namespace.parent?.description ?? ""
                throw IcebergError(.noSuchNamespace, "Namespace does not exist: \(parent)", cause: error)
            }
        }
        guard isNew else {
            throw IcebergError(.namespaceAlreadyExists, "Namespace already exists: \(namespace)")
        }
    }

    func update(_ namespace: Namespace, setting: [String: String], removing: Set<String>) async throws {
        let name = Self.name(of: namespace)
        let isThere = try await reading {
            try await pointers.updateNamespace(name, setting: setting, removing: removing)
        }
        guard isThere else { throw Self.missing(namespace) }
    }

    func drop(_ namespace: Namespace) async throws {
        let name = Self.name(of: namespace)
        let wasThere = try await reading {
            do {
                return try await pointers.dropNamespace(name)
            } catch let error as IngotError where error.code == .namespaceNotEmpty {
                throw IcebergError(.namespaceNotEmpty, "Namespace is not empty: \(namespace)", cause: error)
            }
        }
        guard wasThere else { throw Self.missing(namespace) }
    }

    func tables(in namespace: Namespace, after name: String?, limit: Int) async throws -> [String] {
        try await reading {
            try await pointers.tables(namespace: Self.name(of: namespace), after: name, limit: limit)
        }
    }

    func pointers(of tables: [TableIdentifier]) async throws -> [TableIdentifier: String] {
        var found: [TableIdentifier: String] = [:]
        for table in tables {
            found[table] = try await reading {
                try await pointers.pointer(namespace: Self.name(of: table.namespace), table: table.name)
            }
        }
        return found
    }

    func move(_ changes: [PointerChange], releasing files: [String]) async throws {
        let swaps = changes.map { change in
            PointerSwap(
                namespace: Self.name(of: change.table.namespace),
                table: change.table.name,
                expected: change.expected,
                replacement: change.new
            )
        }
        let after = deleteAfter()
        let isMoved: Bool
        do {
            isMoved = try await pointers.swap(swaps, garbage: files.map { Garbage(location: $0, after: after) })
        } catch {
            // Whether the transaction was made is not known here; the catalog finds out.
            throw IcebergError(.io, "The state could not be written", cause: error)
        }
        guard !isMoved else { return }
        for change in changes where change.expected == nil && change.new != nil {
            if try await properties(of: change.table.namespace) == nil { throw Self.missing(change.table.namespace) }
        }
        throw IcebergError(
            .commitConflict,
            "The tables have changed: \(changes.map(\.table.description).joined(separator: ", "))"
        )
    }

    /// Says of the state's own errors that the work could not be done now.
    private func reading<Value>(_ work: () async throws -> Value) async throws -> Value {
        do {
            return try await work()
        } catch let error as IcebergError {
            throw error
        } catch {
            throw IcebergError(.unavailable, "The state could not be read or written", cause: error)
        }
    }

    private static func name(of namespace: Namespace) -> String {
        namespace.levels.joined(separator: String(separator))
    }

    private static func missing(_ namespace: Namespace) -> IcebergError {
        IcebergError(.noSuchNamespace, "Namespace does not exist: \(namespace)")
    }
}

extension String {
    /// Whether this comes before another one in the order of their UTF-8 bytes, in which the state sorts.
    fileprivate func precedes(_ other: String) -> Bool {
        utf8.lexicographicallyPrecedes(other.utf8)
    }
}
