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
}
