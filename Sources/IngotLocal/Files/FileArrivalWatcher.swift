#if os(Linux) && canImport(Glibc)
public import IngotCore

/// Watches folders of this machine through inotify.
///
/// A file is noticed when its writer closes it, or when it gets its name; what is still being written is not. Hidden
/// folders are not watched, as nothing arrives in them.
public struct FileArrivalWatcher: ArrivalWatcher {
    /// How long a source that does not exist is not looked for again, in milliseconds.
    private let absencePause: CInt

    /// Makes a watcher.
    public init() {
        self.init(absencePause: 1000)
    }

    init(absencePause: CInt) {
        self.absencePause = absencePause
    }

    /// What changes from now on; the first element says that a listing is due, since what was there before is not told.
    public func changes(under root: String) -> AsyncThrowingStream<ArrivalChanges, any Error> {
        let watch = Watch(root: root, absencePause: absencePause)
        return AsyncThrowingStream { try await watch.next() }
    }

    /// One watched source, with a thread of its own to wait on.
    private actor Watch {
        private let pool = BlockingPool(name: "ingot.watch", threads: 1)
        private let root: String
        private let absencePause: CInt
        private var folders: WatchedFolders?

        init(root: String, absencePause: CInt) {
            var path = FileSystem.absolute(root)
            while path.utf8.count > 1, path.utf8.last == UInt8(ascii: "/") { path.removeLast() }
            self.root = path
            self.absencePause = absencePause
        }

        func next() async throws -> ArrivalChanges? {
            do {
                let folders = try open()
                let pause = absencePause
                return try await withTaskCancellationHandler {
                    try await pool.run { cancellation in
                        while !cancellation.isCancelled {
                            if let changes = try folders.next(absencePause: pause) { return changes }
                        }
                        return nil
                    }
                } onCancel: {
                    folders.wake()
                }
            } catch is CancellationError {
                return nil
            } catch let error as ObjectStoreError {
                throw error.ingotError
            }
        }

        private func open() throws -> WatchedFolders {
            if let folders { return folders }
            let opened = try WatchedFolders(root: root)
            folders = opened
            return opened
        }
    }
}
#endif
