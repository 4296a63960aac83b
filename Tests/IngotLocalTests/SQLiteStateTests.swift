import IngotLocal
import IngotTesting
import Testing

@Suite struct SQLiteStateTests {
    @Test(arguments: TablePointerStoreCompatTest.cases)
    func `The state in SQLite keeps the contract of pointers`(_ test: TablePointerStoreCompatTest) async throws {
        try await withState { try await test.run($0) }
    }

    @Test(arguments: LedgerCompatTest.cases)
    func `The state in SQLite keeps the contract of the ledger`(_ test: LedgerCompatTest) async throws {
        try await withState { try await test.run($0) }
    }

    @Test(arguments: CommitStoreCompatTest.cases)
    func `The state in SQLite keeps the contract of commits`(_ test: CommitStoreCompatTest) async throws {
        try await withState { try await test.run($0) }
    }

    private func withState(_ work: (SQLiteState) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let state = try SQLiteState(path: folder + "/state.db")
            try await work(state)
            try state.close()
        }
    }
}
