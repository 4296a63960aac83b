public import IngotCore

extension FileBronzeStore {
    private static let datePrefix = "ingest_date="

    /// The copies of a source's objects, as the names of files tell them.
    public func copies(of source: String, before date: String?) -> AsyncThrowingStream<[BronzeCopy], any Error> {
        let walk = CopyWalk(folder: "\(root)/\(source)", before: date, pool: pool)
        return AsyncThrowingStream { try await walk.next() }
    }

    /// Hashes a kept object.
    public func version(of location: String) async throws -> String {
        do {
            return try await hasher.hash(location).hash.description
        } catch let error as ObjectStoreError {
            throw error.ingotError
        }
    }

    /// Deletes copies, and the folders that are empty then.
    public func delete(_ locations: [String]) async throws {
        do {
            try await pool.run { cancellation in
                var folders: Set<String> = []
                for location in locations {
                    try cancellation.check()
                    try FileSystem.remove(location)
                    folders.insert(FileSystem.folder(of: location))
                }
                for folder in folders { FileSystem.removeEmptyFolders(folder, below: root) }
            }
        } catch let error as ObjectStoreError {
            throw error.ingotError
        }
    }

    /// The key of the object whose copy has a path below its day; `nil` where the name does not tell it.
    ///
    /// This is the way back from ``name(of:version:)``.
    static func key(of path: String) -> String? {
        let start = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        let name = path[start...]
        // A name that reached the limit may have been cut.
        guard name.utf8.count < nameSizeMax else { return nil }
        let dot = name.dropFirst().firstIndex(of: ".") ?? name.endIndex
        let stem = name[..<dot]
        guard let mark = stem.lastIndex(of: "~"), stem[mark...].count == versionSize + 1 else { return nil }
        return unescaped(path[..<start] + stem[..<mark] + name[dot...])
    }

    private static func unescaped(_ text: some StringProtocol) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            guard digits.utf8.count == 2, let value = UInt8(digits, radix: 16) else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// Walks over the days of a source.
    private actor CopyWalk {
        let folder: String
        let date: String?
        let pool: BlockingPool
        private var days: [String]?
        private var pages: (day: String, iterator: ObjectListing.AsyncIterator)?

        init(folder: String, before date: String?, pool: BlockingPool) {
            self.folder = folder
            self.date = date
            self.pool = pool
        }

        func next() async throws -> [BronzeCopy]? {
            do {
                while true {
                    if let (day, listed) = pages {
                        var iterator = listed
                        let page = try await iterator.next()
                        pages = page == nil ? nil : (day, iterator)
                        if let page { return copies(page.objects, day) }
                    }
                    guard let day = try await nextDay() else { return nil }
                    let store = FileObjectStore(root: "\(folder)/\(datePrefix)\(day)")
                    pages = (day, store.list(nil, after: nil).makeAsyncIterator())
                }
            } catch let error as ObjectStoreError {
                throw error.ingotError
            }
        }

        private func copies(_ objects: [ObjectMetadata], _ day: String) -> [BronzeCopy] {
            objects.map { object in
                BronzeCopy(
                    key: FileBronzeStore.key(of: object.key.path),
                    location: "\(folder)/\(datePrefix)\(day)/\(object.key.path)",
                    date: day,
                    size: object.size,
                    kept: object.modified
                )
            }
        }

        private func nextDay() async throws -> String? {
            if days == nil {
                let folder = folder
                let names = try await pool.run { _ -> [String] in
                    guard try FileSystem.status(folder, followsLink: true)?.kind == .folder else { return [] }
                    return try FileSystem.entries(of: folder + "/").entries.filter(\.isFolder).map(\.sortName)
                }
                let found = names.filter { $0.hasPrefix(datePrefix) }
                    .map { String($0.dropFirst(datePrefix.count).dropLast()) }
                    .filter { day in date.map { day < $0 } ?? true }
                days = Array(found.sorted().reversed())
            }
            return days?.popLast()
        }
    }
}
