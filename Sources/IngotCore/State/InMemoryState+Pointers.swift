extension InMemoryState: TablePointerStore {
    /// The namespaces, each with its properties.
    public func namespaces() async throws -> [String: [String: String]] {
        read { $0.namespaces }
    }

    /// The properties of a namespace.
    public func properties(ofNamespace name: String) async throws -> [String: String]? {
        read { $0.namespaces[name] }
    }

    /// Creates a namespace.
    public func createNamespace(_ name: String, properties: [String: String]) async throws -> Bool {
        try write { content in
            if let end = name.lastIndex(of: Self.namespaceSeparator), content.namespaces[String(name[..<end])] == nil {
                throw IngotError(.namespaceMissing, "the namespace around another one does not exist")
            }
            guard content.namespaces[name] == nil else { return false }
            content.namespaces[name] = properties
            return true
        }
    }

    /// Removes and sets properties of a namespace.
    public func updateNamespace(
        _ name: String,
        setting: [String: String],
        removing: Set<String>
    ) async throws -> Bool {
        write { content in
            guard var properties = content.namespaces[name] else { return false }
            for key in removing { properties[key] = nil }
            content.namespaces[name] = properties.merging(setting) { $1 }
            return true
        }
    }

    /// Removes an empty namespace.
    public func dropNamespace(_ name: String) async throws -> Bool {
        try write { content in
            let inside = "\(name)\(Self.namespaceSeparator)"
            let holds =
                content.pointers.keys.contains { $0.namespace == name }
                || content.namespaces.keys.contains { $0.hasPrefix(inside) }
            guard !holds else {
                throw IngotError(.namespaceNotEmpty, "the namespace holds tables or namespaces")
            }
            return content.namespaces.removeValue(forKey: name) != nil
        }
    }

    /// Names of tables of a namespace, in the order of their bytes.
    public func tables(namespace: String, after name: String?, limit: Int) async throws -> [String] {
        let names = read { content in
            content.pointers.keys.filter { $0.namespace == namespace }.map(\.table)
        }
        let later = names.filter { candidate in name.map { $0.utf8.lexicographicallyPrecedes(candidate.utf8) } ?? true }
        return Array(later.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.prefix(max(0, limit)))
    }

    /// The location of a table's current metadata file.
    public func pointer(namespace: String, table: String) async throws -> String? {
        read { $0.pointers[TableKey(namespace: namespace, table: table)] }
    }

    /// The locations of all tables' current metadata files.
    public func pointers() async throws -> [String: [String: String]] {
        read { content in
            content.pointers.reduce(into: [:]) { $0[$1.key.namespace, default: [:]][$1.key.table] = $1.value }
        }
    }

    /// Swaps several pointers, all or none.
    public func swap(_ swaps: [PointerSwap], garbage: [Garbage]) async throws -> Bool {
        do {
            try write { content in
                try content.swap(swaps)
                content.collect(garbage)
            }
            return true
        } catch let error as IngotError where error.code == .tableChanged {
            return false
        }
    }
}

extension InMemoryState.Content {
    mutating func swap(_ swaps: [PointerSwap]) throws {
        for swap in swaps {
            let key = InMemoryState.TableKey(namespace: swap.namespace, table: swap.table)
            let isNew = swap.expected == nil
            let isPossible = isNew ? swap.replacement != nil && namespaces[swap.namespace] != nil : true
            guard pointers[key] == swap.expected, isPossible else {
                throw IngotError(
                    .tableChanged,
                    "the table \(swap.namespace).\(swap.table) changed during the commit",
                    isRetryable: true
                )
            }
            pointers[key] = swap.replacement
        }
    }

    mutating func collect(_ files: [Garbage]) {
        for file in files where garbage[file.location] == nil { garbage[file.location] = file.after }
    }
}

extension InMemoryState: GarbageStore {
    /// Files whose time has come.
    public func garbage(before now: Int64, limit: Int) async throws -> [Garbage] {
        let due = read { content in
            content.garbage.filter { $0.value <= now }.map { Garbage(location: $0.key, after: $0.value) }
        }
        return Array(due.sorted { $0.after < $1.after }.prefix(max(0, limit)))
    }

    /// Forgets files that are deleted.
    public func forget(_ garbage: [Garbage]) async throws {
        write { content in
            for file in garbage { content.garbage[file.location] = nil }
        }
    }
}
