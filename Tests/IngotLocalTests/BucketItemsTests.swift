import Foundation
import IngotCore
import IngotEngine
import IngotTesting
import JSONTree
import StatesLanguage
import Testing

@testable import IngotLocal

@Suite("Items of Map states in folders")
struct BucketItemsTests {
    private let folder = FileManager.default.temporaryDirectory.path + "/items-\(UUID().uuidString)"

    private func write(_ text: String, to name: String) throws {
        try FileManager.default.createDirectory(atPath: folder + "/b", withIntermediateDirectories: true)
        try text.write(toFile: "\(folder)/b/\(name)", atomically: true, encoding: .utf8)
    }

    private func request(
        _ format: ItemFormat,
        _ arguments: JSONObject,
        limit: Int? = nil,
        from continuation: String? = nil
    ) -> ItemRequest {
        ItemRequest(
            token: "t",
            state: "M",
            resource: "arn:aws:states:::s3:getObject",
            arguments: .object(arguments),
            format: format,
            itemCountMax: limit,
            continuation: continuation
        )
    }

    /// All pages, each read by the same storage or, as after a crash, by one of its own.
    private func pages(
        _ format: ItemFormat,
        _ arguments: JSONObject,
        limit: Int? = nil,
        isCrashing: Bool
    ) async throws
        -> [ItemPage]
    {
        var storage = BucketItems(folders: ["b": folder + "/b"])
        var pages: [ItemPage] = []
        var next: String?
        repeat {
            if isCrashing { storage = BucketItems(folders: ["b": folder + "/b"]) }
            let page = try await storage.items(request(format, arguments, limit: limit, from: next))
            pages.append(page)
            next = page.continuation
        } while next != nil
        return pages
    }

