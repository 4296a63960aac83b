import Foundation
import IngotCore
import Testing

@testable import IngotLocal

@Suite("Export and import of the state")
struct StateFileTests {
    /// A state with something in every kind of table.
    private static func fill(_ state: SQLiteState) async throws {
        let owner = LeaseOwner(host: "here", process: 1, start: "1")
        func arrival(_ key: String, _ version: String) -> Arrival {
            let object = ObjectVersion(source: "s", key: key, version: version)
            return Arrival(object: object, bronze: "/b/\(key)", entityTag: "t", size: 1, modified: 2, seen: 3)
        }
        _ = try await state.createNamespace("silver", properties: ["location": "/lake/silver"])
        try await state.register(["a", "b \"quoted\" \u{1F600}\n", "held"].map { arrival($0, "1") })
        let loaded = try #require(try await state.lease(source: "s", owner: owner, loadID: "l") { Array($0.prefix(2)) })
        let run = Run(
            id: "r",
            loadID: "l",
            kind: .ingest,
            name: "s",
            started: 1,
            ended: 2,
            sources: ["a"],
            targets: ["t"]
        )
        try await state.commit(
            BatchCommit(
                pointers: [PointerSwap(namespace: "silver", table: "s", expected: nil, replacement: "/m.json")],
                lease: loaded.lease,
                outcomes: loaded.entries.map {
                    BatchCommit.Outcome(id: $0.id, state: .loaded, counts: RowCounts(read: .max, silver: 1))
                },
                run: run,
                pending: [PendingChange(model: "m", input: "silver.s", extent: .key("[\"x\"]"))],
                garbage: [Garbage(location: "/old", after: 9)],
                cleanings: [loaded.entries[0].id: 7]
            )
        )
        _ = try await state.lease(source: "s", owner: owner, loadID: "dead") { $0 }
        let messages = ["a", "b"].map { OutgoingMessage(group: $0, body: "") }
        _ = try await state.send(messages, to: "s", now: 0)
        let request = ReceiveRequest(limit: 2, visibility: 1_000, receivesMax: 3, receiver: owner)
        let received = try await state.receive(from: "s", request, now: 1)
        try await state.giveBack([MessageFailure(received[0].receipt, error: "no", fate: .bury)], now: 2)
    }

    private static func export(_ path: String) async throws -> String {
        let state = try SQLiteState(path: path)
        let text = Shared("")
        _ = try await StateExport(state).write { piece in text.withLock { $0 += piece } }
        try state.close()
        return text.withLock { $0 }
    }

    private static func importing(_ text: String, into path: String, pieces: Int = 7) throws -> Int {
        var rest = Data(text.utf8)[...]
        return try StateImport(into: path).run {
            defer { rest = rest.dropFirst(pieces) }
            return Data(rest.prefix(pieces))
        }
    }

    @Test func `What is exported and imported is exported the same again, and nobody holds anything`() async throws {
        try await withTemporaryFolder { folder in
            let state = try SQLiteState(path: "\(folder)/one.db")
            try await Self.fill(state)
            let entries = try await state.entries(matching: LedgerFilter())
            try state.close()
            let text = try await Self.export("\(folder)/one.db")
            let count = try Self.importing(text, into: "\(folder)/two.db")
            #expect(count == text.split(separator: "\n").count - 2)
            #expect(try await Self.export("\(folder)/two.db") == text)
            let other = try SQLiteState(path: "\(folder)/two.db")
            var expected = entries
            expected[2].state = .seen
            #expect(try await other.entries(matching: LedgerFilter()) == expected)
            #expect(try await other.pointers() == ["silver": ["s": "/m.json"]])
            #expect(try await other.run(id: "r")?.sources == ["a"])
            #expect(try await other.deadLetters(of: "s", after: nil, limit: 5).map(\.group) == ["a"])
            #expect(try await other.depth(of: "s", now: 0).held == 0)
            let lease = try await other.lease(
                source: "s",
                owner: LeaseOwner(host: "there", process: 2, start: "2"),
                loadID: "next"
            ) { $0 }
            #expect(lease?.entries.map(\.object.key) == ["held"])
            try other.close()
        }
    }

    @Test func `A file that was cut off or changed is refused, wherever`() async throws {
        try await withTemporaryFolder { folder in
            let state = try SQLiteState(path: "\(folder)/one.db")
            try await Self.fill(state)
            try state.close()
            let text = try await Self.export("\(folder)/one.db")
            let lines = text.split(separator: "\n").map(String.init)
            var broken = (0..<lines.count).map { lines[..<$0].joined(separator: "\n") }
            broken += stride(from: 1, to: text.utf8.count - 1, by: 97).map {
                String(decoding: text.utf8.prefix($0), as: UTF8.self)
            }
            broken.append(lines.dropFirst().joined(separator: "\n"))
            broken.append(text + "{\"object\": {}}\n")
            broken.append(text.replacingOccurrences(of: "\"loaded\"", with: "[1]"))
            broken.append(text.replacingOccurrences(of: "{\"object\":", with: "{\"lease\":"))
            broken.append(text.replacingOccurrences(of: "\"bronze\":", with: "\"bronze) --\":"))
            broken.append((lines.dropLast() + [lines[5], lines[lines.count - 1]]).joined(separator: "\n"))
            for (number, text) in broken.enumerated() {
                let path = "\(folder)/broken-\(number).db"
                let error = #expect(throws: IngotError.self, "\(number)") {
                    try Self.importing(text, into: path, pieces: 4_096)
                }
                #expect(error?.code == .stateFileInvalid, "\(number): \(error?.description ?? "")")
            }
        }
    }

    @Test func `A file of another version is refused`() async throws {
        try await withTemporaryFolder { folder in
            try SQLiteState(path: "\(folder)/one.db").close()
            let text = try await Self.export("\(folder)/one.db")
            for (old, new) in [("\"ingot_state\":1", "\"ingot_state\":2"), ("\"1 ledger\"", "\"1 other\"")] {
                let other = text.replacingOccurrences(of: old, with: new)
                try #require(other != text)
                let error = #expect(throws: IngotError.self) {
                    try Self.importing(other, into: "\(folder)/\(new.count).db")
                }
                #expect(error?.code == .stateNewer)
            }
        }
    }

    @Test func `A file of an earlier version of the schema is brought up to date`() async throws {
        try await withTemporaryFolder { folder in
            let head = "{\"ingot_state\": 1, \"schema\": [\"1 ledger\", \"2 tables\", \"3 runs\"]}"
            let row = "{\"namespace\": {\"name\": \"silver\", \"properties\": \"{}\"}}"
            let text = "\(head)\n\(row)\n{\"end\": {\"rows\": 1}}\n"
            #expect(try Self.importing(text, into: "\(folder)/new.db") == 1)
            let state = try SQLiteState(path: "\(folder)/new.db")
            #expect(try await state.namespaces() == ["silver": [:]])
            #expect(try await state.modelStates().isEmpty)
            #expect(try !state.isEmpty)
            try state.close()
        }
    }
}
