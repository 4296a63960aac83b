import Foundation
import IngotLocal
import Testing

/// Staging folders are their process's for as long as that uses them, and nobody's after it.
@Suite("Staging folders", .timeLimit(.minutes(30)))
struct StagingFolderTests {
    private static func names(in root: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root + "/.staging").sorted()
    }

    @Test func `A folder in use stays, one whose maker is gone goes`() async throws {
        try await withTemporaryFolder { root in
            let other = FileLakeStorage(root: root)
            do {
                let maker = FileLakeStorage(root: root)
                let folder = try await maker.makeStagingFolder("a")
                try Data("rows".utf8).write(to: URL(filePath: folder + "/part.parquet"))
                _ = try await maker.makeStagingFolder("b")
                try await maker.removeStagingFolder("b")
                try await other.removeAbandonedStagingFolders()
                try await maker.removeAbandonedStagingFolders()
                #expect(try Self.names(in: root) == ["a"])
            }
            try await other.removeAbandonedStagingFolders()
            #expect(try Self.names(in: root) == [])
        }
    }

    @Test func `There need not be any`() async throws {
        try await withTemporaryFolder { root in
            try await FileLakeStorage(root: root + "/none").removeAbandonedStagingFolders()
        }
    }

    @Test func `Making folders and clearing up at the same time lose no folder in use`() async throws {
        try await withTemporaryFolder { root in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<4 {
                    group.addTask {
                        let storage = FileLakeStorage(root: root)
                        for round in 0..<50 {
                            let folder = try await storage.makeStagingFolder("load-\(number)")
                            try Data("\(round)".utf8).write(to: URL(filePath: folder + "/part"))
                            try await storage.removeAbandonedStagingFolders()
                            let kept = try String(contentsOfFile: folder + "/part", encoding: .utf8)
                            #expect(kept == "\(round)")
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }
}
