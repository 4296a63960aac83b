import IngotCore
import JSONTree
import StatesLanguage

/// Items of files or of a listing, a piece at a time: what it holds is one piece of a file and what that ends.
final class ItemReader {
    /// How many bytes are taken apart at once, whatever pieces the store gives.
    private static let pieceSizeMax = 64 << 10

    /// Gives more items, maybe none; nil after the last.
    private let more: () async throws -> [JSON]?
    private var pending: ArraySlice<JSON> = []
    private var isAtEnd = false

    /// The items of files, one after the other.
    init(files keys: [String], in store: FileObjectStore, format: ItemFormat) {
        var keys = keys[...]
        var file: (body: ObjectBody.AsyncIterator, splitter: ItemSplitter)?
        var bytes: ArraySlice<UInt8> = []
        more = {
            if file == nil {
                guard let key = keys.popFirst() else { return nil }
                file = (try await Self.body(of: key, in: store), try ItemSplitter(format))
            }
            if bytes.isEmpty {
                guard let chunk = try await file?.body.next() else {
                    defer { file = nil }
                    return try file?.splitter.finish()
                }
                bytes = chunk[...]
            }
            let piece = bytes.prefix(Self.pieceSizeMax)
            bytes = bytes.dropFirst(piece.count)
            return try file?.splitter.add(Array(piece))
        }
    }

    /// The objects of a listing.
    init(listing store: FileObjectStore, prefix: String) {
        let folder = prefix.lastIndex(of: "/").flatMap { try? ObjectKey(String(prefix[..<$0])) }
        var pages = store.list(folder).makeAsyncIterator()
        more = {
            try await pages.next()?.objects.filter { $0.key.path.utf8.starts(with: prefix.utf8) }.map { object in
                [
                    "Etag": .string("\"\(object.entityTag)\""), "Key": .string(object.key.path),
                    "LastModified": .integer(object.modified / 1_000_000_000), "Size": .integer(object.size),
                    "StorageClass": "STANDARD",
                ]
            }
        }
    }

    /// The next items, as many as asked for unless there are no more.
    ///
    /// - Throws: `ItemReadingError` where a file has none; what the store throws.
    func items(_ count: Int) async throws -> [JSON] {
        var items: [JSON] = []
        while items.count < count, try await hasMore() {
            let part = pending.prefix(count - items.count)
            items += part
            pending = pending.dropFirst(part.count)
        }
        return items
    }

    /// Whether there is another item.
    func hasMore() async throws -> Bool {
        while pending.isEmpty, !isAtEnd {
            if let items = try await more() { pending = items[...] } else { isAtEnd = true }
        }
        return !pending.isEmpty
    }

    private static func body(of key: String, in store: FileObjectStore) async throws -> ObjectBody.AsyncIterator {
        do {
            return try await store.get(try ObjectKey(key)).body.makeAsyncIterator()
        } catch let error as ObjectStoreError where error.kind == .notFound {
            throw ItemReadingError.noSuchKey(key)
        }
    }
}

extension ItemReadingError {
    static func noSuchKey(_ key: String) -> ItemReadingError {
        ItemReadingError(message: "The specified key does not exist: \(key)")
    }
}
