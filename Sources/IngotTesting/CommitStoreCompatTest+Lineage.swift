import IngotCore
import Testing

extension CommitStoreCompatTest {
    private static func start(_ id: String) -> LineageStart {
        LineageStart(runID: id, owner: LeaseOwner(host: "h", process: 7, start: "s"), text: "start of \(id)")
    }

    static let lineage: [CommitStoreCompatTest] = [
        CommitStoreCompatTest("a run's beginning and end are told once, in their order") { store in
            try await store.begin(run("r1", .running), lineage: start("r1"))
            #expect(try await store.openLineage() == [start("r1")])
            try await store.commit(BatchCommit(pointers: [], run: run("r1"), lineage: "end of r1"))
            try await store.fail(run("r1", .failed), lineage: "second end of r1")
            try await store.endLineage(of: "r1", with: "third end of r1")
            #expect(try await store.openLineage() == [])
            let events = try await store.lineageEvents(limit: 10)
            #expect(events.map(\.text) == ["start of r1", "end of r1"])
            #expect(try await store.lineageEvents(limit: 1).map(\.text) == ["start of r1"])
            try await store.removeLineageEvents([events[0].id])
            #expect(try await store.lineageEvents(limit: 10).map(\.text) == ["end of r1"])
        },
        CommitStoreCompatTest("a commit that is refused tells nothing") { store in
            try await store.begin(run("r1", .running), lineage: start("r1"))
            await #expect(throws: IngotError.self) {
                try await store.commit(
                    BatchCommit(pointers: [swap("elsewhere", "x")], run: run("r1"), lineage: "end of r1")
                )
            }
            #expect(try await store.lineageEvents(limit: 10).map(\.text) == ["start of r1"])
            #expect(try await store.openLineage().map(\.runID) == ["r1"])
            try await store.fail(run("r1", .failed), lineage: "failure of r1")
            #expect(try await store.lineageEvents(limit: 10).map(\.text) == ["start of r1", "failure of r1"])
        },
        CommitStoreCompatTest("the end of a run of which nobody was told is told to nobody") { store in
            try await store.begin(run("r1", .running))
            try await store.commit(BatchCommit(pointers: [], run: run("r1"), lineage: "end of r1"))
            #expect(try await store.lineageEvents(limit: 10) == [])
        },
        CommitStoreCompatTest("the oldest events make room") { store in
            for id in ["r1", "r2", "r3"] { try await store.begin(run(id, .running), lineage: start(id)) }
            #expect(try await store.trimLineageEvents(to: 3) == 0)
            #expect(try await store.trimLineageEvents(to: 2) == 1)
            #expect(try await store.lineageEvents(limit: 10).map(\.text) == ["start of r2", "start of r3"])
        },
    ]
}
