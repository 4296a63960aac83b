import Foundation
import IngotCore
import IngotLocal
import IngotTesting
import Testing

@Suite struct FilesObjectStoreTests {
    @Test(arguments: ObjectStoreCompatTest.cases)
    func `The store of files keeps the contract`(_ test: ObjectStoreCompatTest) async throws {
        try await withTemporaryFolder { folder in
            try await test.run(FileObjectStore(root: folder + "/store/of files", pageSize: 100))
        }
    }

    @Test(arguments: ObjectStoreCompatTest.cases)
    func `The store of files keeps the contract when it syncs later`(_ test: ObjectStoreCompatTest) async throws {
        try await withTemporaryFolder { folder in
            try await test.run(FileObjectStore(root: folder, durability: .onSync, pageSize: 100))
        }
    }

    @Test func `A link that leaves the store is refused, and a link inside it is the file`() async throws {
        try await withTemporaryFolder { folder in
            let files = FileManager.default
            let store = FileObjectStore(root: folder + "/store")
            try await store.put([1, 2], at: ObjectKey("real/file"))
            try files.createDirectory(atPath: folder + "/outside", withIntermediateDirectories: true)
            try Data([9]).write(to: URL(filePath: folder + "/outside/secret"))
            for (link, target) in [
                ("link", "real/file"), ("to-folder", "real"), ("escape", "../outside/secret"),
                ("escape-folder", folder + "/outside"), ("dangling", "nowhere"), ("loop", "loop"),
            ] {
                try files.createSymbolicLink(atPath: folder + "/store/" + link, withDestinationPath: target)
            }
            #expect(try await store.bytes(of: ObjectKey("link")) == [1, 2])
            #expect(try await store.head(ObjectKey("link")).size == 2)
            for key in ["escape", "escape-folder/secret", "dangling", "loop"] {
                await expect(.notAnObject) { try await store.get(ObjectKey(key)) }
                await expect(.notAnObject) { try await store.head(ObjectKey(key)) }
            }
            await expect(.notAnObject) { try await store.put([1], at: ObjectKey("escape-folder/new")) }
            await expect(.notAnObject) { try await store.put([1], at: ObjectKey("escape-folder/sub/new")) }
            await expect(.notAnObject) { try await store.delete(ObjectKey("escape-folder/secret")) }
            await expect(.notAnObject) { try await store.location(of: ObjectKey("escape-folder/secret")) }
            await expect(.notAnObject) { try await store.list(ObjectKey("escape-folder")).collect() }
            #expect(try files.contentsOfDirectory(atPath: folder + "/outside") == ["secret"])

            let listed = try await store.list().collect()
            #expect(listed.objects.map(\.key.path) == ["link", "real/file"])
            #expect(Set(listed.problems.map(\.kind)) == [.notAnObject])
            let places = listed.problems.map { String($0.place.split(separator: "/").last ?? "") }.sorted()
            #expect(places == ["dangling", "escape", "escape-folder", "loop", "to-folder"])
        }
    }

