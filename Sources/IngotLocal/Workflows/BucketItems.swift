import Foundation
import IngotCore
import IngotEngine
import JSONTree
import StatesLanguage

/// The items of Map states in folders that stand for buckets, read as they are asked for.
actor BucketItems: ItemStorage {
    /// How many items a page has: all of them go into the journal together.
    private static let itemsPerPage = 1000
    private static let manifestSizeMax = 16 << 20
    /// How many files are held open between pages.
    private static let readerCountMax = 16

    private let folders: [String: String]
    /// Readers that stand where a next page begins, the one that was used last at the end.
    ///
    /// Whoever finds none, as after a crash, passes over the items before.
    private var readers: [(request: String, position: Int, reader: ItemReader)] = []

    init(folders: [String: String]) {
        self.folders = folders
    }

    func items(_ request: ItemRequest) async throws -> ItemPage {
        let start = request.continuation.flatMap { Int($0) } ?? 0
        let end = min(start + Self.itemsPerPage, request.itemCountMax ?? .max)
        let text = "\(request.arguments.text()) \(request.format)"
        let reader: ItemReader
        if let index = readers.lastIndex(where: { $0.request == text && $0.position == start }), start > 0 {
            reader = readers.remove(at: index).reader
        } else {
            reader = try await self.reader(of: request)
            var left = start
            while left > 0, try await !reader.items(min(left, Self.itemsPerPage)).isEmpty {
                left -= min(left, Self.itemsPerPage)
            }
        }
        let items = try await reader.items(max(0, end - start))
        guard start + items.count == end, end < request.itemCountMax ?? .max, try await reader.hasMore() else {
            return ItemPage(items: items, continuation: nil)
        }
        if readers.count == Self.readerCountMax { readers.removeFirst() }
        readers.append((text, end, reader))
        return ItemPage(items: items, continuation: String(end))
    }

    func write(_ request: ResultRequest) async throws {
        let store = try store(request.arguments)
        for file in request.files {
            try await store.put(Array(file.text.utf8), at: try ObjectKey(file.key))
        }
    }

    private func reader(of request: ItemRequest) async throws -> ItemReader {
        let store = try store(request.arguments)
        let key = request.arguments["Key"]?.stringValue ?? ""
        switch request.format.kind {
        case .listing: return ItemReader(listing: store, prefix: request.arguments["Prefix"]?.stringValue ?? "")
        case .manifest:
            let manifest = try InventoryManifest(parsing: try await manifest(key, in: store))
            let files = try self.store(["Bucket": .string(manifest.bucket)])
            return ItemReader(files: manifest.keys, in: files, format: manifest.format)
        default: return ItemReader(files: [key], in: store, format: request.format)
        }
    }

    private func manifest(_ key: String, in store: FileObjectStore) async throws -> String {
        do {
            let content = try await store.get(try ObjectKey(key))
            guard content.metadata.size <= Self.manifestSizeMax else {
                throw ItemReadingError(message: "A manifest may have \(Self.manifestSizeMax >> 20) MiB: \(key)")
            }
            return String(decoding: try await content.body.collect(sizeMax: Self.manifestSizeMax), as: UTF8.self)
        } catch let error as ObjectStoreError where error.kind == .notFound {
            throw ItemReadingError.noSuchKey(key)
        }
    }

    private func store(_ arguments: JSON) throws -> FileObjectStore {
        let bucket = arguments["Bucket"]?.stringValue ?? ""
        guard let folder = folders[bucket] else {
            let hint = "in ingot.yml: workflows: {buckets: {\"\(bucket)\": folder/}}"
            throw IngotError(.unboundResource, "nothing stands for the bucket \"\(bucket)\"", hint: hint)
        }
        return FileObjectStore(root: folder)
    }
}
