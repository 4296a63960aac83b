public import IngotCore
public import IngotEngine

/// Files that arrive in a folder of this machine.
public struct FileArrivalSource: ArrivalSource {
    /// Where the time comes from.
    let clock: IngotClock

    /// A source that lists folders as it is asked to.
    public init(clock: IngotClock = .system) {
        self.clock = clock
    }

    /// A root as an absolute path without a slash at its end.
    static func path(of root: String) -> String {
        var path = FileSystem.absolute(root)
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path
    }

    /// Lists a folder, or the one file that the root is; a key is the path below the root.
    public func files(under root: String) -> AsyncThrowingStream<ArrivalPage, any Error> {
        let walk = Walk(root: root)
        return AsyncThrowingStream { try await walk.next() }
    }

    private actor Walk {
        private let root: String
        private var pages: ObjectListing.AsyncIterator?
        private var isStarted = false

        init(root: String) {
            self.root = FileArrivalSource.path(of: root)
        }

        func next() async throws -> ArrivalPage? {
            do {
                return try await nextPage()
            } catch let error as ObjectStoreError {
                throw error.ingotError
            }
        }

        private func nextPage() async throws -> ArrivalPage? {
            if !isStarted {
                isStarted = true
                let path = root
                let status = try await BlockingPool.files.run { _ in try FileSystem.status(path, followsLink: true) }
                guard let status else {
                    throw ObjectStoreError(.notFound, at: root, "the source does not exist")
                }
                guard status.kind == .folder else { return single(status) }
                pages = FileObjectStore(root: root).list(nil, after: nil).makeAsyncIterator()
            }
            guard var iterator = pages else { return nil }
            let page = try await iterator.next()
            pages = iterator
            return page.map { page in
                let isPassedOver = { (error: ObjectStoreError) in [.notAnObject, .invalidKey].contains(error.kind) }
                return ArrivalPage(
                    files: page.objects.map { object in
                        SourceFile(
                            key: object.key.path,
                            location: "\(root)/\(object.key.path)",
                            entityTag: object.entityTag,
                            size: object.size,
                            modified: object.modified
                        )
                    },
                    problems: page.problems.filter { !isPassedOver($0) }.map(\.ingotError),
                    passedOver: page.problems.filter(isPassedOver).map { (key(of: $0.place), Self.reason($0)) }
                )
            }
        }

        private func key(of path: String) -> String {
            path.hasPrefix(root + "/") ? String(path.dropFirst(root.count + 1)) : path
        }

        private static func reason(_ error: ObjectStoreError) -> IngotError {
            var reason = error.ingotError
            reason.message = "passed over: \(reason.message)"
            reason.hint =
                error.kind == .invalidKey
                ? "give it a shorter name, or one in UTF-8, and it is taken in"
                : "put the file itself there, or remove it, or name it in the source's ignore_patterns"
            return reason
        }

        private func single(_ status: FileStatus) -> ArrivalPage {
            let name = root.split(separator: "/").last.map(String.init) ?? root
            let file = SourceFile(
                key: name,
                location: root,
                entityTag: status.fingerprint.entityTag,
                size: status.fingerprint.size,
                modified: status.fingerprint.modified
            )
            return ArrivalPage(files: [file])
        }
    }
}
