import Foundation
import IngotCore
import IngotTesting
import Testing

@testable import IngotLocal

/// The adapters of files keep the contracts of their ports.
@Suite("Contracts of files", .timeLimit(.minutes(30)))
struct FileContractTests {
    @Test(arguments: LakeStorageCompatTest.cases)
    func `A lake in a folder keeps the contract`(_ test: LakeStorageCompatTest) async throws {
        try await withTemporaryFolder { try await test.run(FileLakeStorage(root: $0 + "/lake")) }
    }

    @Test(arguments: BronzeStoreCompatTest.cases)
    func `Bronze in a folder keeps the contract`(_ test: BronzeStoreCompatTest) async throws {
        try await withTemporaryFolder { folder in
            try await test.run(FileBronzeStore(root: folder + "/bronze")) { key, bytes in
                let path = try Self.write(bytes, to: "\(folder)/landing/\(key)")
                return SourceFile(key: key, location: path, entityTag: "", size: Int64(bytes.count), modified: 0)
            }
        }
    }

    @Test(arguments: ArrivalSourceCompatTest.cases)
    func `A folder that files arrive in keeps the contract`(_ test: ArrivalSourceCompatTest) async throws {
        try await withTemporaryFolder { folder in
            let root = folder + "/landing"
            try await test.run(FileArrivalSource(), root: root) { key, bytes in
                _ = try Self.write(bytes, to: "\(root)/\(key)")
            }
        }
    }

    @Test(arguments: SourceCleanerCompatTest.cases)
    func `A folder that files are taken out of keeps the contract`(_ test: SourceCleanerCompatTest) async throws {
        try await withTemporaryFolder { folder in
            let root = folder + "/landing"
            let bytes = { @Sendable (path: String) in FileManager.default.contents(atPath: path).map { [UInt8]($0) } }
            let place = SourceCleanerCompatTest.Place(
                root: root,
                destination: folder + "/archive",
                write: { key, bytes in
                    let path = try Self.write(bytes, to: "\(root)/\(key)")
                    return try await ContentHasher().hash(path).hash.description
                },
                bytes: { bytes("\(root)/\($0)") },
                moved: { bytes($0) }
            )
            try await test.run(FileSourceCleaner(), in: place)
        }
    }

    #if os(Linux)
    @Test(arguments: ArrivalWatcherCompatTest.cases)
    func `A folder that is watched keeps the contract`(_ test: ArrivalWatcherCompatTest) async throws {
        try await withTemporaryFolder { folder in
            let root = folder + "/landing"
            try await test.run(FileArrivalWatcher(), root: root) { key, bytes in
                _ = try Self.write(bytes, to: "\(root)/\(key)")
            }
        }
    }
    #endif

    @Test(arguments: LineageDestinationCompatTest.cases)
    func `A file that events of lineage go to keeps the contract`(_ test: LineageDestinationCompatTest) async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/deep/lineage.jsonl"
            try await test.run(FileLineageDestination(path: { path }, pool: .files)) {
                let data = FileManager.default.contents(atPath: path) ?? Data()
                return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
            }
        }
    }

    private static func write(_ bytes: [UInt8], to path: String) throws -> String {
        let url = URL(filePath: path)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
        return path
    }
}
