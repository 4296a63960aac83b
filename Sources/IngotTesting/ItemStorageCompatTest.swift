public import IngotEngine
import JSONTree
import StatesLanguage
public import Testing

/// What every ``ItemStorage`` must keep.
///
/// An adapter runs each case over a storage of its own with one bucket, `b`, which is empty.
public struct ItemStorageCompatTest: Sendable, CustomTestStringConvertible {
    /// What the case shows.
    public let name: String
    private let body: @Sendable (any ItemStorage) async throws -> Void

    init(_ name: String, _ body: @escaping @Sendable (any ItemStorage) async throws -> Void) {
        self.name = name
        self.body = body
    }

    /// Runs the case over an empty bucket, recording issues with Swift Testing.
    public func run(_ storage: some ItemStorage) async throws {
        try await body(storage)
    }

    /// What the case shows.
    public var testDescription: String { name }

    /// Every case.
    public static let cases = [
        ItemStorageCompatTest("What was written is read, with its source, and writing a file again replaces it") {
            storage in
            try await write(["r/a.json": "[1, {\"n\": 2}]", "r/b.jsonl": "3\n4\n"], to: storage)
            let source = "s3://b/r/a.json"
            #expect(
                try await items(["Key": "r/a.json"], .json, in: storage)
                    == [MapItem(1, source: source), MapItem(["n": 2], source: source)]
            )
            #expect(try await values(["Key": "r/b.jsonl"], .jsonLines, in: storage) == [3, 4])
            try await write(["r/a.json": "[7]"], to: storage)
            #expect(try await values(["Key": "r/a.json"], .json, in: storage) == [7])
        },
        ItemStorageCompatTest("A listing names the files under a prefix, and their items follow one another") {
            storage in
            try await write(["p/1.jsonl": "1\n2\n", "p/2.jsonl": "3\n", "q/3.jsonl": "4\n"], to: storage)
            let listed = try await values(["Prefix": "p/"], .listing, in: storage)
            #expect(listed.map { $0["Key"] } == ["p/1.jsonl", "p/2.jsonl"])
            #expect(listed.map { $0["Size"] } == [4, 2])
            let flat = ItemFormat(.jsonLines, files: .listed)
            #expect(try await items(["Prefix": "p/"], flat, in: storage).map(\.value) == [1, 2, 3])
        },
        ItemStorageCompatTest("Pages join up, and each can be read again") { storage in
            // More than one page of any adapter holds.
            let count = 2_500
            try await write(["n.jsonl": (0..<count).map { "\($0)\n" }.joined()], to: storage)
            var read: [MapItem] = []
            var next: String?
            repeat {
                let request = request(["Key": "n.jsonl"], .init(.jsonLines), from: next)
                let page = try await storage.items(request)
                #expect(try await storage.items(request) == page)
                #expect(!page.items.isEmpty)
                read += page.items
                next = page.continuation
            } while next != nil && read.count < count
            #expect(next == nil)
            #expect(read.map(\.value) == (0..<count).map { .integer(Int64($0)) })
        },
        ItemStorageCompatTest("No more items are read than wanted", limit),
        ItemStorageCompatTest("What has no items, and what is not there, is refused") { storage in
            try await write(["number.json": "7", "none.jsonl": ""], to: storage)
            #expect(try await values(["Key": "none.jsonl"], .jsonLines, in: storage) == [])
            await #expect(throws: ItemReadingError.self) {
                try await storage.items(request(["Key": "number.json"], .init(.json), from: nil))
            }
            let gone: JSONObject = ["Key": "gone.json"]
            await #expect(throws: (any Error).self) { try await storage.items(request(gone, .init(.json), from: nil)) }
            await #expect(throws: (any Error).self) {
                try await storage.items(request(["Bucket": "other", "Key": "number.json"], .init(.json), from: nil))
            }
            await #expect(throws: (any Error).self) { try await write(["a.json": "[]"], bucket: "other", to: storage) }
        },
    ]

    @Sendable private static func limit(_ storage: any ItemStorage) async throws {
        try await write(["n.jsonl": (0..<2_500).map { "\($0)\n" }.joined()], to: storage)
        for limit in [1, 1_000, 1_001, 2_500, 9_999] {
            let read = try await items(["Key": "n.jsonl"], .init(.jsonLines), limit: limit, in: storage)
            #expect(read.map(\.value) == (0..<min(limit, 2_500)).map { .integer(Int64($0)) }, "\(limit) items")
        }
    }
}

extension ItemStorageCompatTest {
    private static func write(
        _ files: [String: String],
        bucket: String = "b",
        to storage: any ItemStorage
    ) async throws {
        try await storage.write(
            ResultRequest(
                token: "t",
                state: "M",
                resource: "arn:aws:states:::s3:putObject",
                arguments: ["Bucket": .string(bucket)],
                files: files.map { ResultFile(key: $0, text: $1) },
                details: [:]
            )
        )
    }

    private static func request(
        _ arguments: JSONObject,
        _ format: ItemFormat,
        limit: Int? = nil,
        from continuation: String?
    ) -> ItemRequest {
        var arguments = arguments
        if arguments["Bucket"] == nil { arguments["Bucket"] = "b" }
        return ItemRequest(
            token: "t",
            state: "M",
            resource: "arn:aws:states:::s3:getObject",
            arguments: .object(arguments),
            format: format,
            itemCountMax: limit,
            continuation: continuation
        )
    }

    private static func values(
        _ arguments: JSONObject,
        _ kind: ItemFormat.Kind,
        in storage: any ItemStorage
    ) async throws -> [JSON] {
        try await items(arguments, ItemFormat(kind), in: storage).map(\.value)
    }

    private static func items(
        _ arguments: JSONObject,
        _ kind: ItemFormat.Kind,
        in storage: any ItemStorage
    ) async throws -> [MapItem] {
        try await items(arguments, ItemFormat(kind), in: storage)
    }

    /// The items of all pages.
    private static func items(
        _ arguments: JSONObject,
        _ format: ItemFormat,
        limit: Int? = nil,
        in storage: any ItemStorage
    ) async throws -> [MapItem] {
        var items: [MapItem] = []
        var next: String?
        repeat {
            let page = try await storage.items(request(arguments, format, limit: limit, from: next))
            items += page.items
            next = page.continuation
        } while next != nil && items.count < 10_000
        return items
    }
}
