import Crypto
import Foundation
import IngotCore
import IngotLocal
import Testing

@Suite struct FilesContentHasherTests {
    private func write(_ bytes: some Sequence<UInt8>, to path: String) throws {
        try Data(bytes).write(to: URL(filePath: path))
    }

    @Test func `Hashes are SHA-256, as its standard has it`() async throws {
        try await withTemporaryFolder { folder in
            try write([], to: folder + "/empty")
            try write("abc".utf8, to: folder + "/abc")
            try write(repeatElement(UInt8(ascii: "a"), count: 1_000_000), to: folder + "/million")
            let outcomes = try await ContentHasher().hash(
                ["empty", "abc", "million", "none"].map { "\(folder)/\($0)" }
            )
            // The examples of FIPS 180-2, appendix B.
            let expected = [
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
            ]
            #expect(try outcomes.prefix(3).map { try $0.get().hash.description } == expected)
            #expect(ContentHash(expected[1])?.description == expected[1])
            #expect(try outcomes[2].get().fingerprint.size == 1_000_000)
            await expect(.notFound) { try outcomes[3].get() }
        }
    }

    @Test(arguments: [0, 1, 1_048_575, 1_048_576, 1_048_577, 5_000_000])
    func `A copy has the bytes of its source, and the hash is theirs`(_ size: Int) async throws {
        try await withTemporaryFolder { folder in
            var bytes = Data(count: size)
            for index in stride(from: 0, to: size, by: 997) { bytes[index] = UInt8(truncatingIfNeeded: index / 997) }
            try bytes.write(to: URL(filePath: folder + "/source"))
            let target = folder + "/new/folder/copy"
            let copied = try await ContentHasher().copyExactBytes(from: folder + "/source", to: target)
            #expect(try Data(contentsOf: URL(filePath: target)) == bytes)
            #expect(copied.hash.description == SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined())
            #expect(copied.source.size == size)
            #expect(copied.source == (try await ContentHasher().hash(folder + "/source").fingerprint))
            #expect(copied.copy == (try await ContentHasher().hash(target).fingerprint))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/new/folder") == ["copy"])
        }
    }

    @Test func `Of many files those that cannot be copied do not stop the others`() async throws {
        try await withTemporaryFolder { folder in
            let names = (0..<100).map { "f\($0)" }
            for name in names where name != "f50" { try write(name.utf8, to: "\(folder)/\(name)") }
            let transfers = names.map { ContentHasher.Transfer(from: "\(folder)/\($0)", to: "\(folder)/to/\($0)") }
            let outcomes = try await ContentHasher().copyExactBytes(transfers)
            #expect(outcomes.count == 100)
            for (name, outcome) in zip(names, outcomes) {
                guard name != "f50" else {
                    await expect(.notFound) { try outcome.get() }
                    continue
                }
                #expect(try outcome.get().hash == ContentHash(bytes: SHA256.hash(data: Data(name.utf8))))
                #expect(try Data(contentsOf: URL(filePath: "\(folder)/to/\(name)")) == Data(name.utf8))
            }
        }
    }

    @Test func `A copy can be named by the hash of its bytes`() async throws {
        try await withTemporaryFolder { folder in
            try write("abc".utf8, to: folder + "/source")
            let transfer = ContentHasher.Transfer(from: folder + "/source", to: folder + "/to/copy")
            let outcomes = try await ContentHasher().copyExactBytes([transfer]) { transfer, hash in
                "\(transfer.target)-\(hash.description.prefix(8))"
            }
            #expect(try outcomes[0].get().path == folder + "/to/copy-ba7816bf")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/to") == ["copy-ba7816bf"])
        }
    }

