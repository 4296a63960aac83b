import Foundation
import IngotCore
import IngotEngine
import JSONTree
import Testing

@testable import IngotLocal
@testable import StatesLanguage

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
