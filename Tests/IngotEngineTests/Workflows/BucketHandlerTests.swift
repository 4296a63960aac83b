import IngotCore
import IngotProject
import JSONTree
import Testing

@testable import IngotEngine
@testable import StatesLanguage

@Suite("S3 in folders")
struct BucketHandlerTests {
    private let stores: [String: any ObjectStore] = [
        "raw": InMemoryObjectStore(now: { 1_767_225_600_500_000_000 }), "other": InMemoryObjectStore(),
    ]

    @discardableResult
    private func perform(_ action: BucketAction, _ request: JSON) async throws -> JSON {
        let resource = TaskResource("arn:aws:states:::aws-sdk:s3:\(action.rawValue)")
        let asked = TaskRequest(
            token: "t",
            state: "A",
            resource: resource,
            input: request,
            timeoutSeconds: nil,
            heartbeatSeconds: nil,
            credentials: nil,
            retryCount: 0,
            region: "us-east-1"
        )
        let handler = BucketHandler(action: action, request: request, stores: stores)
        return try await handler.perform(WorkflowTask(request: asked, input: request, workflow: "w", execution: "e"))
    }

    private func failure(_ action: BucketAction, _ request: JSON) async throws -> String? {
        do {
            try await perform(action, request)
            return nil
        } catch let failure as TaskFailure {
            return failure.error
        }
    }

    @Test("An object is written as JSON, described, read, copied and removed")
    func objects() async throws {
        let put = try await perform(.putObject, ["Bucket": "raw", "Key": "a/b.json", "Body": ["n": 1]])
        let tag = try #require(put["ETag"]?.stringValue)
        #expect(tag.hasPrefix("\"") && tag.hasSuffix("\""))
        let read = try await perform(.getObject, ["Bucket": "raw", "Key": "a/b.json"])
        #expect(read["Body"] == "{\"n\":1}")
        #expect(read["ContentLength"] == 7)
        #expect(read["ETag"] == .string(tag))
        #expect(read["LastModified"] == "2026-01-01T00:00:00Z")
        let head = try await perform(.headObject, ["Bucket": "raw", "Key": "a/b.json"])
        #expect(head["Body"] == nil && head["ContentLength"] == 7)
        let copy: JSON = ["Bucket": "other", "Key": "c d", "CopySource": "raw/a%2Fb.json"]
        #expect(try await perform(.copyObject, copy)["CopyObjectResult"]?["ETag"] != nil)
        #expect(try await perform(.getObject, ["Bucket": "other", "Key": "c d"])["Body"] == "{\"n\":1}")
        for _ in 0..<2 { #expect(try await perform(.deleteObject, ["Bucket": "raw", "Key": "a/b.json"]) == [:]) }
        try await perform(.putObject, ["Bucket": "raw", "Key": "text", "Body": "said \"so\""])
        // As Step Functions writes it: the text keeps its quotes.
        #expect(try await perform(.getObject, ["Bucket": "raw", "Key": "text"])["Body"] == #""said \"so\"""#)
    }

    @Test("Errors have the service's names")
    func errors() async throws {
        #expect(try await failure(.getObject, ["Bucket": "raw", "Key": "no"]) == "S3.NoSuchKeyException")
        #expect(try await failure(.headObject, ["Bucket": "raw", "Key": "no"]) == "S3.NoSuchKeyException")
        #expect(try await failure(.getObject, ["Bucket": "none", "Key": "no"]) == "S3.NoSuchBucketException")
        #expect(try await failure(.getObject, ["Bucket": "raw", "Key": "../secret"]) == "S3.S3Exception")
        #expect(try await failure(.getObject, ["Bucket": "raw"]) == "S3.S3Exception")
        let range: JSON = ["Bucket": "raw", "Key": "a", "Range": "bytes=0-1"]
        #expect(try await failure(.getObject, range) == "Ingot.UnsupportedParameter")
        let once: JSON = ["Bucket": "raw", "Key": "once", "Body": 1, "IfNoneMatch": "*"]
        #expect(try await failure(.putObject, once) == nil)
        #expect(try await failure(.putObject, once) == "S3.S3Exception")
        try await perform(
            .putObject,
            ["Bucket": "raw", "Key": "large", "Body": .string(String(repeating: "x", count: 262_143))]
        )
        #expect(try await failure(.getObject, ["Bucket": "raw", "Key": "large"]) == "States.DataLimitExceeded")
    }

    @Test("A listing comes in pages that join up, with and without a delimiter", arguments: [1, 2, 3, 100])
    func listings(countMax: Int64) async throws {
        for key in ["a", "b/1", "b/2", "b/c/3", "bb", "d/4", "e"] {
            try await perform(.putObject, ["Bucket": "raw", "Key": .string(key), "Body": 0])
        }
        func list(_ request: JSONObject) async throws -> [String] {
            var request = request
            (request["Bucket"], request["MaxKeys"]) = ("raw", .integer(countMax))
            var found: [String] = []
            for _ in 0..<10 {
                let page = try await perform(.listObjectsV2, .object(request))
                let keys = (page["Contents"]?.arrayValue ?? []).compactMap { $0["Key"]?.stringValue }
                let prefixes = (page["CommonPrefixes"]?.arrayValue ?? []).compactMap { $0["Prefix"]?.stringValue }
                #expect(page["KeyCount"] == .integer(Int64(keys.count + prefixes.count)))
                #expect(keys.count + prefixes.count <= countMax)
                found += keys + prefixes
                request["ContinuationToken"] = page["NextContinuationToken"]
                #expect(page["IsTruncated"] == .bool(page["NextContinuationToken"] != nil))
                if page["NextContinuationToken"] == nil { break }
            }
            return found
        }
        #expect(try await list([:]).sorted() == ["a", "b/1", "b/2", "b/c/3", "bb", "d/4", "e"])
        #expect(try await list(["Delimiter": "/"]).sorted() == ["a", "b/", "bb", "d/", "e"])
        #expect(try await list(["Prefix": "b/", "Delimiter": "/"]).sorted() == ["b/1", "b/2", "b/c/"])
        #expect(try await list(["Prefix": "b"]).sorted() == ["b/1", "b/2", "b/c/3", "bb"])
        #expect(try await list(["StartAfter": "b/2"]).sorted() == ["b/c/3", "bb", "d/4", "e"])
        #expect(try await list(["Prefix": "x/"]).isEmpty)
    }
}
