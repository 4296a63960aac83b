public import IngotCore
public import Testing

/// What every ``TablePointerStore`` must keep.
///
/// An adapter runs each case over a store of its own that is empty:
///
/// ```swift
/// @Test(arguments: TablePointerStoreCompatTest.cases)
/// func `The store of Glue keeps the contract`(_ test: TablePointerStoreCompatTest) async throws {
///     try await withGlue { try await test.run(GlueTablePointerStore($0)) }
/// }
/// ```
public struct TablePointerStoreCompatTest: Sendable, CustomTestStringConvertible {
    /// A store that also tells which files wait to be deleted.
    public typealias Store = TablePointerStore & GarbageStore

    /// What the case shows.
    public let name: String
    private let body: @Sendable (any Store) async throws -> Void

    init(_ name: String, _ body: @escaping @Sendable (any Store) async throws -> Void) {
        self.name = name
        self.body = body
    }

    /// Every case.
    public static let cases: [TablePointerStoreCompatTest] = namespaces + pointers

    /// Runs the case over an empty store, recording issues with Swift Testing.
    public func run(_ store: some Store) async throws {
        try await body(store)
    }

    /// What the case shows.
    public var testDescription: String { name }
}

extension TablePointerStoreCompatTest {
    private static let namespaces: [TablePointerStoreCompatTest] = [
        TablePointerStoreCompatTest("a namespace is created once and keeps its properties") { store in
            let isNew = try await store.createNamespace("a", properties: ["k": "v"])
            #expect(isNew)
            #expect(try await store.createNamespace("a", properties: ["k": "other"]) == false)
            #expect(try await store.properties(ofNamespace: "a") == ["k": "v"])
            #expect(try await store.properties(ofNamespace: "b") == nil)
            #expect(try await store.namespaces() == ["a": ["k": "v"]])
        },
        TablePointerStoreCompatTest("properties are set and removed, and the others stay") { store in
            _ = try await store.createNamespace("a", properties: ["stays": "1", "goes": "2", "changes": "3"])
            #expect(
                try await store.updateNamespace("a", setting: ["changes": "4", "new": "5"], removing: ["goes", "x"])
            )
            #expect(try await store.properties(ofNamespace: "a") == ["stays": "1", "changes": "4", "new": "5"])
            #expect(try await store.updateNamespace("b", setting: [:], removing: []) == false)
        },
        TablePointerStoreCompatTest("properties that are set at once are all there") { store in
            _ = try await store.createNamespace("a", properties: [:])
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        _ = try await store.updateNamespace("a", setting: ["k\(number)": "v"], removing: [])
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await store.properties(ofNamespace: "a")?.count == 20)
        },
        TablePointerStoreCompatTest("a namespace within another needs that one, and keeps it from being dropped") {
            store in
            await expect(.namespaceMissing) { try await store.createNamespace("a\u{1F}b", properties: [:]) }
            _ = try await store.createNamespace("a", properties: [:])
            // A name that begins alike is no namespace within.
            _ = try await store.createNamespace("ab", properties: [:])
            #expect(try await store.createNamespace("a\u{1F}b", properties: [:]))
            await expect(.namespaceNotEmpty) { try await store.dropNamespace("a") }
            #expect(try await store.dropNamespace("a\u{1F}b"))
            #expect(try await store.dropNamespace("a"))
            #expect(try await store.dropNamespace("a") == false)
            #expect(try await store.namespaces().keys.sorted() == ["ab"])
        },
        TablePointerStoreCompatTest("a namespace with a table is not dropped") { store in
            _ = try await store.createNamespace("a", properties: [:])
            #expect(try await store.swap([swap("t", nil, "1")]))
            await expect(.namespaceNotEmpty) { try await store.dropNamespace("a") }
            #expect(try await store.drop(namespace: "a", table: "t") == "1")
            #expect(try await store.dropNamespace("a"))
        },
    ]

    private static let pointers: [TablePointerStoreCompatTest] = [
        TablePointerStoreCompatTest("all pointers are told at once, as swaps of several leave them") { store in
            for namespace in ["a", "b"] { _ = try await store.createNamespace(namespace, properties: [:]) }
            #expect(try await store.pointers().isEmpty)
            let names = [("a", "t"), ("a", "u"), ("b", "t")]
            func swap(_ expected: String?, _ replacement: String?) async throws {
                let swaps = names.map {
                    PointerSwap(namespace: $0.0, table: $0.1, expected: expected, replacement: replacement)
                }
                #expect(try await store.swap(swaps))
            }
            try await swap(nil, "0")
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for _ in 0..<50 {
                        let found = try await store.pointers().values.flatMap(\.values)
                        #expect(found.count == 3 && Set(found).count == 1, "\(found)")
                    }
                }
                for number in 0..<20 { try await swap("\(number)", "\(number + 1)") }
                try await group.waitForAll()
            }
            #expect(try await store.pointers() == ["a": ["t": "20", "u": "20"], "b": ["t": "20"]])
        },
        TablePointerStoreCompatTest("a pointer moves only from where it is expected") { store in
            _ = try await store.createNamespace("a", properties: [:])
            #expect(try await store.pointer(namespace: "a", table: "t") == nil)
            #expect(try await store.swap([swap("t", "0", "1")]) == false)
            #expect(try await store.swap([swap("t", nil, "1")]))
            #expect(try await store.swap([swap("t", nil, "2")]) == false)
            #expect(try await store.swap([swap("t", "0", "2")]) == false)
            #expect(try await store.swap([swap("t", "1", "2")]))
            #expect(try await store.pointer(namespace: "a", table: "t") == "2")
            #expect(try await store.swap([swap("t", "1", nil)]) == false)
            #expect(try await store.swap([swap("t", "2", nil)]))
            #expect(try await store.pointer(namespace: "a", table: "t") == nil)
        },
        TablePointerStoreCompatTest("a table in no namespace does not appear") { store in
            let isMoved = try await store.swap([swap("t", nil, "1")])
            #expect(!isMoved)
            #expect(try await store.pointer(namespace: "a", table: "t") == nil)
        },
        TablePointerStoreCompatTest("several pointers move all or none, and garbage with them") { store in
            _ = try await store.createNamespace("a", properties: [:])
            #expect(try await store.swap([swap("s", nil, "1"), swap("t", nil, "1")]))
            let garbage = [Garbage(location: "/old", after: 5)]
            #expect(try await store.swap([swap("s", "1", "2"), swap("t", "0", "2")], garbage: garbage) == false)
            #expect(try await store.pointer(namespace: "a", table: "s") == "1")
            #expect(try await store.garbage(before: .max, limit: 10).isEmpty)
            #expect(try await store.swap([swap("s", "1", "2"), swap("t", "1", nil)], garbage: garbage))
            #expect(try await store.tables(namespace: "a") == ["s"])
            #expect(try await store.garbage(before: 4, limit: 10).isEmpty)
            #expect(try await store.garbage(before: 5, limit: 10) == garbage)
            try await store.forget(garbage)
            #expect(try await store.garbage(before: .max, limit: 10).isEmpty)
        },
        TablePointerStoreCompatTest("of many that move one pointer from one place, one does") { store in
            _ = try await store.createNamespace("a", properties: [:])
            _ = try await store.swap([swap("t", nil, "0")])
            let winners = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 1...20 {
                    group.addTask { try await store.swap([swap("t", "0", "\(number)")]) }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(winners == 1)
        },
        TablePointerStoreCompatTest("a table is renamed into another namespace, but not over a table") { store in
            _ = try await store.createNamespace("a", properties: [:])
            _ = try await store.createNamespace("b", properties: [:])
            _ = try await store.swap([swap("t", nil, "1"), swap("u", nil, "2")])
            #expect(try await store.rename(from: ("a", "t"), to: ("a", "u")) == false)
            #expect(try await store.rename(from: ("a", "x"), to: ("b", "x")) == false)
            #expect(try await store.rename(from: ("a", "t"), to: ("c", "t")) == false)
            #expect(try await store.rename(from: ("a", "t"), to: ("b", "t")))
            #expect(try await store.pointer(namespace: "a", table: "t") == nil)
            #expect(try await store.pointer(namespace: "b", table: "t") == "1")
        },
        TablePointerStoreCompatTest("tables are listed in pages, in the order of their bytes") { store in
            _ = try await store.createNamespace("a", properties: [:])
            let names = ["Z", "a", "a b", "aa", "z", "\u{E9}", "\u{1F600}"]
            for name in names.reversed() { _ = try await store.swap([swap(name, nil, "1")]) }
            #expect(try await store.tables(namespace: "a") == names)
            #expect(try await store.tables(namespace: "a", after: "a", limit: 2) == ["a b", "aa"])
            #expect(try await store.tables(namespace: "a", after: "z", limit: 0) == [])
            #expect(try await store.tables(namespace: "none") == [])
        },
    ]

    private static func swap(_ table: String, _ expected: String?, _ replacement: String?) -> PointerSwap {
        PointerSwap(namespace: "a", table: table, expected: expected, replacement: replacement)
    }

    private static func expect(
        _ code: ErrorCode,
        sourceLocation: Testing.SourceLocation = #_sourceLocation,
        _ call: () async throws -> some Any
    ) async {
        await expectError(code, sourceLocation: sourceLocation, call)
    }
}

/// Expects a call to fail with an `IngotError` of a code.
func expectError(
    _ code: ErrorCode,
    sourceLocation: Testing.SourceLocation = #_sourceLocation,
    _ call: () async throws -> some Any
) async {
    do {
        _ = try await call()
        Issue.record("no error; expected: \(code)", sourceLocation: sourceLocation)
    } catch let error as IngotError {
        #expect(error.code == code, sourceLocation: sourceLocation)
    } catch {
        Issue.record("\(error) is no IngotError", sourceLocation: sourceLocation)
    }
}
