import IngotCore
import JSONTree

/// One page of a listing, as `listObjectsV2` asks for it and answers it.
struct ObjectPageRequest {
    private static let countMax = 1000

    private let request: JSON
    private let prefix: String
    private let delimiter: String
    private let countMax: Int
    /// Only what comes later is listed: a key, or a common prefix with all that begins with it.
    private let last: String
    private let skipsPrefix: Bool

    init(_ request: JSON) {
        self.request = request
        prefix = request["Prefix"]?.stringValue ?? ""
        let delimiter = request["Delimiter"]?.stringValue ?? ""
        self.delimiter = delimiter
        countMax = min(max(request["MaxKeys"]?.intValue ?? Self.countMax, 0), Self.countMax)
        let continuation = request["ContinuationToken"]?.stringValue
        last = continuation ?? request["StartAfter"]?.stringValue ?? ""
        skipsPrefix = continuation.map { !delimiter.isEmpty && $0.hasSuffix(delimiter) } ?? false
    }

    func answer(from store: any ObjectStore) async throws -> JSON {
        var contents: [JSON] = []
        var prefixes: [String] = []
        var latest = ""
        var isTruncated = false
        listing: for try await page in store.list(folder, after: resumption) {
            for object in page.objects where isWanted(object.key.path) {
                let common = commonPrefix(of: object.key.path)
                if let common, common == prefixes.last { continue }
                guard contents.count + prefixes.count < countMax else {
                    isTruncated = true
                    break listing
                }
                latest = common ?? object.key.path
                if let common { prefixes.append(common) } else { contents.append(Self.entry(object)) }
            }
        }
        return .object(described(contents, prefixes, next: isTruncated ? latest : nil))
    }

    /// The folder that holds every key of the prefix; `nil` for the whole store.
    private var folder: ObjectKey? {
        prefix.lastIndex(of: "/").flatMap { try? ObjectKey(String(prefix[..<$0])) }
    }

    private var resumption: ObjectKey? {
        try? ObjectKey(skipsPrefix ? String(last.dropLast(delimiter.count)) : last)
    }

    private func isWanted(_ path: String) -> Bool {
        guard path.utf8.starts(with: prefix.utf8), last.utf8.lexicographicallyPrecedes(path.utf8) else { return false }
        return !skipsPrefix || !path.utf8.starts(with: last.utf8)
    }

    private func commonPrefix(of path: String) -> String? {
        guard !delimiter.isEmpty else { return nil }
        let rest = path.utf8.dropFirst(prefix.utf8.count)
        guard let range = Array(rest).firstRange(of: Array(delimiter.utf8)) else { return nil }
        return prefix + String(decoding: rest.prefix(range.upperBound), as: UTF8.self)
    }

    private static func entry(_ object: ObjectMetadata) -> JSON {
        [
            "ETag": object.quotedTag, "Key": .string(object.key.path), "LastModified": object.lastModified,
            "Size": .integer(object.size), "StorageClass": "STANDARD",
        ]
    }

    private func described(_ contents: [JSON], _ prefixes: [String], next: String?) -> JSONObject {
        var answer: JSONObject = [
            "CommonPrefixes": .array(prefixes.map { ["Prefix": .string($0)] }), "Contents": .array(contents),
            "IsTruncated": .bool(next != nil), "KeyCount": .integer(Int64(contents.count + prefixes.count)),
            "MaxKeys": .integer(Int64(countMax)), "Name": request["Bucket"] ?? .null, "Prefix": .string(prefix),
        ]
        for member in ["ContinuationToken", "Delimiter", "StartAfter"] { answer[member] = request[member] }
        answer["NextContinuationToken"] = next.map(JSON.string)
        return answer
    }
}
