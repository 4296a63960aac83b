import IngotCore
import Synchronization

/// Walks over a store's files in the order of their keys' bytes, holding one folder of each depth in memory.
final class FileWalk: Sendable {
    /// Which files a walk is after.
    enum Aim: Sendable {
        case objects
        case temporaries
    }

    private let walk: Mutex<Walk>

    init(_ store: FileObjectStore, _ folder: ObjectKey?, after key: ObjectKey? = nil, aim: Aim = .objects) {
        walk = Mutex(Walk(store: store, start: folder, after: key, aim: aim))
    }

    /// The next files, at most a page of them; `nil` after the last.
    func nextPage() throws -> ObjectPage? {
        try walk.withLock { try $0.nextPage() }
    }
}

private struct Walk: Sendable {
    private struct Folder: Sendable {
        /// The folder's path below the root, with a slash at its end; empty for the root.
        let path: String
        let entries: [FolderEntry]
        var position = 0
    }

    let store: FileObjectStore
    let start: ObjectKey?
    let after: ObjectKey?
    let aim: FileWalk.Aim

    private var stack: [Folder] = []
    private var isStarted = false
    private var page = ObjectPage()

    init(store: FileObjectStore, start: ObjectKey?, after: ObjectKey?, aim: FileWalk.Aim) {
        self.store = store
        self.start = start
        self.after = after
        self.aim = aim
    }

    mutating func nextPage() throws -> ObjectPage? {
        if !isStarted {
            try begin()
            isStarted = true
        }
        while page.objects.count + page.problems.count < store.pageSize, let top = stack.indices.last {
            let folder = stack[top]
            guard folder.position < folder.entries.count else {
                stack.removeLast()
                continue
            }
            stack[top].position += 1
            visit(folder.entries[folder.position], in: folder.path)
        }
        defer { page = ObjectPage() }
        return page.objects.isEmpty && page.problems.isEmpty ? nil : page
    }

    private mutating func begin() throws {
        guard try FileSystem.status(store.root + "/", followsLink: true)?.kind == .folder else {
            throw ObjectStoreError(.notFound, at: store.root, "there is no such folder")
        }
        guard let start else { return try enter("") }
        guard try store.readablePath(of: start) != nil,
            let canonical = try FileSystem.canonical(store.path(of: start))
        else { return }
        try store.checkInside(canonical, naming: store.path(of: start))
        guard try FileSystem.status(canonical, followsLink: false)?.kind == .folder else { return }
        try enter(start.path + "/")
    }

    private mutating func enter(_ path: String) throws {
        let content = try FileSystem.entries(of: store.root + "/" + path)
        page.problems += content.problems
        stack.append(Folder(path: path, entries: content.entries))
    }

    private mutating func visit(_ entry: FolderEntry, in folder: String) {
        let path = folder + entry.sortName
        if let after, isPassed(path, isFolder: entry.isFolder, after) { return }
        do {
            if entry.isFolder {
                return try enter(path)
            }
            guard FileObjectStore.isTemporary(entry.sortName) == (aim == .temporaries) else { return }
            // The only rule for keys that the name of a file can break.
            guard path.utf8.count <= ObjectKey.sizeMax else {
                throw ObjectStoreError(.invalidKey, at: path, "a key has at most \(ObjectKey.sizeMax) bytes")
            }
            let status = try FileObjectStore.status(at: "\(store.root)/\(path)", inside: store)
            guard let status else { return }
            page.objects.append(status.metadata(ObjectKey(checked: path)))
        } catch let error as ObjectStoreError {
            // What is gone again by now was never in the listing.
            if error.kind != .notFound { page.problems.append(error) }
        } catch {
            page.problems.append(ObjectStoreError(.unavailable, at: path, "cannot look at", cause: "\(error)"))
        }
    }

    private func isPassed(_ path: String, isFolder: Bool, _ after: ObjectKey) -> Bool {
        if isFolder, after.path.utf8.starts(with: path.utf8) { return false }
        return !after.path.utf8.lexicographicallyPrecedes(path.utf8)
    }
}
