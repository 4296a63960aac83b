import Foundation
import IngotCore
import Testing

@testable import IngotLocal

@Suite("Taking files out of a folder")
struct FileSourceCleanerTests {
    private static func write(_ text: String, to path: String) throws {
        let folder = (path as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    private static func loaded(_ key: String, under root: String, id: Int64 = 1) async throws -> LoadedFile {
        let hash = try await ContentHasher().hash("\(root)/\(key)").hash.description
        return LoadedFile(id: id, key: key, version: hash, entityTag: nil)
    }

    private static func clean(_ file: LoadedFile, _ root: String, to target: String? = nil) async throws -> CleanedFile
    {
        try await FileSourceCleaner().clean([file], under: root, movingTo: target)[0].get()
    }

    /// Tries again as long as somebody writes the file: a program that another test starts has all files of this process
    /// open for a moment.
    private static func cleanOnceClosed(_ file: LoadedFile, _ root: String) async throws -> CleanedFile {
        for _ in 0..<600 {
            do {
                return try await clean(file, root)
            } catch let error as IngotError where error.code == .objectChangedWhileRead {
                try await Task.sleep(for: .milliseconds(50))
            }
        }
        return try await clean(file, root)
    }

    private static func names(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }

    @Test func `A file that somebody writes stays, under its own name`() async throws {
        try await withTemporaryFolder { root in
            try Self.write("one", to: "\(root)/a.csv")
            let file = try await Self.loaded("a.csv", under: root)
            let writer = try #require(FileHandle(forWritingAtPath: "\(root)/a.csv"))
            let error = await #expect(throws: IngotError.self) { try await Self.clean(file, root) }
            #expect(error?.code == .objectChangedWhileRead)
            #expect(try Self.names(in: root) == ["a.csv"])
            try writer.close()
            #expect(try await Self.cleanOnceClosed(file, root) == .deleted)
            #expect(try Self.names(in: root) == [])
            #expect(try await Self.clean(file, root) == .gone)
        }
    }

    @Test func `Another version of the same size and time stays`() async throws {
        try await withTemporaryFolder { root in
            let path = "\(root)/a.csv"
            try Self.write("one", to: path)
            let file = try await Self.loaded("a.csv", under: root)
            let times = try FileManager.default.attributesOfItem(atPath: path)
            try Self.write("two", to: path)
            try FileManager.default.setAttributes(
                [.modificationDate: try #require(times[.modificationDate])],
                ofItemAtPath: path
            )
            #expect(try await Self.clean(file, root) == .kept("another version has its name"))
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "two")
        }
    }

    @Test func `Links are never followed, and nothing outside the folder is touched`() async throws {
        try await withTemporaryFolder { folder in
            let (root, outside) = ("\(folder)/in", "\(folder)/out")
            try Self.write("one", to: "\(outside)/a.csv")
            try Self.write("two", to: "\(root)/real.csv")
            let version = try await Self.loaded("a.csv", under: outside).version
            let own = try await Self.loaded("real.csv", under: root).version
            try FileManager.default.createSymbolicLink(atPath: "\(root)/dir", withDestinationPath: outside)
            try FileManager.default.createSymbolicLink(atPath: "\(root)/a.csv", withDestinationPath: "\(outside)/a.csv")
            try FileManager.default.createSymbolicLink(atPath: "\(root)/l.csv", withDestinationPath: "real.csv")
            let through = LoadedFile(id: 1, key: "dir/a.csv", version: version, entityTag: nil)
            await #expect(throws: IngotError.self) { try await Self.clean(through, root) }
            for (key, version) in [("a.csv", version), ("l.csv", own)] {
                let link = LoadedFile(id: 2, key: key, version: version, entityTag: nil)
                guard case .kept = try await Self.clean(link, root) else {
                    Issue.record("\(key) was taken away")
                    continue
                }
            }
            for key in ["../out/a.csv", "/a.csv", ".."] {
                let escape = LoadedFile(id: 3, key: key, version: version, entityTag: nil)
                await #expect(throws: IngotError.self) { try await Self.clean(escape, root) }
            }
            #expect(try Self.names(in: outside) == ["a.csv"])
            #expect(try Self.names(in: root) == ["a.csv", "dir", "l.csv", "real.csv"])
        }
    }

    @Test func `A file that is hidden and is not the version that was loaded gets its name back`() async throws {
        try await withTemporaryFolder { root in
            try Self.write("one", to: "\(root)/a.csv")
            let file = try await Self.loaded("a.csv", under: root)
            try Self.write("two", to: "\(root)/.ingot-clean-1-\(file.version.prefix(12))")
            try FileManager.default.removeItem(atPath: "\(root)/a.csv")
            #expect(try await Self.clean(file, root) == .kept("another version has its name"))
            #expect(try String(contentsOfFile: "\(root)/a.csv", encoding: .utf8) == "two")
            // Where a third version has the name by now, both stay.
            try Self.write("two", to: "\(root)/.ingot-clean-1-\(file.version.prefix(12))")
            await #expect(throws: IngotError.self) { try await Self.clean(file, root) }
            #expect(try Self.names(in: root).count == 2)
        }
    }

    @Test func `A move to another file system copies before it deletes`() async throws {
        let other = "/dev/shm/ingot-test-\(UUID().uuidString)"
        try await withTemporaryFolder { root in
            guard (try? FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)) != nil,
                try FileSystem.status(other, followsLink: true)?.fingerprint.device
                    != FileSystem.status(root, followsLink: true)?.fingerprint.device
            else { return print("SKIPPED: there is no second file system at /dev/shm") }
            defer { try? FileManager.default.removeItem(atPath: other) }
            try Self.write("one", to: "\(root)/x/a.csv")
            let file = try await Self.loaded("x/a.csv", under: root)
            #expect(try await Self.clean(file, root, to: other) == .moved(to: "\(other)/x/a.csv"))
            #expect(try String(contentsOfFile: "\(other)/x/a.csv", encoding: .utf8) == "one")
            #expect(try Self.names(in: "\(root)/x") == [])
        }
    }

    @Test func `A file that cannot be moved has its name again`() async throws {
        try await withTemporaryFolder { folder in
            let root = "\(folder)/in"
            try Self.write("one", to: "\(root)/a.csv")
            try Self.write("a file where the folder should be", to: "\(folder)/target")
            let file = try await Self.loaded("a.csv", under: root)
            await #expect(throws: IngotError.self) { try await Self.clean(file, root, to: "\(folder)/target") }
            #expect(try Self.names(in: root) == ["a.csv"])
        }
    }

    /// Whatever a writer has put under the name is either what was loaded, or still there in the end.
    @Test func `Of versions that replace each other while files are taken away, none is lost`() async throws {
        try await withTemporaryFolder { root in
            let path = "\(root)/a.csv"
            try Self.write("0", to: path)
            let first = try await Self.loaded("a.csv", under: root)
            for round in 1...60 {
                let newer = "\(round)"
                try Self.write("0", to: path)
                async let cleaned = try? Self.clean(first, root)
                try await Task.sleep(for: .microseconds(40 * round))
                try Self.write(newer, to: "\(root)/.new")
                #expect(rename("\(root)/.new", path) == 0)
                _ = await cleaned
                _ = try? await Self.clean(first, root)
                #expect(try String(contentsOfFile: path, encoding: .utf8) == newer)
                #expect(try Self.names(in: root) == ["a.csv"])
            }
        }
    }
}
