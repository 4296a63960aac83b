public import JSONTree

extension Simulator {
    private static let failureName = "States.ItemReaderFailed"

    /// Reads all items that a request asks for from the simulated objects.
    func read(_ request: ItemRequest) -> ExecutionInput {
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
                items = try request.format.items(in: text)
            }
            let limited = request.itemCountMax.map { Array(items.prefix($0)) } ?? items
            return .itemsRead(token: request.token, items: limited, continuation: nil)
        } catch {
            return .itemsFailed(token: request.token, error: Self.failureName, cause: error.message)
        }
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

extension ResultRequest {
    /// The prefix under which the files of the Map run lie.
    public var filePrefix: String {
        let prefix = arguments["Prefix"]?.stringValue ?? ""
        return prefix.isEmpty ? mapRun : "\(prefix)\(prefix.hasSuffix("/") ? "" : "/")\(mapRun)"
    }

    /// What the state answers about the written files.
    public var details: JSON {
        ["Bucket": arguments["Bucket"] ?? .null, "Key": .string("\(filePrefix)/manifest.json")]
    }
}
