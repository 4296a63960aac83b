import IngotCore
import IngotTesting
import Testing

@Suite struct InMemoryStateTests {
    @Test(arguments: TablePointerStoreCompatTest.cases)
    func `The state in memory keeps the contract of pointers`(_ test: TablePointerStoreCompatTest) async throws {
        try await test.run(InMemoryState())
    }

    @Test(arguments: LedgerCompatTest.cases)
    func `The state in memory keeps the contract of the ledger`(_ test: LedgerCompatTest) async throws {
        try await test.run(InMemoryState())
    }

    @Test(arguments: CommitStoreCompatTest.cases)
    func `The state in memory keeps the contract of commits`(_ test: CommitStoreCompatTest) async throws {
        try await test.run(InMemoryState())
    }

    @Test(arguments: MessageQueueCompatTest.cases)
    func `The state in memory keeps the contract of queues`(_ test: MessageQueueCompatTest) async throws {
        try await test.run(InMemoryState())
    }

    @Test(arguments: TableItemStoreCompatTest.cases)
    func `Items of tables in memory keep the contract`(_ test: TableItemStoreCompatTest) async throws {
        try await test.run(InMemoryTableItems())
    }

    @Test(arguments: ExecutionStoreCompatTest.cases)
    func `Executions in memory keep the contract of executions`(_ test: ExecutionStoreCompatTest) async throws {
        try await test.run(InMemoryExecutions())
    }
}
