public import IngotCore

/// Takes files out of a folder of this machine.
///
/// A file that somebody replaces or writes to meanwhile must not be lost. So the file is first looked at under its name,
/// then given a hidden name in the same folder, where nobody else opens it, and looked at again: only if it is still the
/// very file, and nobody has it open for writing, it is deleted or moved; otherwise it gets its name back.
public struct FileSourceCleaner: SourceCleaner {
    /// What the hidden names begin with.
    static let hiddenPrefix = ".ingot-clean-"

    private let pool: BlockingPool

    /// A cleaner that works on the given threads.
    public init(pool: BlockingPool = .files) {
        self.pool = pool
    }

    /// Takes files away that hold exactly the bytes that were loaded.
    public func clean(
        _ files: [LoadedFile],
        under root: String,
        movingTo destination: String?
    ) async throws -> [Result<CleanedFile, any Error>] {
        let root = FileArrivalSource.path(of: root)
        let target = destination.map { FileObjectStore(root: FileArrivalSource.path(of: $0), durability: .onReturn) }
        let outcomes = try await pool.run { cancellation in
            let isFolder = try FileSystem.status(root, followsLink: true)?.kind != .file
            let store = FileObjectStore(root: isFolder ? root : FileSystem.folder(of: root))
            let own = isFolder ? nil : root.split(separator: "/").last.map(String.init)
            var folders: Set<String> = []
            let outcomes = try files.map { file -> Result<CleanedFile, any Error> in
                try cancellation.check()
                guard own == nil || own == file.key else { return .success(.gone) }
                do {
                    let cleaning = FileCleaning(file: file, source: store, target: target, cancellation: cancellation)
                    let outcome = try cleaning.clean()
                    if outcome != .gone { folders.insert(FileSystem.folder(of: "\(store.root)/\(file.key)")) }
                    return .success(outcome)
                } catch let error as ObjectStoreError {
                    return .failure(error.ingotError)
                }
            }
            // A file that comes back after a loss of power would lie there for good, since it was taken away already.
            for folder in folders.sorted() { try FileSync.syncFolder(folder) }
            return outcomes
        }
        return outcomes
    }
}

/// How one file is taken away.
private struct FileCleaning {
    /// How long a file stays unchanged before it counts as finished, where the system does not tell, in nanoseconds.
    private static let quietMin: Int64 = 2_000_000_000

    let file: LoadedFile
    let source: FileObjectStore
    /// Where files are moved to; `nil` to delete them.
    let target: FileObjectStore?
    let cancellation: BlockingPool.Cancellation

    func clean() throws -> CleanedFile {
        let key = try ObjectKey(file.key)
        guard let path = try source.readablePath(of: key) else { return .gone }
        // The ledger's number and the version make a name that no other file of the folder gets.
        let hidden =
            "\(FileSystem.folder(of: path))/\(FileSourceCleaner.hiddenPrefix)\(file.id)-\(file.version.prefix(12))"
        if try FileSystem.status(hidden, followsLink: false) != nil {
            return try finish(hidden, for: path, key)
        }
        guard let status = try FileSystem.status(path, followsLink: false) else { return .gone }
        guard status.kind == .file else { return .kept("what has its name is not a file but a link or a folder") }
        let opened: OpenFile
        do {
            opened = try OpenFile.reading(path, followsLink: false)
        } catch {
            guard error.kind == .notFound else { throw error }
            return .gone
        }
        guard !isBeingWritten(opened) else { throw busy(path) }
        let state = try opened.status()
        _ = try target?.writablePath(of: key)
        var isLoaded = state.fingerprint.entityTag == file.entityTag
        if !isLoaded { isLoaded = try hash(opened) == file.version }
        guard isLoaded else { return .kept("another version has its name") }
        try FileSystem.renameExclusively(path, to: hidden)
        guard try isStill(hidden, opened, state) else {
            try giveBack(hidden, to: path)
            throw busy(path)
        }
        do {
            return try take(hidden, key)
        } catch {
            try giveBack(hidden, to: path)
            throw error
        }
    }

