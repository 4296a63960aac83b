import JSONTree

extension Simulator {
    private static let failureName = "States.ItemReaderFailed"

    /// Reads all items that a request asks for from the simulated objects.
    package func read(_ request: ItemRequest) -> ExecutionInput {
        let bucket = request.arguments["Bucket"]?.stringValue ?? ""
        do throws(ItemReadingError) {
            let items: [JSON]
            if request.format.kind == .listing {
                items = listing(bucket, prefix: request.arguments["Prefix"]?.stringValue ?? "")
            } else {
                let key = request.arguments["Key"]?.stringValue ?? ""
                guard let text = objects[bucket]?[key] else {
                    throw ItemReadingError(message: "The specified key does not exist: \(bucket)/\(key)")
                }
                items = try request.format.kind == .manifest ? manifestItems(text) : request.format.items(in: text)
            }
            let limited = request.itemCountMax.map { Array(items.prefix($0)) } ?? items
            return .itemsRead(token: request.token, items: limited, continuation: nil)
        } catch {
            return .itemsFailed(token: request.token, error: Self.failureName, cause: error.message)
        }
    }

    /// The rows of all files that an inventory's manifest names.
    private func manifestItems(_ text: String) throws(ItemReadingError) -> [JSON] {
        let manifest = try InventoryManifest(parsing: text)
        var items: [JSON] = []
        for key in manifest.keys {
            guard let rows = objects[manifest.bucket]?[key] else {
                throw ItemReadingError(message: "The specified key does not exist: \(manifest.bucket)/\(key)")
            }
            items += try manifest.format.items(in: rows)
        }
        return items
    }

    private func listing(_ bucket: String, prefix: String) -> [JSON] {
        let keys = (objects[bucket] ?? [:]).keys.filter { $0.hasPrefix(prefix) }.sorted()
        return keys.map { key in
            let size = objects[bucket]?[key]?.utf8.count ?? 0
            return [
                "Etag": .string("\"\(key)\""), "Key": .string(key), "LastModified": .integer(startTime.seconds),
                "Size": .integer(Int64(size)), "StorageClass": "STANDARD",
            ]
        }
    }
}
