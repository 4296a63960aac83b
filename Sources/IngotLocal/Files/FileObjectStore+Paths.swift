import IngotCore

extension FileObjectStore {
    /// Where the key's file stands or would stand.
    func path(of key: ObjectKey) -> String {
        "\(root)/\(key.path)"
    }

    /// The key's path, if its folder exists and lies in the store.
    func readablePath(of key: ObjectKey) throws -> String? {
        try checkName(key)
        let path = path(of: key)
        guard let folder = try FileSystem.canonical(FileSystem.folder(of: path)) else { return nil }
        try checkInside(folder, naming: path)
        return path
    }

    /// The key's path, with its folder created if need be.
    func writablePath(of key: ObjectKey) throws -> String {
        try checkName(key)
        let path = path(of: key)
        var existing = FileSystem.folder(of: path)
        while existing.utf8.count > root.utf8.count {
            if let canonical = try FileSystem.canonical(existing) {
                try checkInside(canonical, naming: path)
                break
            }
            existing = FileSystem.folder(of: existing)
        }
        try FileSync.createFolders(FileSystem.folder(of: path))
        return path
    }

    /// What stands at the key; `nil` where there is no object.
    func status(of key: ObjectKey) throws -> FileStatus? {
        guard let path = try readablePath(of: key) else { return nil }
        return try Self.status(at: path, inside: self)
    }

    /// Opens the key's file.
    func open(_ key: ObjectKey) throws -> OpenFile {
        guard let path = try readablePath(of: key) else { throw Self.notFound(path(of: key)) }
        do {
            return try OpenFile.reading(path, followsLink: false)
        } catch  where error.kind == .notAnObject {
            // A link, or a device: the former is read if what it leads to lies in the store.
            guard try Self.status(at: path, inside: self) != nil, let target = try FileSystem.canonical(path) else {
                throw Self.notFound(path)
            }
            return try OpenFile.reading(target, followsLink: false)
        } catch  where error.kind == .notFound {
            throw Self.notFound(path)
        }
    }

    /// What stands at a path below the root, links resolved; `nil` where there is no object.
    ///
    /// - Throws: `notAnObject` for what can be neither an object nor a folder.
    static func status(at path: String, inside store: FileObjectStore) throws -> FileStatus? {
        guard let status = try FileSystem.status(path, followsLink: false) else { return nil }
        switch status.kind {
        case .file: return status
        case .folder: return nil
        case .other: throw ObjectStoreError(.notAnObject, at: path, "neither a file nor a folder")
        case .link: break
        }
        guard let target = try FileSystem.canonical(path) else {
            throw ObjectStoreError(.notAnObject, at: path, "a link that leads nowhere")
        }
        try store.checkInside(target, naming: path)
        guard let status = try FileSystem.status(target, followsLink: false), status.kind == .file else {
            throw ObjectStoreError(.notAnObject, at: path, "a link to something that is no file")
        }
        return status
    }

    static func notFound(_ path: String) -> ObjectStoreError {
        ObjectStoreError(.notFound, at: path, "there is no such file")
    }

    private func checkName(_ key: ObjectKey) throws {
        if key.segments.contains(where: { Self.isTemporary($0) }) {
            throw ObjectStoreError(
                .invalidKey,
                at: path(of: key),
                "names that begin with \(FileSystem.temporaryPrefix) are kept for files that are being written"
            )
        }
    }

    /// Refuses a path without links that does not lie in the store.
    func checkInside(_ canonical: String, naming path: String) throws {
        let base = try FileSystem.canonical(root.isEmpty ? "/" : root) ?? root
        let isInside =
            base == "/" || canonical.utf8.elementsEqual(base.utf8) || canonical.utf8.starts(with: "\(base)/".utf8)
        if !isInside {
            throw ObjectStoreError(.notAnObject, at: path, "a link leads out of \(root)")
        }
    }
}
