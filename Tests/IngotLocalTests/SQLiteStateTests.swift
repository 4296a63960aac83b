import Foundation
import GRDB
import IngotCore
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

    @Test(arguments: MessageQueueCompatTest.cases)
    func `The state in SQLite keeps the contract of queues`(_ test: MessageQueueCompatTest) async throws {
    }

    @Test(arguments: StateBuilderCompatTest.cases)
    func `The state in SQLite keeps the contract of those that are filled`(_ test: StateBuilderCompatTest) async throws
    {
        try await withState { try await test.run($0) }
    }

    @Test(arguments: StartStoreCompatTest.cases)
    func `The state in SQLite keeps the contract of starts`(_ test: StartStoreCompatTest) async throws {
        try await withState { try await test.run($0) }
    }

    @Test(arguments: TableItemStoreCompatTest.cases)
    func `The state in SQLite keeps the contract of items of tables`(_ test: TableItemStoreCompatTest) async throws {
        try await withState { try await test.run($0) }
    }

    @Test(arguments: ExecutionStoreCompatTest.cases)
    func `The state in SQLite keeps the contract of executions`(_ test: ExecutionStoreCompatTest) async throws {
        try await withState { try await test.run($0) }
    }

    @Test func `A new state may be opened by many at once`() async throws {
        for _ in 0..<20 {
            try await withTemporaryFolder { folder in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<4 {
                        group.addTask { try SQLiteState(path: folder + "/.ingot/state.db").close() }
                    }
                    try await group.waitForAll()
                }
            }
        }
    }

    @Test func `A state that a newer version has changed is refused, and stays as it is`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/state.db"
            try SQLiteState(path: path).close()
            let database = try DatabaseQueue(path: path)
            // How a version with one more step leaves it.
            try await database.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('of the future')") }
            let error = #expect(throws: IngotError.self) { try SQLiteState(path: path) }
            #expect(error?.code == .stateNewer)
            #expect(error?.message.contains(path) == true)
            #expect(error?.hint == "install the newer version, or use another project folder")
            let steps = try await database.read { try String.fetchAll($0, sql: "SELECT * FROM grdb_migrations") }
            #expect(steps.contains("of the future"))
            try database.close()
        }
    }

    @Test func `What stands where the state's folder or database should be is named, with what to do`() async throws {
        try await withTemporaryFolder { folder in
            let file = folder + "/.ingot"
            try "not a folder".write(toFile: file, atomically: true, encoding: .utf8)
            let made = #expect(throws: IngotError.self) { try SQLiteState(path: file + "/state.db") }
            #expect(
                made?.description == """
                    error[ING0601]: the folder \(file) cannot be made
                      cause: a file stands where a folder is needed
                      try: move what is there away, or name another folder: state in ingot.yml
                    """
            )
            let other = folder + "/state/state.db"
            try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
            let opened = #expect(throws: IngotError.self) { try SQLiteState(path: other) }
            #expect(opened?.code == .stateUnusable)
            let advice = "let the user who runs Ingot read and write \(folder)/state and all"
            #expect(opened?.hint?.hasPrefix(advice) == true)
        }
    }

    private func withState(_ work: (SQLiteState) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let state = try SQLiteState(path: folder + "/state.db")
            try await work(state)
            try state.close()
        }
    }
}
