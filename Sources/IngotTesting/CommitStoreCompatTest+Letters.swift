import IngotCore
import Testing

extension CommitStoreCompatTest {
    static let letters: [CommitStoreCompatTest] = [
        CommitStoreCompatTest("dead letters that are void end with the commit, and only with it") { store in
            let batch = try await batch(store)
            let sent = ["a", "b"].flatMap { group in ["x", "y"].map { OutgoingMessage(group: group, body: $0) } }
            let request = ReceiveRequest(limit: 9, visibility: 100, receivesMax: 3, receiver: LedgerCompatTest.owner)
            for queue in ["q", "r"] {
                try await store.send(sent, to: queue, now: 0)
                for _ in 0..<2 {
                    let received = try await store.receive(from: queue, request, now: 0)
                    let failures = received.map { MessageFailure($0.receipt, error: "bad", fate: .bury) }
                    try await store.giveBack(failures, now: 1)
                }
            }
            var done = commit(batch, [swap("9", "1")])
            done.voidLetters = [
                VoidLetters(queue: "q", groups: ["a", "none"], body: "x"),
                VoidLetters(queue: "q", groups: [], body: "y"),
            ]
            await expectError(.tableChanged) { try await store.commit(done) }
            #expect(try await store.depth(of: "q", now: 1).dead == 4)
            done.pointers = [swap(nil, "1")]
            try await store.commit(done)
            let left = try await store.deadLetters(of: "q", after: nil, limit: 9).map { $0.group + $0.body }
            #expect(Set(left) == ["ay", "bx", "by"] && left.count == 3)
            #expect(try await store.depth(of: "r", now: 1).dead == 4)
        }
    ]
}
