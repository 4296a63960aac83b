import IngotCore
import IngotTesting
import Testing

@Suite struct InMemoryObjectStoreTests {
    @Test(arguments: ObjectStoreCompatTest.cases)
    func `The store in memory keeps the contract`(_ test: ObjectStoreCompatTest) async throws {
        try await test.run(InMemoryObjectStore(pageSize: 100))
    }
}
