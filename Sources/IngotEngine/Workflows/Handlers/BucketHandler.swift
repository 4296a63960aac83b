import IngotCore
import IngotProject
import JSONTree
import StatesLanguage

/// Does what a task asks of S3, in the stores that stand for buckets, and answers in the service's shapes.
struct BucketHandler: TaskHandler {
    /// More is no result: the data of a state has 256 KiB.
    private static let objectSizeMax: Int64 = 262_144

    let action: BucketAction
    let request: JSON
    let stores: [String: any ObjectStore]

    /// Doing it again leads to the same, unless it depends on what was there.
    var isResumable: Bool {
        request["IfNoneMatch"] == nil && request["IfMatch"] == nil
    }

    func perform(_ task: WorkflowTask) async throws -> JSON {
        try action.check(request)
        do {
            return try await answer()
        } catch let error as ObjectStoreError {
            throw TaskFailure(error)
        }
    }

    private func answer() async throws -> JSON {
        let store = try store(named: try text("Bucket"))
        if action == .listObjectsV2 { return try await ObjectPageRequest(request).answer(from: store) }
        let key = try ObjectKey(try text("Key"))
        switch action {
        case .getObject:
            let content = try await store.get(key)
            guard content.metadata.size <= Self.objectSizeMax else {
                let cause = "The object \(key) has \(content.metadata.size) bytes, the data of a state at most 256 KiB"
                throw TaskFailure(error: "States.DataLimitExceeded", cause: cause)
            }
            let bytes = try await content.body.collect(sizeMax: Int(Self.objectSizeMax))
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw TaskFailure(error: "Ingot.InvalidOutput", cause: "The object \(key) is no text in UTF-8")
            }
            var object = content.metadata.described
            object["Body"] = .string(text)
            return .object(object)
        case .headObject: return .object(try await store.head(key).described)
        case .putObject: return ["ETag": try await put(key, store).quotedTag]
        case .copyObject:
            let copy = try await copy(to: key, store)
            return ["CopyObjectResult": ["ETag": copy.quotedTag, "LastModified": copy.lastModified]]
        case .deleteObject:
            try await store.delete(key)
            return .object(JSONObject())
        case .listObjectsV2: return .null
        }
    }

    /// Step Functions writes a body as JSON, a text with its quotes.
    private func put(_ key: ObjectKey, _ store: any ObjectStore) async throws -> ObjectMetadata {
        let condition: PutCondition
        switch (request["IfNoneMatch"], request["IfMatch"]?.stringValue) {
        case (nil, nil): condition = .always
        case (.string("*")?, nil): condition = .ifAbsent
        case (nil, let tag?): condition = .ifMatches(tag.hasPrefix("\"") ? String(tag.dropFirst().dropLast()) : tag)
        default: throw TaskFailure(error: "S3.S3Exception", cause: "IfNoneMatch is \"*\", and goes with no IfMatch")
        }
        return try await store.put(Array((request["Body"]?.text() ?? "").utf8), at: key, if: condition)
    }

    private func copy(to key: ObjectKey, _ store: any ObjectStore) async throws -> ObjectMetadata {
        let source = try text("CopySource")
        let place = source.hasPrefix("/") ? source.dropFirst() : source[...]
        guard let slash = place.firstIndex(of: "/") else {
            throw TaskFailure(error: "S3.S3Exception", cause: "CopySource is a bucket and a key: \(source)")
        }
        let (bucket, path) = (String(place[..<slash]), String(place[place.index(after: slash)...]))
        let sourceKey = try ObjectKey(path.percentDecoded)
        if bucket == request["Bucket"]?.stringValue { return try await store.copy(sourceKey, to: key) }
        let content = try await self.store(named: bucket).get(sourceKey)
        return try await store.put(content.body, at: key, if: .always)
    }

    private func store(named bucket: String) throws -> any ObjectStore {
        guard let store = stores[bucket] else {
            let cause = "The specified bucket does not exist: no folder stands for \(bucket) in workflows: buckets"
            throw TaskFailure(error: "S3.NoSuchBucketException", cause: cause)
        }
        return store
    }

    private func text(_ member: String) throws -> String {
        guard let text = request[member]?.stringValue, !text.isEmpty else {
            throw TaskFailure(error: "S3.S3Exception", cause: "\(action.rawValue) needs the text \(member)")
        }
        return text
    }
}

extension TaskFailure {
    /// What a store could not do, under the service's name for it.
    fileprivate init(_ failure: ObjectStoreError) {
        switch failure.kind {
        case .notFound:
            self.init(error: "S3.NoSuchKeyException", cause: "The specified key does not exist: \(failure.place)")
        case .preconditionFailed:
            let cause = "At least one of the pre-conditions you specified did not hold: \(failure.place)"
            self.init(error: "S3.S3Exception", cause: cause)
        default: self.init(error: "S3.S3Exception", cause: failure.description)
        }
    }
}

extension ObjectMetadata {
    var quotedTag: JSON {
        .string("\"\(entityTag)\"")
    }

    /// To the second, as S3 keeps it.
    var lastModified: JSON {
        .string(String(Timestamp(seconds: modified / 1_000_000_000).iso8601.dropLast(5)) + "Z")
    }

    fileprivate var described: JSONObject {
        [
            "AcceptRanges": "bytes", "ContentLength": .integer(size), "ContentType": "binary/octet-stream",
            "ETag": quotedTag, "LastModified": lastModified, "Metadata": [:],
        ]
    }
}

extension String {
    /// The text with `%XX` read as bytes; anything else stays as it is.
    fileprivate var percentDecoded: String {
        var bytes: [UInt8] = []
        var rest = Array(utf8)[...]
        while let byte = rest.popFirst() {
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            if byte == UInt8(ascii: "%"), digits.count == 2, let value = UInt8(digits, radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
