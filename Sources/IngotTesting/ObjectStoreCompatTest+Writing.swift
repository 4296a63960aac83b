import IngotCore
import Testing

extension ObjectStoreCompatTest {
    static let writing: [ObjectStoreCompatTest] = [
        ObjectStoreCompatTest("what is put is read back, byte for byte") { store in
            let key = try ObjectKey("a/b/c.bin")
            for bytes: [UInt8] in [[], [0], pattern(1_000), pattern(3_000_001)] {
                let metadata = try await store.put(bytes, at: key)
                #expect(metadata.key == key)
                #expect(metadata.size == bytes.count)
                #expect(try await store.bytes(of: key) == bytes)
                #expect(try await store.head(key) == metadata)
            }
        },
        ObjectStoreCompatTest("a body that comes in chunks is put whole") { store in
            let key = try ObjectKey("streamed")
            let chunks = [pattern(700_000), [], pattern(1), pattern(1_500_000, seed: 9)]
            let metadata = try await store.put(stream(chunks), at: key, if: .always)
            #expect(metadata.size == 2_200_001)
            #expect(try await store.bytes(of: key) == chunks.flatMap { $0 })
        },
        ObjectStoreCompatTest("a body that fails in the middle leaves what was there") { store in
            let old = try ObjectKey("old")
            let new = try ObjectKey("folder/new")
            try await store.put([1, 2, 3], at: old)
            for key in [old, new] {
                await #expect(throws: CancellationError.self) {
                    try await store.put(stream([pattern(10)], thenFails: true), at: key, if: .always)
                }
            }
            #expect(try await store.bytes(of: old) == [1, 2, 3])
            #expect(try await store.headIfPresent(new) == nil)
            #expect(try await keys(store.list()) == ["old"])
        },
        ObjectStoreCompatTest("new bytes bring a new entity tag") { store in
            let key = try ObjectKey("k")
            var tags: Set<String> = []
            for byte in UInt8(0)..<50 {
                tags.insert(try await store.put([byte], at: key).entityTag)
            }
            #expect(tags.count == 50)
        },
        ObjectStoreCompatTest("a removed object is gone, and removing it again is no error") { store in
            let key = try ObjectKey("x/y")
            try await store.put([1], at: key)
            for _ in 0..<2 {
                try await store.delete(key)
                await expect(.notFound) { try await store.head(key) }
                await expect(.notFound) { try await store.get(key) }
                #expect(try await keys(store.list()) == [])
            }
            try await store.delete(ObjectKey("never/was/there"))
        },
        ObjectStoreCompatTest("a copy is a new object with the same bytes") { store in
            let (source, target) = (try ObjectKey("from/here"), try ObjectKey("to/there"))
            let bytes = pattern(2_000_000)
            try await store.put(bytes, at: source)
            let metadata = try await store.copy(source, to: target)
            #expect(metadata.key == target)
            #expect(try await store.head(target) == metadata)
            try await store.put([7], at: source)
            #expect(try await store.bytes(of: target) == bytes)
            await expect(.notFound) { try await store.copy(ObjectKey("nothing"), to: target) }
            #expect(try await store.bytes(of: target) == bytes)
        },
        ObjectStoreCompatTest("a reader of an object that is replaced sees old or new bytes, never both") { store in
            let key = try ObjectKey("replaced")
            try await store.put([UInt8](repeating: 0, count: 1_500_000), at: key)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for byte in UInt8(1)..<20 {
                        try await store.put([UInt8](repeating: byte, count: 1_500_000), at: key)
                    }
                }
                for _ in 0..<3 {
                    group.addTask {
                        for _ in 0..<20 {
                            let bytes = try await store.bytes(of: key)
                            #expect(bytes.count == 1_500_000)
                            #expect(bytes == [UInt8](repeating: bytes[0], count: 1_500_000))
                        }
                    }
                }
                try await group.waitForAll()
            }
        },
        ObjectStoreCompatTest("what is written can be synced, and what is not there cannot harm others") { store in
            let keys = try (0..<40).map { try ObjectKey("batch/\($0)") }
            for key in keys { try await store.put([1], at: key) }
            try await store.sync(Array(keys.prefix(3)))
            try await store.sync(keys)
            try await store.sync([])
        },
    ]

    static let conditions: [ObjectStoreCompatTest] = [
        ObjectStoreCompatTest("a write that must be the first fails when it is not") { store in
            let key = try ObjectKey("once")
            try await store.put([1], at: key, if: .ifAbsent)
            await expect(.preconditionFailed) { try await store.put([2], at: key, if: .ifAbsent) }
            #expect(try await store.bytes(of: key) == [1])
            try await store.delete(key)
            try await store.put([3], at: key, if: .ifAbsent)
            #expect(try await store.bytes(of: key) == [3])
        },
        ObjectStoreCompatTest("a write that names a state fails in any other") { store in
            let key = try ObjectKey("compare-and-swap")
            await expect(.preconditionFailed) { try await store.put([1], at: key, if: .ifMatches("nothing")) }
            #expect(try await store.headIfPresent(key) == nil)
            let first = try await store.put([1], at: key)
            let second = try await store.put([2], at: key, if: .ifMatches(first.entityTag))
            await expect(.preconditionFailed) {
                try await store.put([3], at: key, if: .ifMatches(first.entityTag))
            }
            #expect(try await store.head(key) == second)
            await expect(.preconditionFailed) {
                try await store.copy(key, to: key, if: .ifMatches(first.entityTag))
            }
        },
        ObjectStoreCompatTest("a read that names a state fails in any other") { store in
            let key = try ObjectKey("if-match")
            let first = try await store.put([1], at: key)
            #expect(try await store.get(key, range: nil, ifMatches: first.entityTag).body.collect(sizeMax: 1) == [1])
            try await store.put([2], at: key)
            await expect(.preconditionFailed) {
                try await store.get(key, range: nil, ifMatches: first.entityTag)
            }
        },
        ObjectStoreCompatTest("a copy obeys conditions too") { store in
            let (source, target) = (try ObjectKey("s"), try ObjectKey("t"))
            try await store.put([1], at: source)
            try await store.copy(source, to: target, if: .ifAbsent)
            await expect(.preconditionFailed) { try await store.copy(source, to: target, if: .ifAbsent) }
        },
        ObjectStoreCompatTest("of many first writers one wins") { store in
            let key = try ObjectKey("race/first")
            let winners = await count(of: 16) { try await store.put([UInt8($0)], at: key, if: .ifAbsent) }
            #expect(winners.count == 1)
            #expect(try await store.bytes(of: key) == winners.map { UInt8($0) })
        },
        ObjectStoreCompatTest("no increment is lost among writers that compare and swap") { store in
            let key = try ObjectKey("race/counter")
            try await store.put([0], at: key)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        for _ in 0..<10 { try await increment(key, in: store) }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await store.bytes(of: key) == [40])
        },
    ]

    private static func count(
        of writers: Int,
        _ write: @escaping @Sendable (Int) async throws -> ObjectMetadata
    ) async -> [Int] {
        await withTaskGroup(of: Int?.self) { group in
            for writer in 0..<writers {
                group.addTask { (try? await write(writer)).map { _ in writer } }
            }
            return await group.reduce(into: []) { winners, winner in winners += winner.map { [$0] } ?? [] }
        }
    }

    private static func increment(_ key: ObjectKey, in store: some ObjectStore) async throws {
        while true {
            let content = try await store.get(key)
            let value = try await content.body.collect(sizeMax: 1)
            do {
                try await store.put([value[0] + 1], at: key, if: .ifMatches(content.metadata.entityTag))
                return
            } catch let error as ObjectStoreError where error.kind == .preconditionFailed {
                continue
            }
        }
    }
}
