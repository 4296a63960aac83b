import JSONTree

extension Simulator {
    private static let failureName = "States.ItemReaderFailed"

    /// Reads all items that a request asks for from the simulated objects.
    package func read(_ request: ItemRequest) -> ExecutionInput {
        do throws(ItemReadingError) {
            let items = try request.format.kind == .listing ? listing(request) : fileItems(request)
            let limited = request.itemCountMax.map { Array(items.prefix($0)) } ?? items
            return .itemsRead(token: request.token, items: limited, continuation: nil)
        } catch {
            return .itemsFailed(token: request.token, error: Self.failureName, cause: error.message)
        }
    }

    private func fileItems(_ request: ItemRequest) throws(ItemReadingError) -> [MapItem] {
        var (files, format) = (try files(request), request.format)
        if ItemManifest.isExpected(by: format) {
            var text = ""
            for file in files { text += try self.text(of: file) }
            let manifest = try ItemManifest(parsing: text, for: format)
            (files, format) = (manifest.files, manifest.format)
        }
        var items: [MapItem] = []
        for file in files {
            items += try format.items(in: text(of: file)).map { MapItem($0.value, key: $0.key, source: file.address) }
        }
        return items
    }

    /// The file that the arguments name, or those that a listing finds.
    private func files(_ request: ItemRequest) throws(ItemReadingError) -> [ItemFile] {
        let bucket = request.bucket
        guard request.format.files == .listed else {
            return [ItemFile(bucket: bucket, key: request.arguments["Key"]?.stringValue ?? "")]
        }
        // What a console makes for a folder holds no items.
        return keys(request).filter { !$0.hasSuffix("/") }.map { ItemFile(bucket: bucket, key: $0) }
    }

    private func text(of file: ItemFile) throws(ItemReadingError) -> String {
        guard let text = objects[file.bucket]?[file.key] else {
            throw ItemReadingError(message: "The specified key does not exist: \(file.bucket)/\(file.key)")
        }
        return text
    }

    private func keys(_ request: ItemRequest) -> [String] {
        let prefix = request.arguments["Prefix"]?.stringValue ?? ""
        return (objects[request.bucket] ?? [:]).keys.filter { $0.hasPrefix(prefix) }.sorted()
    }

    private func listing(_ request: ItemRequest) -> [MapItem] {
        let bucket = request.bucket
        return keys(request).map { key in
            let object: JSON = [
                "Etag": .string("\"\(key)\""), "Key": .string(key), "LastModified": .integer(startTime.seconds),
                "Size": .integer(Int64(objects[bucket]?[key]?.utf8.count ?? 0)), "StorageClass": "STANDARD",
            ]
            return MapItem(object, source: MapItem.address(bucket: bucket))
        }
    }
}

extension ItemRequest {
    fileprivate var bucket: String {
        arguments["Bucket"]?.stringValue ?? ""
    }
}
