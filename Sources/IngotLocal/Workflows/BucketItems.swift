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
        let store = try store(request.arguments["Bucket"]?.stringValue ?? "")
        for file in request.files {
            try await store.put(Array(file.text.utf8), at: try ObjectKey(file.key))
        }
    }

    private func reader(of request: ItemRequest) async throws -> ItemReader {
        let format = request.format
        let bucket = request.arguments["Bucket"]?.stringValue ?? ""
        if format.kind == .listing || format.files == .listed {
            let prefix = request.arguments["Prefix"]?.stringValue ?? ""
            let listing = BucketListing(try store(bucket), bucket: bucket, prefix: prefix)
            return format.kind == .listing ? ItemReader(listing: listing) : reader(of: listing, format)
        }
        let file = ItemFile(bucket: bucket, key: request.arguments["Key"]?.stringValue ?? "")
        guard ItemManifest.isExpected(by: format) else { return reader(of: [file], format) }
        let manifest = try ItemManifest(parsing: try await text(of: file), for: format)
        return reader(of: manifest.files, manifest.format)
    }

    private func reader(of files: [ItemFile], _ format: ItemFormat) -> ItemReader {
        var files = files[...]
        return ItemReader(format: format, open: store) { files.popFirst() }
    }

    private func reader(of listing: BucketListing, _ format: ItemFormat) -> ItemReader {
        var listing = listing
        var listed: ArraySlice<ItemFile> = []
        return ItemReader(format: format, open: store) {
            while listed.isEmpty {
                guard let objects = try await listing.next() else { return nil }
                listed = objects.map { ItemFile(bucket: listing.bucket, key: $0.key.path) }[...]
            }
            return listed.popFirst()
        }
    }

    private func text(of manifest: ItemFile) async throws -> String {
        var bytes = try await ItemFileBytes(manifest.key, in: store(manifest))
        var text: [UInt8] = []
        while let piece = try await bytes.next() {
            guard text.count + piece.count <= Self.manifestSizeMax else {
                let limit = "\(Self.manifestSizeMax >> 20) MiB"
                throw ItemReadingError(message: "A manifest may have \(limit): \(manifest.key)")
            }
            text += piece
        }
        return String(decoding: text, as: UTF8.self)
    }

    private nonisolated func store(_ file: ItemFile) throws -> FileObjectStore {
        try store(file.bucket)
    }

    private nonisolated func store(_ bucket: String) throws -> FileObjectStore {
        guard let folder = folders[bucket] else {
            let hint = "in ingot.yml: workflows: {buckets: {\"\(bucket)\": folder/}}"
            throw IngotError(.unboundResource, "nothing stands for the bucket \"\(bucket)\"", hint: hint)
        }
        return FileObjectStore(root: folder)
    }
}
