import Foundation
import IngotCore
import IngotLocal
import IngotTesting
import Testing

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

    private static func write(_ bytes: [UInt8], to path: String) throws -> String {
        let url = URL(filePath: path)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
        return path
    }
}
