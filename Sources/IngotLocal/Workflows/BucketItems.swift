import Foundation
import IngotCore
import IngotEngine
import JSONTree
import StatesLanguage

/// The items of Map states in folders that stand for buckets.
actor BucketItems: ItemStorage {
    /// How many items a page has: all of them go into the journal together.
    private static let itemsPerPage = 1000
    private static let objectSizeMax = 256 << 20

    private let folders: [String: String]
    /// The items that were read last, so that the next page needs no second reading.
    private var last: (token: String, items: [JSON])?

    init(folders: [String: String]) {
        self.folders = folders
    }

    func items(_ request: ItemRequest) async throws -> ItemPage {
        let start = request.continuation.flatMap { Int($0) } ?? 0
        let key = request.arguments.text()
        let items: [JSON]
        if let last, last.token == key, start > 0 { items = last.items } else { items = try await read(request) }
        let count = min(items.count, request.itemCountMax ?? .max)
        let end = min(count, start + Self.itemsPerPage)
        last = end < count ? (key, items) : nil
        return ItemPage(items: Array(items[min(start, end)..<end]), continuation: end < count ? String(end) : nil)
    }

    func write(_ request: ResultRequest) async throws {
        let store = try store(request.arguments)
        for file in request.files {
            try await store.put(Array(file.text.utf8), at: try ObjectKey(file.key))
        }
    }

    private func read(_ request: ItemRequest) async throws -> [JSON] {
        let store = try store(request.arguments)
        if request.format.kind == .listing { return try await listing(store, request.arguments) }
        let text = try await text(of: request.arguments["Key"]?.stringValue ?? "", in: store)
        guard request.format.kind == .manifest else { return try request.format.items(in: text) }
        let manifest = try InventoryManifest(parsing: text)
        var items: [JSON] = []
        for key in manifest.keys {
            let rows = try await self.text(of: key, in: try self.store(["Bucket": .string(manifest.bucket)]))
            items += try manifest.format.items(in: rows)
        }
        return items
    }

    private func listing(_ store: FileObjectStore, _ arguments: JSON) async throws -> [JSON] {
        let prefix = arguments["Prefix"]?.stringValue ?? ""
        let folder = prefix.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        var items: [JSON] = []
        for try await page in store.list(folder.isEmpty ? nil : try ObjectKey(folder)) {
            for object in page.objects where object.key.path.hasPrefix(prefix) {
                items.append([
                    "Etag": .string("\"\(object.entityTag)\""), "Key": .string(object.key.path),
                    "LastModified": .integer(object.modified / 1_000_000_000), "Size": .integer(object.size),
                    "StorageClass": "STANDARD",
                ])
            }
        }
        return items
    }

    private func text(of key: String, in store: FileObjectStore) async throws -> String {
        do {
            let bytes = try await store.bytes(of: try ObjectKey(key), sizeMax: Self.objectSizeMax)
            return String(decoding: bytes, as: UTF8.self)
        } catch let error as ObjectStoreError where error.kind == .notFound {
            throw ItemReadingError(message: "The specified key does not exist: \(key)")
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
