import IngotCore
import Testing

extension ExecutionStoreCompatTest {
    private static func end(_ execution: StoredExecution, at time: Int64, _ store: any ExecutionStore) async throws {
        var progress = ExecutionProgress()
        progress.events = ["{\"id\":1}"]
        progress.ending = .init(status: .failed, time: time, output: nil, error: nil, cause: nil)
        let lease = try await lease(execution.id, store)
        try await store.append(progress, lease: lease)
        try await store.release(lease)
    }

    private static func names(_ store: any ExecutionStore) async throws -> [String] {
        try await store.executions(matching: ExecutionFilter()).map(\.name)
    }

    static let removing = [
        ExecutionStoreCompatTest("What ended before a time is forgotten, the oldest first, and its name is free") {
            store in
            var made: [StoredExecution] = []
            for (index, name) in ["a", "b", "c", "d"].enumerated() {
                made.append(try await store.create(start(name)))
                if name != "d" { try await end(made[index], at: Int64(10 * (index + 1)), store) }
            }
            #expect(try await store.removeExecutions(endedBefore: 10, limit: 9) == 0)
            #expect(try await store.removeExecutions(endedBefore: 30, limit: 1) == 1)
            #expect(try await names(store) == ["d", "c", "b"])
            #expect(try await store.removeExecutions(endedBefore: .max, limit: 9) == 2)
            #expect(try await names(store) == ["d"])
            #expect(try await store.execution(id: made[0].id) == nil)
            #expect(try await store.journal(of: made[0].id, after: 0, limit: 9).isEmpty)
            #expect(try await store.history(of: made[0].id, after: 0, limit: 9).isEmpty)
            #expect(try await store.definition(of: made[0].id) == nil)
            #expect(try await store.definition(of: made[3].id) != nil)
            // A number means one execution for ever.
            let again = try await store.create(start("a"))
            #expect(again.id > made[3].id && again.status == .running)
        },
        ExecutionStoreCompatTest("What a task started stays while an execution runs that began before it") { store in
            func child(_ name: String) async throws -> StoredExecution {
                var child = start(name)
                child.parent = "token of \(name)"
                return try await store.create(child)
            }
            let early = try await child("early")
            let parent = try await store.create(start("parent"))
            let late = try await child("late")
            for execution in [early, late] { try await end(execution, at: 5, store) }
            #expect(try await store.removeExecutions(endedBefore: 6, limit: 9) == 1)
            #expect(try await names(store) == ["late", "parent"])
            try await end(parent, at: 7, store)
            #expect(try await store.removeExecutions(endedBefore: 6, limit: 9) == 1)
            #expect(try await names(store) == ["parent"])
        },
    ]
}