    @Test func `A put in place of a link replaces the link, not what it leads to`() async throws {
        try await withTemporaryFolder { folder in
            let store = FileObjectStore(root: folder + "/store")
            try await store.put([1], at: ObjectKey("a"))
            try Data([9]).write(to: URL(filePath: folder + "/secret"))
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/store/link",
                withDestinationPath: "../secret"
            )
            try await store.put([2], at: ObjectKey("link"))
            #expect(try await store.bytes(of: ObjectKey("link")) == [2])
            #expect(try Data(contentsOf: URL(filePath: folder + "/secret")) == Data([9]))
        }
    }

    @Test func `What is no file is reported, and never waited for`() async throws {
        try await withTemporaryFolder { folder in
            let store = FileObjectStore(root: folder)
            #expect(mkfifo(folder + "/pipe", 0o600) == 0)
            await expect(.notAnObject) { try await store.get(ObjectKey("pipe")) }
            await expect(.notAnObject) { try await store.head(ObjectKey("pipe")) }
            let listed = try await store.list().collect()
            #expect(listed.objects.isEmpty)
            #expect(listed.problems.map(\.kind) == [.notAnObject])
            await expect(.notAnObject) { try await ContentHasher().hash(folder + "/pipe") }
        }
    }

    @Test func `A name that is not UTF-8 is reported, and the others are listed`() async throws {
        try await withTemporaryFolder { folder in
            let store = FileObjectStore(root: folder)
            try await store.put([1], at: ObjectKey("good"))
            let path = Array(folder.utf8CString.dropLast()) + [0x2F, 0x62, CChar(bitPattern: 0xE9), 0x64, 0]
            let descriptor = open(path, O_CREAT | O_WRONLY, 0o600)
            try #require(descriptor >= 0, "this file system takes only UTF-8 names")
            close(descriptor)
            let listed = try await store.list().collect()
            #expect(listed.objects.map(\.key.path) == ["good"])
            #expect(listed.problems.map(\.kind) == [.invalidKey])
            #expect(listed.problems.first?.place.hasSuffix("/b\\xE9d") == true)
        }
    }

    @Test func `A path that is too long to be a key is reported`() async throws {
        try await withTemporaryFolder { folder in
            let store = FileObjectStore(root: folder)
            let deep = (0..<5).map { _ in String(repeating: "d", count: 240) }.joined(separator: "/")
            try FileManager.default.createDirectory(atPath: "\(folder)/\(deep)", withIntermediateDirectories: true)
            try Data().write(to: URL(filePath: "\(folder)/\(deep)/file"))
            try await store.put([1], at: ObjectKey("good"))
            let listed = try await store.list().collect()
            #expect(listed.objects.map(\.key.path) == ["good"])
            #expect(listed.problems.map(\.kind) == [.invalidKey])
            await expect(.invalidKey) {
                try await store.put([1], at: ObjectKey(String(repeating: "n", count: 300)))
            }
        }
    }

    @Test func `An object cannot be the folder of others, and the error says so`() async throws {
        try await withTemporaryFolder { folder in
            let store = FileObjectStore(root: folder)
            try await store.put([1], at: ObjectKey("a"))
            try await store.put([1], at: ObjectKey("folder/b"))
            for key in ["a/b", "a/b/c", "folder"] {
                await expect(.invalidKey) { try await store.put([2], at: ObjectKey(key)) }
            }
            for key in ["a/b", "a/b/c", "folder", "nothing/at/all"] {
                await expect(.notFound) { try await store.get(ObjectKey(key)) }
                await expect(.notFound) { try await store.head(ObjectKey(key)) }
                try await store.delete(ObjectKey(key))
            }
            #expect(try await store.list().collect().objects.map(\.key.path) == ["a", "folder/b"])
        }
    }

    @Test func `Interrupted writes are invisible, and are cleared away when they are old`() async throws {
        try await withTemporaryFolder { folder in
            let store = FileObjectStore(root: folder)
            try await store.put([1], at: ObjectKey("a/kept"))
            let left = folder + "/a/.ingot-tmp-1-1"
            try Data([1]).write(to: URL(filePath: left))
            #expect(try await store.list().collect().objects.map(\.key.path) == ["a/kept"])
            await expect(.invalidKey) { try await store.get(ObjectKey("a/.ingot-tmp-1-1")) }
            #expect(try await store.removeTemporaries(olderThan: .seconds(3600)) == 0)
            #expect(try await store.removeTemporaries(olderThan: .seconds(-10)) == 1)
            #expect(!FileManager.default.fileExists(atPath: left))
            #expect(try await store.bytes(of: ObjectKey("a/kept")) == [1])
        }
    }

    @Test func `A write leaves nothing beside the object`() async throws {
        try await withTemporaryFolder { folder in
            let store = FileObjectStore(root: folder)
            try await store.put([1], at: ObjectKey("a"), if: .ifAbsent)
            await expect(.preconditionFailed) { try await store.put([2], at: ObjectKey("a"), if: .ifAbsent) }
            await expect(.preconditionFailed) { try await store.put([2], at: ObjectKey("a"), if: .ifMatches("x")) }
            try await store.copy(ObjectKey("a"), to: ObjectKey("b"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["a", "b"])
        }
    }

    @Test func `A file that is written in place while it is read is noticed`() async throws {
        try await withTemporaryFolder { folder in
            let store = FileObjectStore(root: folder)
            let key = try ObjectKey("growing")
            try await store.put([UInt8](repeating: 1, count: 3 << 20), at: key)
            for change in 0..<2 {
                let content = try await store.get(key)
                let handle = try #require(FileHandle(forWritingAtPath: folder + "/growing"))
                defer { try? handle.close() }
                await expect(.changedWhileRead) {
                    var read = 0
                    for try await chunk in content.body {
                        if read == 0 {
                            try await Task.sleep(for: .milliseconds(30))
                            if change == 0 {
                                try handle.write(contentsOf: Data([7]))
                            } else {
                                try handle.truncate(atOffset: 5)
                            }
                        }
                        read += chunk.count
                    }
                    return read
                }
            }
        }
    }

    @Test func `A store whose folder is missing says so, and reads as empty below`() async throws {
        try await withTemporaryFolder { folder in
            let store = FileObjectStore(root: folder + "/missing")
            await expect(.notFound) { try await store.list().collect() }
            await expect(.notFound) { try await store.get(ObjectKey("a")) }
            try await store.delete(ObjectKey("a"))
            try await store.put([1], at: ObjectKey("a"))
            #expect(try await store.location(of: ObjectKey("a")) == folder + "/missing/a")
        }
    }

    @Test func `Syncing what is not there is an error, for few files and for many`() async throws {
        try await withTemporaryFolder { folder in
            let store = FileObjectStore(root: folder, durability: .onSync)
            let keys = try (0..<100).map { try ObjectKey("k\($0)") }
            for key in keys.dropLast() { try await store.put([1], at: key) }
            await expect(.notFound) { try await store.sync([keys[99]]) }
            await expect(.notFound) { try await store.sync(keys) }
            try await store.sync(Array(keys.dropLast()))
        }
    }
}
