import IngotCore
import Testing

extension ObjectStoreCompatTest {
    static let reading: [ObjectStoreCompatTest] = [
        ObjectStoreCompatTest("a range gives exactly its bytes") { store in
            let key = try ObjectKey("ranges")
            let bytes = pattern(2_500_000)
            try await store.put(bytes, at: key)
            let ranges: [(ObjectRange, Range<Int>)] = [
                (.bytes(0..<1), 0..<1), (.bytes(999_999..<2_200_001), 999_999..<2_200_001),
                (.bytes(2_499_999..<9_000_000), 2_499_999..<2_500_000), (.from(0), 0..<2_500_000),
                (.from(2_499_990), 2_499_990..<2_500_000), (.last(3), 2_499_997..<2_500_000),
                (.last(5_000_000), 0..<2_500_000),
            ]
            for (range, offsets) in ranges {
                let content = try await store.get(key, range: range)
                #expect(content.range == Int64(offsets.lowerBound)..<Int64(offsets.upperBound))
                #expect(content.metadata.size == 2_500_000)
                #expect(content.body.size == Int64(offsets.count))
                let read = try await content.body.collect(sizeMax: 5_000_000)
                #expect(read == Array(bytes[offsets]), "\(range)")
            }
        },
        ObjectStoreCompatTest("a range outside of the object is an error, of an empty one every range") { store in
            let (key, empty) = (try ObjectKey("ten"), try ObjectKey("none"))
            try await store.put(pattern(10), at: key)
            try await store.put([], at: empty)
            for range in [ObjectRange.from(10), .from(-1), .bytes(10..<11), .bytes(3..<3), .last(0), .last(-1)] {
                await expect(.invalidRange, "\(range)") { try await store.get(key, range: range) }
            }
            await expect(.invalidRange) { try await store.get(empty, range: .from(0)) }
            #expect(try await store.bytes(of: empty) == [])
        },
        ObjectStoreCompatTest("what is too large to hold in memory is refused") { store in
            let key = try ObjectKey("large")
            try await store.put(pattern(100), at: key)
            #expect(try await store.bytes(of: key, sizeMax: 100) == pattern(100))
            await expect(.invalidRange) { try await store.bytes(of: key, sizeMax: 99) }
        },
        ObjectStoreCompatTest("an object that is replaced while it is read is read as it was opened") { store in
            let key = try ObjectKey("opened")
            let bytes = pattern(3_000_000)
            try await store.put(bytes, at: key)
            let content = try await store.get(key)
            var read: [UInt8] = []
            for try await chunk in content.body {
                if read.isEmpty { try await store.put([1], at: key) }
                read += chunk
            }
            #expect(read == bytes)
        },
        ObjectStoreCompatTest("names keep their bytes, whatever they are") { store in
            let names = [
                "caf\u{e9}.csv", "cafe\u{301}.csv", "with space", "per%20cent", "plus+", "quote\"'`", "back\\slash",
                "new\nline", "tab\t", "star*?[a-z]", "dt=2026-01-31/part-0.parquet", ".hidden", "~", "#1", "\u{1F600}",
                "..a", "a..", "...", String(repeating: "n", count: 240),
            ]
            for (number, name) in names.enumerated() {
                try await store.put([UInt8(number)], at: ObjectKey(name))
            }
            for (number, name) in names.enumerated() {
                #expect(try await store.bytes(of: ObjectKey(name)) == [UInt8(number)], "\(name)")
            }
            let listed = try await store.list().collect()
            #expect(Set(listed.objects.map(\.key)) == Set(try names.map { try ObjectKey($0) }))
            #expect(listed.objects.count == names.count)
        },
        ObjectStoreCompatTest("every key has a location of its own") { store in
            let keys = try ["a", "a b", "b/a"].map { try ObjectKey($0) }
            var locations: Set<String> = []
            for key in keys { locations.insert(try await store.location(of: key)) }
            #expect(locations.count == keys.count)
        },
    ]

    static let listing: [ObjectStoreCompatTest] = [
        ObjectStoreCompatTest("a listing is in the order of the keys' bytes, folders or not") { store in
            let names = ["a", "a!", "a-b/x", "a.b", "a0", "b/a.x/c", "b/a/c", "b0", "\u{e9}", "z\u{301}"]
            for name in names.shuffled() { try await store.put(Array(name.utf8), at: ObjectKey(name)) }
            let listed = try await store.list().collect()
            let sorted = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            #expect(listed.objects.map { Array($0.key.path.utf8) } == sorted.map { Array($0.utf8) })
            #expect(listed.objects.map(\.size) == sorted.map { Int64($0.utf8.count) })
            #expect(listed.problems.isEmpty)
            for object in listed.objects { #expect(try await store.head(object.key) == object) }
        },
        ObjectStoreCompatTest("a listing of a folder has what is in it, at any depth, and nothing else") { store in
            for name in ["f/1", "f/g/2", "f/g/h/3", "fg/4", "f.5", "g/f/6"] {
                try await store.put([], at: ObjectKey(name))
            }
            #expect(try await keys(store.list(ObjectKey("f"))) == ["f/1", "f/g/2", "f/g/h/3"])
            #expect(try await keys(store.list(ObjectKey("f/g"))) == ["f/g/2", "f/g/h/3"])
            #expect(try await keys(store.list(ObjectKey("f/1"))) == [])
            #expect(try await keys(store.list(ObjectKey("nowhere/at/all"))) == [])
        },
        ObjectStoreCompatTest("a listing goes on after any key, whether it exists or not") { store in
            let names = ["a/1", "a/2", "a/b/1", "a/b/2", "a/c", "b", "c/d/e/f", "c/d/g"]
            for name in names { try await store.put([], at: ObjectKey(name)) }
            for name in names + ["a", "a/b", "a/b/11", "0", "c/d", "c/d/e/f0", "z"] {
                let expected = names.filter { name.utf8.lexicographicallyPrecedes($0.utf8) }
                #expect(try await keys(store.list(nil, after: ObjectKey(name))) == expected, "after \(name)")
                let inA = expected.filter { $0.hasPrefix("a/") }
                #expect(try await keys(store.list(ObjectKey("a"), after: ObjectKey(name))) == inA, "after \(name)")
            }
        },
        ObjectStoreCompatTest("a listing of many objects comes in pages, each object once") { store in
            let names = (0..<1_203).map { "page/\($0 % 7)/\($0)" }
            for name in names { try await store.put([], at: ObjectKey(name)) }
            var listed: [String] = []
            var pages = 0
            for try await page in store.list() {
                #expect(!page.objects.isEmpty)
                listed += page.objects.map(\.key.path)
                pages += 1
            }
            #expect(listed == names.sorted())
            #expect(pages > 1)
        },
    ]
}