    @Test func `A source that changes while it is copied is noticed, and no copy appears`() async throws {
        try await withTemporaryFolder { folder in
            let source = folder + "/source"
            try write([], to: source)
            let handle = try #require(FileHandle(forWritingAtPath: source))
            try handle.truncate(atOffset: 128 << 20)
            try await Task.sleep(for: .milliseconds(50))
            // A thread of its own, since a busy machine may leave a task no turn before the copy ends. The temporary
            // file shows that reading has begun.
            let isDone = Shared(false)
            let writer = Thread {
                while !isDone.withLock({ $0 }) {
                    defer { Thread.sleep(forTimeInterval: 0.001) }
                    let copies = try? FileManager.default.contentsOfDirectory(atPath: folder + "/to")
                    guard copies?.isEmpty == false else { continue }
                    try? handle.seek(toOffset: 127 << 20)
                    try? handle.write(contentsOf: Data([1]))
                }
            }
            writer.start()
            defer { isDone.withLock { $0 = true } }
            await expect(.changedWhileRead) {
                try await ContentHasher().copyExactBytes(from: source, to: folder + "/to/copy")
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/to").isEmpty)
        }
    }

    @Test func `A hash of a file that is being written is of a state that it had, or an error`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/busy"
            try write([0], to: path)
            let isDone = Shared(false)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    let handle = try #require(FileHandle(forWritingAtPath: path))
                    var size = 1
                    while !isDone.withLock({ $0 }) {
                        // One write, so each state of the file is the numbers up to its size.
                        try handle.seek(toOffset: UInt64(size))
                        try handle.write(contentsOf: Data([UInt8(truncatingIfNeeded: size)]))
                        size += 1
                        try await Task.sleep(for: .milliseconds(size % 50))
                    }
                }
                for _ in 0..<10 {
                    do {
                        let hashed = try await ContentHasher().hash(path)
                        let state = (0..<hashed.fingerprint.size).map { UInt8(truncatingIfNeeded: $0) }
                        #expect(hashed.hash == ContentHash(bytes: SHA256.hash(data: state)))
                    } catch let error as ObjectStoreError {
                        #expect(error.kind == .changedWhileRead)
                        #expect(error.isRetryable)
                    }
                }
                isDone.withLock { $0 = true }
                try await group.waitForAll()
            }
        }
    }

    @Test func `A source that is replaced or renamed away by name alone does not spoil a hash`() async throws {
        try await withTemporaryFolder { folder in
            try write("old".utf8, to: folder + "/a")
            try write("new".utf8, to: folder + "/b")
            let before = try await ContentHasher().hash(folder + "/a")
            try FileManager.default.removeItem(atPath: folder + "/a")
            try FileManager.default.moveItem(atPath: folder + "/b", toPath: folder + "/a")
            let after = try await ContentHasher().hash(folder + "/a")
            #expect(before.hash != after.hash)
            #expect(before.fingerprint.entityTag != after.fingerprint.entityTag)
        }
    }

    @Test func `A fingerprint tells a file from a rewrite of it with the same size and time`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/file"
            try write("one".utf8, to: path)
            let time = Date(timeIntervalSince1970: 1_700_000_000)
            try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: path)
            let first = try await ContentHasher().hash(path)
            let handle = try #require(FileHandle(forWritingAtPath: path))
            try handle.write(contentsOf: Data("two".utf8))
            try handle.close()
            try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: path)
            let second = try await ContentHasher().hash(path)
            #expect(first.fingerprint.modified == second.fingerprint.modified)
            #expect(first.fingerprint.modified == 1_700_000_000_000_000_000)
            #expect(first.fingerprint.inode == second.fingerprint.inode)
            #expect(first.fingerprint.entityTag != second.fingerprint.entityTag)
        }
    }

    @Test func `A copy that is cancelled leaves nothing`() async throws {
        try await withTemporaryFolder { folder in
            let source = folder + "/source"
            try write([], to: source)
            let handle = try #require(FileHandle(forWritingAtPath: source))
            try handle.truncate(atOffset: 1 << 32)
            try handle.close()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    await #expect(throws: CancellationError.self) {
                        _ = try await ContentHasher().copyExactBytes(from: source, to: folder + "/to/copy")
                    }
                }
                try await Task.sleep(for: .milliseconds(100))
                group.cancelAll()
                try await group.waitForAll()
            }
            #expect((try? FileManager.default.contentsOfDirectory(atPath: folder + "/to")) ?? [] == [])
        }
    }
}
