import Foundation
import IngotCore
import IngotLocal
import Testing

@Suite struct FileBronzeStoreTests {
    private static let date = "2026-01-31"

    private static func files(in folder: String, count: Int) throws -> [SourceFile] {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return try (0..<count).map { number in
            let path = "\(folder)/\(number).csv"
            try Data("id\n\(number)\n".utf8).write(to: URL(filePath: path))
            return SourceFile(key: "deep/er/\(number).csv", location: path, entityTag: "", size: 0, modified: 0)
        }
    }

    @Test(arguments: 1...5)
    func `Stores that keep the same objects at once all have them, each once`(round: Int) async throws {
        try await withTemporaryFolder { folder in
            let files = try Self.files(in: folder + "/landing", count: 20)
            let kept = try await withThrowingTaskGroup { group in
                for _ in 0..<8 {
                    // As processes do: with threads of their own, and folders that nobody has made yet.
                    let store = FileBronzeStore(root: folder + "/bronze", pool: BlockingPool(name: "test", threads: 2))
                    group.addTask {
                        try await store.keep(files, source: "things", date: Self.date).map { try $0.get() }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(kept.count == 8)
            #expect(Set(kept.map { $0.map(\.location) }).count == 1)
            #expect(Set(kept.map { $0.map(\.version) }).count == 1)
            for (file, object) in zip(files, kept[0]) {
                #expect(
                    try Data(contentsOf: URL(filePath: object.location))
                        == Data(contentsOf: URL(filePath: file.location))
                )
            }
            let names = try FileManager.default.subpathsOfDirectory(atPath: folder + "/bronze")
            #expect(names.filter { $0.hasSuffix(".csv") }.count == files.count, "\(names)")
        }
    }

    @Test func `Another state of a key is another file, and the first stays as it is`() async throws {
        try await withTemporaryFolder { folder in
            let store = FileBronzeStore(root: folder + "/bronze")
            let files = try Self.files(in: folder + "/landing", count: 1)
            let first = try await store.keep(files, source: "things", date: Self.date)[0].get()
            try Data("id\nother\n".utf8).write(to: URL(filePath: files[0].location))
            let second = try await store.keep(files, source: "things", date: Self.date)[0].get()
            #expect(first.location != second.location)
            #expect(try String(contentsOfFile: first.location, encoding: .utf8) == "id\n0\n")
            #expect(try String(contentsOfFile: second.location, encoding: .utf8) == "id\nother\n")
        }
    }

    /// As long as file systems allow: in one piece, of many bytes a character, with an ending that is long itself, and
    /// with characters that bronze writes as three.
    @Test(arguments: [
        String(repeating: "x", count: 251) + ".csv", String(repeating: "é", count: 125) + ".csv",
        "a." + String(repeating: "y", count: 253), String(repeating: "=", count: 248) + ".csv.gz",
    ])
    func `A name as long as file systems allow is kept, and two versions of it apart`(name: String) async throws {
        try await withTemporaryFolder { folder in
            let store = FileBronzeStore(root: folder + "/bronze")
            var locations: [String] = []
            for text in ["1", "2"] {
                let path = "\(folder)/\(name)"
                try Data(text.utf8).write(to: URL(filePath: path))
                let file = SourceFile(key: "sub/\(name)", location: path, entityTag: "", size: 1, modified: 0)
                let kept = try await store.keep([file], source: "things", date: Self.date)
                locations.append(try #require(try kept.first?.get()).location)
            }
            #expect(Set(locations).count == 2)
            #expect(try locations.map { try String(contentsOfFile: $0, encoding: .utf8) } == ["1", "2"])
            if name.hasSuffix(".gz") { #expect(locations.allSatisfy { $0.hasSuffix(".csv.gz") }) }
        }
    }
}
