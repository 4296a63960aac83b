public import IngotCore

/// Bronze in a folder of this machine.
///
/// An object lies at `<root>/<pipeline>/ingest_date=YYYY-MM-DD/<key>`, with the beginning of its version before the
/// name's endings, so that two versions of a key are two files and a version is written only once:
/// `orders/january~5f1c9a30b2d4.csv.gz`.
public struct FileBronzeStore: BronzeStore {
    let root: String
    let hasher: ContentHasher
    let pool: BlockingPool

    /// Names a bronze folder; it is made when something is kept.
    public init(root: String, pool: BlockingPool = .files) {
        var path = FileSystem.absolute(root)
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        self.root = path
        self.pool = pool
        hasher = ContentHasher(pool: pool)
    }

    /// Copies objects' bytes, several at once.
    public func keep(
        _ objects: [SourceFile],
        source: String,
        date: String
    ) async throws -> [Result<KeptObject, any Error>] {
        let folder = "\(root)/\(source)/ingest_date=\(date)"
        let keys = Dictionary(objects.map { ("\(folder)/\(Self.safe($0.key))", $0.key) }, uniquingKeysWith: { $1 })
        let transfers = objects.map {
            ContentHasher.Transfer(from: $0.location, to: "\(folder)/\(Self.safe($0.key))")
        }
        // A file of this very moment is not waited for: without a mark it is hashed once more by the next listing.
        let copies = try await hasher.copyExactBytes(transfers, waits: false) { transfer, hash in
            "\(folder)/\(Self.name(of: keys[transfer.target] ?? transfer.target, version: hash.description))"
        }
        for case .failure(let error as ObjectStoreError) in copies where isOwn(error) { throw error.ingotError }
        return copies.map { outcome in
            outcome.map { copy in
                KeptObject(
                    version: copy.hash.description,
                    location: copy.path,
                    entityTag: copy.isSettled ? copy.source.entityTag : nil,
                    size: copy.source.size,
                    modified: copy.source.modified
                )
            }.mapError { ($0 as? ObjectStoreError)?.ingotError ?? $0 }
        }
    }

    /// Whether bronze is to blame, and no file that is to be kept.
    private func isOwn(_ error: ObjectStoreError) -> Bool {
        error.place.hasPrefix("\(root)/") && [.permissionDenied, .noSpace, .unavailable].contains(error.kind)
    }

    /// The first bytes of a kept object.
    public func prefix(of location: String, size: Int) async throws -> [UInt8] {
        try await pool.run { _ in
            do {
                let file = try OpenFile.reading(location)
                var bytes = [UInt8](repeating: 0, count: max(0, size))
                let count = try file.read(into: &bytes, at: 0)
                bytes.removeSubrange(count...)
                return bytes
            } catch let error as ObjectStoreError {
                throw error.ingotError
            }
        }
    }

    /// Puts a kept object's exact bytes back where its file was; a file that is there stays as it is.
    public func putBack(_ location: String, at path: String, modified: Int64) async throws -> Bool {
        try await pool.run { cancellation in
            do {
                let source = try OpenFile.reading(location)
                let state = try source.status()
                let write = try FileCopy.begin(path, durability: .onReturn, sharing: source)
                try FileCopy.copy(source, in: state, into: write, cancellation)
                try write.file.setModified(modified)
                try write.prepare()
                try write.renameExclusively()
                _ = try write.finish()
                return true
            } catch let error as ObjectStoreError {
                if error.kind == .preconditionFailed { return false }
                throw error.ingotError
            }
        }
    }

    /// The file name of one version of a key.
    static func name(of key: String, version: String) -> String {
        let safeKey = safe(key)
        let start = safeKey.lastIndex(of: "/").map { safeKey.index(after: $0) } ?? safeKey.startIndex
        let name = safeKey[start...]
        // A leading dot belongs to the name, not to an ending.
        let dot = name.dropFirst().firstIndex(of: ".") ?? name.endIndex
        let mark = "~" + version.prefix(versionSize)
        // What a file system has no room for is cut: first of the endings, then of the name, each between characters.
        let endings = name[dot...].suffix(bytes: nameSizeMax / 2)
        let stem = name[..<dot].prefix(bytes: nameSizeMax - mark.utf8.count - endings.utf8.count)
        return safeKey[..<start] + stem + mark + endings
    }

    /// The bytes that a name in a folder may have on the usual file systems.
    static let nameSizeMax = 255
    /// How much of a version a name has.
    static let versionSize = 12

    /// The key with the characters escaped that would make the query engine take a path for a pattern.
    static func safe(_ key: String) -> String {
        var text = ""
        for character in key {
            switch character {
            case "*", "?", "[", "]", "{", "}", "%", "\\", "=":
                for byte in character.utf8 {
                    let digits = String(byte, radix: 16, uppercase: true)
                    text += "%" + (digits.count < 2 ? "0" : "") + digits
                }
            default: text.append(character)
            }
        }
        return text
    }
}

extension Substring {
    /// As many characters from the beginning as have at most so many bytes together.
    fileprivate func prefix(bytes max: Int) -> Substring {
        var size = 0
        return prefix { character in
            size += character.utf8.count
            return size <= max
        }
    }

    /// As many characters from the end as have at most so many bytes together.
    fileprivate func suffix(bytes max: Int) -> Substring {
        var text = self
        while text.utf8.count > max { text.removeFirst() }
        return text
    }
}
