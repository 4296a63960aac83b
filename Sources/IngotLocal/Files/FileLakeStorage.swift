public import IngotCore

/// A lake in a folder of this machine.
public struct FileLakeStorage: LakeStorage {
    /// The folder, as an absolute path without a slash at its end.
    public let root: String
    private let pool: BlockingPool
    private let staged = StagingFolders()
    /// From how many files on their whole file system is synced.
    private static let filesMaxAtOnce = 64

    /// Names a lake; the folder is made when something is written.
    public init(root: String, pool: BlockingPool = .files) {
        var path = FileSystem.absolute(root)
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        self.root = path
        self.pool = pool
    }

    private var staging: String { root + "/.staging" }

    /// A folder for a batch's files, made anew and empty.
    public func makeStagingFolder(_ name: String) async throws -> String {
        let folder = "\(staging)/\(name)"
        try await run { try staged.make(folder) }
        return folder
    }

    /// Moves staged files to their places, whose folders are made.
    public func promote(_ moves: [StagedMove]) async throws {
        try await run {
            var known: Set<String> = []
            for move in moves {
                let folder = FileSystem.folder(of: move.to)
                if known.insert(folder).inserted { try FileSync.createFolders(folder) }
                try FileSystem.rename(move.from, to: move.to)
            }
        }
    }

    /// Removes a staging folder and what is left in it.
    public func removeStagingFolder(_ name: String) async throws {
        try await run { try staged.remove("\(staging)/\(name)") }
    }

    /// Removes the staging folders whose makers have ended without doing so.
    public func removeAbandonedStagingFolders() async throws {
        try await run { try staged.removeAbandoned(in: staging) }
    }

    /// Returns once the files survive a loss of power.
    public func sync(_ locations: [String]) async throws {
        guard !locations.isEmpty else { return }
        let paths = locations.map(Self.path)
        guard paths.count <= Self.filesMaxAtOnce else { return try await run { try FileSync.sync(paths) } }
        // The file system writes several files in one go when they are synced at the same time.
        let folders = Set(paths.map { FileSystem.folder(of: $0) }).sorted()
        for names in [paths, folders] {
            let outcomes = try await pool.map(names, width: pool.threads) { path, _ in
                try OpenFile(path, flags: FileSystem.readFlags).sync()
            }
            for outcome in outcomes {
                do { try outcome.get() } catch let error as ObjectStoreError { throw error.ingotError }
            }
        }
    }

    /// Reads a file whole.
    public func read(_ location: String) async throws -> [UInt8] {
        try await run {
            let file = try OpenFile.reading(Self.path(location))
            var bytes = [UInt8](repeating: 0, count: Int(try file.status().fingerprint.size))
            let count = try file.read(into: &bytes, at: 0)
            bytes.removeSubrange(count...)
            return bytes
        }
    }

    /// Writes a file whole, through a temporary one.
    public func write(_ bytes: [UInt8], to location: String) async throws {
        try await run {
            let path = Self.path(location)
            try FileSync.createFolders(FileSystem.folder(of: path))
            let file = try PendingFile(at: path, durability: .onSync)
            try file.append(bytes[...])
            try file.rename()
        }
    }

    /// How many bytes a file has.
    public func size(of location: String) async throws -> Int64? {
        try await run { try FileSystem.status(Self.path(location), followsLink: true)?.fingerprint.size }
    }

    /// What lies in a folder; links are passed over.
    public func content(of folder: String) async throws -> FolderContent {
        try await run {
            let path = Self.path(folder)
            guard try FileSystem.status(path, followsLink: true)?.kind == .folder else { return FolderContent() }
            var content = FolderContent()
            for entry in try FileSystem.entries(of: path + "/").entries {
                if entry.isFolder {
                    content.folders.append(String(entry.sortName.dropLast()))
                } else if try FileSystem.status("\(path)/\(entry.sortName)", followsLink: false)?.kind == .file {
                    content.files.append(entry.sortName)
                }
            }
            return content
        }
    }

    /// Makes sure that files can be written in a folder.
    public func makeFolder(_ location: String) async throws {
        try await run { try FileSync.createFolders(Self.path(location)) }
    }

    /// Deletes files; those that are gone already are no error.
    public func delete(_ locations: [String]) async throws {
        try await run {
            for location in locations { try FileSystem.remove(Self.path(location)) }
        }
    }

    private func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        do {
            return try await pool.run { _ in try work() }
        } catch let error as ObjectStoreError {
            throw error.ingotError
        }
    }

    /// The path that a location names: a path, or a `file:` URI without a host.
    private static func path(_ location: String) -> String {
        guard location.hasPrefix("file:") else { return location }
        let rest = location.dropFirst(5)
        return String(rest.hasPrefix("///") ? rest.dropFirst(2) : rest)
    }
}
