import JSONTree

/// What one table is to become in a commit.
public struct TableCommit: Sendable, Hashable {
    /// The table.
    public var table: TableIdentifier
    /// What has to be true of it.
    public var requirements: [TableRequirement]
    /// What changes.
    public var updates: [TableUpdate]

    /// A commit of one table.
    public init(_ table: TableIdentifier, requirements: [TableRequirement] = [], updates: [TableUpdate]) {
        self.table = table
        self.requirements = requirements
        self.updates = updates
    }

    /// Reads requirements and updates as the REST specification writes them.
    init(_ table: TableIdentifier?, reader: inout ObjectReader) throws {
        let named = try reader.optional("identifier").map {
            try TableIdentifier(json: $0, path: reader.path(of: "identifier"))
        }
        guard let table = table ?? named else {
            throw IcebergError(.invalidArgument, "the member \"identifier\" is missing", path: reader.path)
        }
        self.table = table
        requirements = try reader.optionalArray("requirements") { try TableRequirement(json: $0, path: $1) } ?? []
        updates = try reader.optionalArray("updates") { try TableUpdate(json: $0, path: $1) } ?? []
    }

    /// The snapshots that the commit adds.
    var addedSnapshots: [Snapshot] {
        updates.compactMap { update in
            guard case .addSnapshot(let snapshot) = update else { return nil }
            return snapshot
        }
    }

    /// Whether a table has what the commit does: its snapshots, or, without any, everything that it changes.
    func isApplied(to metadata: TableMetadata?, now: Int64) -> Bool {
        guard let metadata else { return false }
        for case .uuid(let uuid) in requirements where uuid.lowercased() != metadata.uuid?.lowercased() {
            // Another table has the name now.
            return false
        }
        if case .assignUUID(let uuid)? = updates.first(where: { if case .assignUUID = $0 { true } else { false } }),
            uuid.lowercased() != metadata.uuid?.lowercased()
        {
            return false
        }
        let snapshots = addedSnapshots
        if !snapshots.isEmpty { return snapshots.allSatisfy { metadata.snapshot(id: $0.id) != nil } }
        guard var after = try? metadata.applying(updates, now: now) else { return false }
        after.lastUpdated = metadata.lastUpdated
        return after == metadata
    }
}

extension TableIdentifier {
    init(json: JSON, path: String) throws {
        var reader = try ObjectReader(json, path: path)
        let levels = try reader.optionalStrings("namespace") ?? []
        self.init(try Namespace(checking: levels), try Self.checked(reader.string("name")))
    }

    var json: JSON {
        ["namespace": .array(namespace.levels.map(JSON.string)), "name": .string(name)]
    }

    /// The name, if it can be the name of a folder.
    static func checked(_ name: String) throws -> String {
        try Names.check(name, "a table's name")
        return name
    }
}

extension Namespace {
    /// A namespace of names that can be the names of folders.
    init(checking levels: [String]) throws {
        guard !levels.isEmpty else { throw IcebergError(.invalidArgument, "the namespace is empty") }
        guard levels.count <= 16 else { throw IcebergError(.invalidArgument, "namespaces nest at most 16 deep") }
        for level in levels { try Names.check(level, "a namespace's name") }
        self.init(levels)
    }
}

enum Names {
    static let lengthMax = 255

    static func check(_ name: String, _ what: String) throws {
        guard !name.isEmpty, name.utf8.count <= lengthMax else {
            throw IcebergError(.invalidArgument, "\(what) has between 1 and \(lengthMax) bytes")
        }
        guard name != ".", name != "..", !name.unicodeScalars.contains(where: { $0.value < 0x20 || $0 == "/" }) else {
            throw IcebergError(.invalidArgument, "\(what) cannot be \"\(name.printable)\"")
        }
    }
}

extension String {
    /// The text with control characters replaced, for messages.
    var printable: String {
        String(String.UnicodeScalarView(unicodeScalars.map { $0.value < 0x20 ? "\u{FFFD}" : $0 }))
    }
}
