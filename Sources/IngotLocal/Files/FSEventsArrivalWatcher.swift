#if canImport(CoreServices)
public import IngotCore

/// Watches folders of this machine through FSEvents.
///
/// A file is noticed when it comes, changes or gets its name; whoever takes it in finds out whether it is still being
/// written. Hidden files and folders are not told.
public struct FSEventsArrivalWatcher: ArrivalWatcher {
    /// How long a source that does not exist is not looked for again.
    private let absencePause: Duration

    /// Makes a watcher.
    public init() {
        absencePause = .seconds(1)
    }

    /// What changes from now on; the first element says that a listing is due, since what was there before is not told.
    public func changes(under root: String) -> AsyncThrowingStream<ArrivalChanges, any Error> {
        let watch = Watch(root: FileSystem.absolute(root), absencePause: absencePause)
        return AsyncThrowingStream { try await watch.next() }
    }

    /// One watched source.
    private actor Watch {
        private let root: String
        private let absencePause: Duration
        private var watched: (stream: FolderEventStream, mailbox: FolderMailbox)?

        init(root: String, absencePause: Duration) {
            self.root = root
            self.absencePause = absencePause
        }

        func next() async throws -> ArrivalChanges? {
            while !Task.isCancelled {
                guard let mailbox = watched?.mailbox else {
                    if try open() { return .unknown }
                    try? await Task.sleep(for: absencePause)
                    continue
                }
                guard let news = await mailbox.take() else { return nil }
                if news.isRootChanged { watched = nil }
                if let changes = news.changes { return changes }
            }
            return nil
        }

        /// Begins to watch; `false` where the root does not exist.
        private func open() throws -> Bool {
            do throws(ObjectStoreError) {
                // The system tells paths without links.
                guard let folder = try FileSystem.canonical(root),
                    let status = try FileSystem.status(folder, followsLink: true)
                else { return false }
                guard status.kind == .folder else {
                    throw ObjectStoreError(.notAnObject, at: root, "only folders are watched")
                }
                let mailbox = FolderMailbox()
                let stream = FolderEventStream(of: folder) { mailbox.put(FolderNews($0, below: folder)) }
                guard let stream else { throw ObjectStoreError(.unavailable, at: root, "cannot watch") }
                watched = (stream, mailbox)
                return true
            } catch {
                throw error.ingotError
            }
        }
    }
}
#endif