    /// Goes on with a file that an earlier try, which was broken off, had hidden.
    private func finish(_ hidden: String, for path: String, _ key: ObjectKey) throws -> CleanedFile {
        let opened = try OpenFile.reading(hidden, followsLink: false)
        guard !isBeingWritten(opened), try hash(opened) == file.version else {
            try giveBack(hidden, to: path)
            return .kept("another version has its name")
        }
        return try take(hidden, key)
    }

    private func hash(_ opened: OpenFile) throws -> String {
        try FileCopy.hash(opened, cancellation).1.description
    }

    private func isBeingWritten(_ opened: OpenFile) -> Bool {
        if let hasWriter = opened.hasWriter() { return hasWriter }
        guard let modified = try? opened.status().fingerprint.modified else { return true }
        return FileSystem.now() - modified < Self.quietMin
    }

    /// Whether the file that was hidden is the one that was looked at, and as it was; hiding it changed a time of it.
    private func isStill(_ hidden: String, _ opened: OpenFile, _ state: FileStatus) throws -> Bool {
        guard let now = try FileSystem.status(hidden, followsLink: false), now.kind == .file else { return false }
        let (before, after) = (state.fingerprint, now.fingerprint)
        return before.device == after.device && before.inode == after.inode && before.size == after.size
            && before.modified == after.modified && !isBeingWritten(opened)
    }

    private func giveBack(_ hidden: String, to path: String) throws {
        do {
            try FileSystem.renameExclusively(hidden, to: path)
        } catch {
            throw ObjectStoreError(
                .preconditionFailed,
                at: path,
                "was replaced twice while it was to be taken away; what was there between is \(hidden)",
                cause: error.message
            )
        }
    }

    private func busy(_ path: String) -> ObjectStoreError {
        ObjectStoreError(.changedWhileRead, at: path, "somebody writes the file that is to be taken away")
    }

    private func take(_ hidden: String, _ key: ObjectKey) throws -> CleanedFile {
        guard let target else {
            try FileSystem.remove(hidden)
            return .deleted
        }
        let place = try target.writablePath(of: key)
        if try isLoaded(place) {
            try FileSystem.remove(hidden)
            return .moved(to: place)
        }
        // What else has the name there already is another version of the file, which stays.
        let places = [place, "\(target.root)/\(FileBronzeStore.name(of: key.path, version: file.version))"]
        for (number, place) in places.enumerated() {
            do {
                try move(hidden, to: place, replacing: number > 0)
                try FileSync.syncFolder(FileSystem.folder(of: place))
                return .moved(to: place)
            } catch let error as ObjectStoreError {
                guard error.kind == .preconditionFailed, number == 0 else { throw error }
            }
        }
        return .gone
    }

    /// Whether the very bytes lie somewhere already, as after a replay that put the file back; they are durable then.
    private func isLoaded(_ place: String) throws -> Bool {
        guard let status = try FileSystem.status(place, followsLink: false), status.kind == .file else { return false }
        let opened = try OpenFile.reading(place, followsLink: false)
        guard try hash(opened) == file.version else { return false }
        try opened.sync()
        try FileSync.syncFolder(FileSystem.folder(of: place))
        return true
    }

    /// Moves a file; where the place is on another device, by a copy that is durable before the file goes.
    private func move(_ hidden: String, to place: String, replacing: Bool) throws {
        do {
            if replacing {
                try FileSystem.rename(hidden, to: place)
            } else {
                try FileSystem.renameExclusively(hidden, to: place)
            }
        } catch {
            guard error.kind == .otherDevice else { throw error }
            let opened = try OpenFile.reading(hidden, followsLink: false)
            let state = try opened.status()
            let copy = try FileCopy.begin(place, durability: .onReturn, sharing: opened)
            try FileCopy.copy(opened, in: state, into: copy, cancellation)
            try copy.prepare()
            if replacing { try copy.rename() } else { try copy.renameExclusively() }
            _ = try copy.finish()
            try FileSystem.remove(hidden)
        }
    }
}
