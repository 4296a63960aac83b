import DelimitedText
import IngotCore
import JSONTree
import StatesLanguage

/// Items of files or of a listing, a piece at a time: what it holds is one piece of a file and what that ends.
final class ItemReader {
    /// Gives more items, maybe none; nil after the last.
    private let more: () async throws -> [MapItem]?
    private var pending: ArraySlice<MapItem> = []
    private var isAtEnd = false

    /// The items of files, one after the other; each is asked for when the one before is read.
    init(
        format: ItemFormat,
        open: @escaping (ItemFile) throws -> FileObjectStore,
        next: @escaping () async throws -> ItemFile?
    ) {
        var current: (file: ItemFile, bytes: ItemFileBytes, splitter: ItemSplitter)?
        more = {
            if current == nil {
                guard let file = try await next() else { return nil }
                let splitter = try ItemSplitter(format)
                current = (file, try await ItemFileBytes(file.key, in: open(file)), splitter)
            }
            guard let file = current?.file else { return nil }
            let items: [MapItem]
            if let piece = try await current?.bytes.next() {
                items = try current?.splitter.add(piece) ?? []
            } else {
                items = try current?.splitter.finish() ?? []
                current = nil
            }
            return items.map { MapItem($0.value, key: $0.key, source: file.address) }
        }
    }

    /// The objects of a listing.
    init(listing: BucketListing) {
        var listing = listing
        let source = MapItem.address(bucket: listing.bucket)
        more = {
            try await listing.next()?.map { object in
                let item: JSON = [
                    "Etag": .string("\"\(object.entityTag)\""), "Key": .string(object.key.path),
                    "LastModified": .integer(object.modified / 1_000_000_000), "Size": .integer(object.size),
                    "StorageClass": "STANDARD",
                ]
                return MapItem(item, source: source)
            }
        }
    }

    /// The next items, as many as asked for unless there are no more.
    ///
    /// - Throws: `ItemReadingError` where a file has none; what the store throws.
    func items(_ count: Int) async throws -> [MapItem] {
        var items: [MapItem] = []
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
}

/// The objects of a bucket whose keys begin with a prefix, a page at a time.
struct BucketListing {
    let bucket: String
    private let prefix: String
    private var pages: ObjectListing.AsyncIterator

    init(_ store: FileObjectStore, bucket: String, prefix: String) {
        self.bucket = bucket
        self.prefix = prefix
        let folder = prefix.lastIndex(of: "/").flatMap { try? ObjectKey(String(prefix[..<$0])) }
        pages = store.list(folder).makeAsyncIterator()
    }

    /// The next objects, maybe none; nil after the last.
    mutating func next() async throws -> [ObjectMetadata]? {
        try await pages.next()?.objects.filter { $0.key.path.utf8.starts(with: prefix.utf8) }
    }
}

/// The bytes of a file, decompressed, in small pieces whatever pieces the store gives.
struct ItemFileBytes {
    /// How many bytes are taken apart at once.
    private static let pieceSizeMax = 64 << 10

    private let key: String
    private var body: ObjectBody.AsyncIterator
    private let inflater: GzipInflater?
    private var bytes: ArraySlice<UInt8> = []

    /// Opens a file.
    ///
    /// - Throws: `ItemReadingError` where there is none, or its compression is not known; what the store throws.
    init(_ key: String, in store: FileObjectStore) async throws {
        guard !key.hasSuffix(".zstd"), !key.hasSuffix(".zst") else {
            throw ItemReadingError(message: "Files with items may be compressed by gzip, and not by zstd: \(key)")
        }
        self.key = key
        inflater = key.hasSuffix(".gz") ? try GzipInflater() : nil
        do {
            body = try await store.get(try ObjectKey(key)).body.makeAsyncIterator()
        } catch let error as ObjectStoreError where error.kind == .notFound {
            throw ItemReadingError.noSuchKey(key)
        }
    }

    /// The next bytes; nil after the last.
    mutating func next() async throws -> [UInt8]? {
        while bytes.isEmpty {
            guard let chunk = try await chunk() else { return nil }
            bytes = chunk[...]
        }
        let piece = bytes.prefix(Self.pieceSizeMax)
        bytes = bytes.dropFirst(piece.count)
        return Array(piece)
    }

    private mutating func chunk() async throws -> [UInt8]? {
        guard let inflater else { return try await body.next() }
        do {
            while true {
                if let text = try inflater.next() { return text }
                guard let compressed = try await body.next() else {
                    try inflater.checkEnd()
                    return nil
                }
                inflater.take(compressed)
            }
        } catch let error as DelimitedTextError {
            throw ItemReadingError(message: "\(error): \(key)")
        }
    }
}

extension ItemReadingError {
    static func noSuchKey(_ key: String) -> ItemReadingError {
        ItemReadingError(message: "The specified key does not exist: \(key)")
    }
}