    @Test(arguments: ItemStorageCompatTest.cases)
    func `Folders that stand for buckets keep the contract of items`(_ test: ItemStorageCompatTest) async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder + "/b", withIntermediateDirectories: true)
        try await test.run(BucketItems(folders: ["b": folder + "/b"]))
    }

    @Test("Pages join up, also after a crash and up to a limit", arguments: [false, true])
    func paging(isCrashing: Bool) async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let count = 2500
        try write((0..<count).map { "\($0)\n" }.joined(), to: "lines")
        try write("n\n" + (0..<count).map { "\($0)\n" }.joined(), to: "rows")
        try write("[" + (0..<count).map { "\($0)" }.joined(separator: ",") + "]", to: "array")
        let numbers = (0..<count).map { JSON.integer(Int64($0)) }
        let rows = (0..<count).map { JSON.object(["n": .string("\($0)")]) }
        for (kind, key, items) in [
            (ItemFormat.Kind.jsonLines, "lines", numbers), (.json, "array", numbers), (.csv, "rows", rows),
        ] {
            let arguments: JSONObject = ["Bucket": "b", "Key": .string(key)]
            let all = try await pages(ItemFormat(kind), arguments, isCrashing: isCrashing)
            #expect(all.map(\.items.count) == [1000, 1000, 500])
            #expect(all.flatMap(\.items).map(\.value) == items)
            for limit in [0, 1, 1000, 1001, 2500, 9999] {
                let some = try await pages(ItemFormat(kind), arguments, limit: limit, isCrashing: isCrashing)
                #expect(some.flatMap(\.items).map(\.value) == Array(items.prefix(limit)))
                #expect(some.count == max(1, (min(limit, count) + 999) / 1000))
            }
        }
    }

    @Test("A listing and the files of a manifest are read in pages, too")
    func listingAndManifest() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try write("\"b\",\"one\"\n", to: "1.csv")
        try write("\"b\",\"two\"\n\"b\",\"three\"\n", to: "2.csv")
        let manifest = """
            {"destinationBucket": "arn:aws:s3:::b", "fileSchema": "Bucket, Key", "files": [{"key": "1.csv"}, {"key": "2.csv"}]}
            """
        try write(manifest, to: "m.json")
        let listed = try await pages(ItemFormat(.manifest), ["Bucket": "b", "Key": "m.json"], isCrashing: false)
        #expect(listed.flatMap(\.items).map { $0.value["Key"] } == ["one", "two", "three"])
        let objects = try await pages(ItemFormat(.listing), ["Bucket": "b", "Prefix": "2"], isCrashing: false)
        #expect(objects.flatMap(\.items).map { $0.value["Key"] } == ["2.csv"])
    }

    @Test("The files of a listing and of a list of addresses are one after the other, each with its source")
    func files() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for number in 0..<1200 { try write("[\(number)]", to: "in-\(10_000 + number).json") }
        try write("s3://b/in-10007.json\ns3://b/in-10003.json\n", to: "m.csv")
        for isCrashing in [false, true] {
            let format = ItemFormat(.json, files: .listed)
            let all = try await pages(format, ["Bucket": "b", "Prefix": "in-"], isCrashing: isCrashing)
            #expect(all.map(\.items.count) == [1000, 200])
            let items = all.flatMap(\.items)
            #expect(items.map(\.value) == (0..<1200).map { .integer(Int64($0)) })
            #expect(items[1100].source == "s3://b/in-11100.json")
            let named = try await pages(
                ItemFormat(.json, files: .unloaded),
                ["Bucket": "b", "Key": "m.csv"],
                isCrashing: isCrashing
            )
            #expect(named.flatMap(\.items).map(\.value) == [7, 3])
            #expect(named.flatMap(\.items).map(\.source) == ["s3://b/in-10007.json", "s3://b/in-10003.json"])
        }
        let listed = try await pages(ItemFormat(.listing), ["Bucket": "b", "Prefix": "m"], isCrashing: false)
        #expect(listed.flatMap(\.items).map(\.source) == ["s3://b"])
    }

    @Test("Files with items may be gzip, also those of an inventory, and one that is damaged is refused")
    func gzip() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        // `printf '"b","one"\n"b","two"\n' | gzip -n`, by gzip 1.12.
        let bytes = Array(try #require(Data(base64Encoded: Self.inventory)))
        try write("", to: "rows.csv.gz")
        try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/b/rows.csv.gz"))
        try Data(bytes.dropLast(9)).write(to: URL(fileURLWithPath: "\(folder)/b/cut.csv.gz"))
        try write("x", to: "rows.jsonl.zstd")
        let manifest = """
            {"destinationBucket": "arn:aws:s3:::b", "fileSchema": "Bucket, Key", "files": [{"key": "rows.csv.gz"}]}
            """
        try write(manifest, to: "m.json")
        let rows = try await pages(ItemFormat(.manifest), ["Bucket": "b", "Key": "m.json"], isCrashing: false)
        #expect(rows.flatMap(\.items).map { $0.value["Key"] } == ["one", "two"])
        #expect(rows.flatMap(\.items).map(\.source) == ["s3://b/rows.csv.gz", "s3://b/rows.csv.gz"])
        for (key, words) in [
            ("cut.csv.gz", "the gzip data breaks off before its end: cut.csv.gz"),
            ("rows.jsonl.zstd", "Files with items may be compressed by gzip, and not by zstd: rows.jsonl.zstd"),
        ] {
            await #expect(throws: ItemReadingError(message: words)) {
                try await pages(ItemFormat(.csv), ["Bucket": "b", "Key": .string(key)], isCrashing: false)
            }
        }
    }

    private static let inventory = "H4sIAAAAAAAAA1NKUtJRys9LVeJSArFKyvOVuACAy6HZFAAAAA=="

    @Test("What cannot be read says why")
    func refusals() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try write("{\"a\": [\n" + String(repeating: " ", count: 17 << 20) + "]}", to: "large")
        for (format, key, message) in [
            (ItemFormat(.csv), "nothing", "The specified key does not exist: nothing"),
            (ItemFormat(.manifest), "large", "A manifest may have 16 MiB: large"),
            (
                ItemFormat(.json, itemsPointer: "/a"), "large",
                "A file with an ItemsPointer has 16 MiB at most: write JSON lines instead"
            ),
        ] {
            await #expect(throws: ItemReadingError(message: message)) {
                try await pages(format, ["Bucket": "b", "Key": .string(key)], isCrashing: false)
            }
        }
    }
}
