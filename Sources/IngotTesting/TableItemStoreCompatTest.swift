public import IngotCore
public import Testing

/// What every ``TableItemStore`` must keep.
///
/// An adapter runs each case over a store of its own that is empty.
public struct TableItemStoreCompatTest: Sendable, CustomTestStringConvertible {
    private struct Refusal: Error {}

    /// What the case shows.
    public let name: String
    private let body: @Sendable (any TableItemStore) async throws -> Void

    init(_ name: String, _ body: @escaping @Sendable (any TableItemStore) async throws -> Void) {
        self.name = name
        self.body = body
    }

    /// Runs the case over an empty store, recording issues with Swift Testing.
    public func run(_ store: some TableItemStore) async throws {
        try await body(store)
    }

    /// What the case shows.
    public var testDescription: String { name }

    /// Every case.
    public static let cases = [
        TableItemStoreCompatTest("An item is kept, replaced and removed by its table and key") { store in
            try await store.changeItem("a", of: "t") { old in
                #expect(old == nil)
                return "1"
            }
            #expect(try await store.item("a", of: "t") == "1")
            #expect(try await store.item("a", of: "other") == nil)
            #expect(try await store.item("b", of: "t") == nil)
            try await store.changeItem("a", of: "t") { old in
                #expect(old == "1")
                return "2"
            }
            #expect(try await store.item("a", of: "t") == "2")
            try await store.changeItem("a", of: "t") { _ in nil }
            #expect(try await store.item("a", of: "t") == nil)
            try await store.changeItem("a", of: "t") { _ in nil }
        },
        TableItemStoreCompatTest("Two ways to write one letter are two keys and two texts") { store in
            let (composed, marked) = ("\u{E9}", "e\u{301}")
            try await store.changeItem(composed, of: "t") { _ in composed }
            #expect(try await store.item(marked, of: "t") == nil)
            try await store.changeItem(composed, of: "t") { _ in marked }
            let kept = try #require(try await store.item(composed, of: "t"))
            #expect(Array(kept.utf8) == Array(marked.utf8))
        },
        TableItemStoreCompatTest("A change that is refused changes nothing") { store in
            try await store.changeItem("a", of: "t") { _ in "1" }
            await #expect(throws: Refusal.self) {
                try await store.changeItem("a", of: "t") { _ in throw Refusal() }
            }
            #expect(try await store.item("a", of: "t") == "1")
        },
        TableItemStoreCompatTest("Of changes at once none is lost") { store in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<50 {
                    group.addTask {
                        try await store.changeItem("n", of: "t") { old in "\((old.flatMap { Int($0) } ?? 0) + 1)" }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await store.item("n", of: "t") == "50")
        },
    ]
}
