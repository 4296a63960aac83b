public import IngotCore
import IngotEngine

extension FileArrivalSource {
    /// How long a file stays unchanged before it counts as finished, where the system does not tell, in nanoseconds.
    private static let quietMin: Int64 = 2_000_000_000

    /// Looks at single files.
    ///
    /// One that somebody has open for writing is unfinished.
    public func looks(at keys: [String], under root: String) async throws -> [String: ArrivalLook] {
        let root = Self.path(of: root)
        let now = clock.now()
        return try await BlockingPool.files.run { _ in
            let isFolder = try FileSystem.status(root, followsLink: true)?.kind == .folder
            let store = FileObjectStore(root: isFolder ? root : FileSystem.folder(of: root))
            let own = isFolder ? nil : root.split(separator: "/").last.map(String.init)
            var looks: [String: ArrivalLook] = [:]
            for key in keys {
                looks[key] = own == nil || own == key ? Self.look(at: key, in: store, now: now) : .gone
            }
            return looks
        }
    }

    /// Where the file of a key belongs, whether it is there or not.
    public func location(of key: String, under root: String) async throws -> String {
        let root = Self.path(of: root)
        return try await BlockingPool.files.run { _ in
            let kind = try FileSystem.status(root, followsLink: true)?.kind
            let isFile = kind.map { $0 != .folder } ?? (root.split(separator: "/").last.map(String.init) == key)
            return isFile ? root : "\(root)/\(key)"
        }
    }

    private static func look(at key: String, in store: FileObjectStore, now: Int64) -> ArrivalLook {
        do {
            let file = try store.open(ObjectKey(key))
            let state = try file.status().fingerprint
            if file.hasWriter() ?? (now - state.modified < quietMin) { return .unfinished }
            return .file(
                SourceFile(
                    key: key,
                    location: file.path,
                    entityTag: state.entityTag,
                    size: state.size,
                    modified: state.modified
                )
            )
        } catch let error as ObjectStoreError {
            return error.kind == .notFound ? .gone : .unreadable(error.ingotError)
        } catch {
            return .unreadable(IngotError(.objectNotReadable, "cannot look at \(key)", cause: "\(error)"))
        }
    }
}
