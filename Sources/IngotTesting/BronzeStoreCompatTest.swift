public import IngotCore
public import Testing

/// What every ``BronzeStore`` must keep.
///
/// An adapter runs each case over a bronze of its own that is empty, beside a source that the case can write to.
public struct BronzeStoreCompatTest: Sendable, CustomTestStringConvertible {
    /// Puts a file under a source, and describes it as a listing would.
    public typealias Write = @Sendable (_ key: String, _ bytes: [UInt8]) async throws -> SourceFile

    /// What the case shows.
    public let name: String
    private let body: @Sendable (any BronzeStore, Write) async throws -> Void

    init(_ name: String, _ body: @escaping @Sendable (any BronzeStore, Write) async throws -> Void) {
        self.name = name
        self.body = body
    }

    /// Runs the case over an empty bronze, recording issues with Swift Testing.
    public func run(_ store: some BronzeStore, writing write: Write) async throws {
        try await body(store, write)
    }

    /// What the case shows.
    public var testDescription: String { name }

    private static let day = "2026-01-31"

    /// The keys and days of the copies of `things`.
    private static func copies(_ store: any BronzeStore, before date: String? = nil) async throws -> [String] {
        var found: [String] = []
        for try await page in store.copies(of: "things", before: date) {
            found += page.map { "\($0.date) \($0.key ?? "?")" }
        }
        return found
    }

    /// Every case.
    public static let cases = [
        BronzeStoreCompatTest("Exact bytes are kept under their SHA-256") { store, write in
            let file = try await write("a.csv", Array("abc".utf8))
            let kept = try #require(try await store.keep([file], source: "things", date: day).first).get()
            #expect(kept.version == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
            #expect(kept.size == 3)
            #expect(try await store.version(of: kept.location) == kept.version)
            #expect(try await store.prefix(of: kept.location, size: 2) == Array("ab".utf8))
            #expect(try await store.prefix(of: kept.location, size: 100) == Array("abc".utf8))
        },
        BronzeStoreCompatTest("The same bytes are kept once, and others beside them") { store, write in
            let file = try await write("a.csv", [1])
            let first = try #require(try await store.keep([file], source: "things", date: day).first).get()
            let again = try #require(try await store.keep([file], source: "things", date: day).first).get()
            #expect(again.location == first.location)
            let changed = try await write("a.csv", [2])
            let second = try #require(try await store.keep([changed], source: "things", date: day).first).get()
            #expect(second.version != first.version)
            #expect(try await store.prefix(of: first.location, size: 9) == [1])
            #expect(try await store.prefix(of: second.location, size: 9) == [2])
        },
        BronzeStoreCompatTest("A file that is not there fails alone") { store, write in
            let sound = [try await write("a.csv", [1]), try await write("b.csv", [])]
            var gone = sound[0]
            (gone.key, gone.location) = ("none.csv", gone.location + ".none")
            let outcomes = try await store.keep([sound[0], gone, sound[1]], source: "things", date: day)
            #expect(outcomes.count == 3)
            #expect(try outcomes[0].get().size == 1)
            #expect(throws: IngotError.self) { try outcomes[1].get() }
            #expect(try outcomes[2].get().size == 0)
        },
        BronzeStoreCompatTest("Copies tell their keys and days, whatever the names are") { store, write in
            let keys = ["deep/er/a.csv", "sp ace/\u{FC} 'q' 100%.csv.gz", "no ending", "a~b.csv", "day=1/x.csv"]
            for (number, key) in keys.enumerated() {
                let file = try await write(key, [UInt8(number)])
                let date = number == 0 ? "2026-02-01" : day
                _ = try #require(try await store.keep([file], source: "things", date: date).first).get()
            }
            let other = try await write("other.csv", [7])
            _ = try await store.keep([other], source: "others", date: day)
            let old = keys.dropFirst().map { "\(day) \($0)" }.sorted()
            let all = try await copies(store)
            #expect(all.dropLast().sorted() == old)
            #expect(all.last == "2026-02-01 deep/er/a.csv")
            #expect(try await copies(store, before: "2026-02-01").sorted() == old)
            #expect(try await copies(store, before: day).isEmpty)
        },
        BronzeStoreCompatTest("Copies are deleted; those that are gone are no error") { store, write in
            let files = [try await write("a.csv", [1]), try await write("b.csv", [2])]
            let kept = try await store.keep(files, source: "things", date: day).map { try $0.get().location }
            try await store.delete([kept[0]])
            try await store.delete([kept[0]])
            #expect(try await copies(store) == ["\(day) b.csv"])
        },
        BronzeStoreCompatTest("Bytes are put back where nothing is, and nowhere else") { store, write in
            let file = try await write("a.csv", [1, 2, 3])
            let kept = try #require(try await store.keep([file], source: "things", date: day).first).get()
            #expect(try await store.putBack(kept.location, at: file.location, modified: 0) == false)
            var second = file
            (second.key, second.location) = ("again.csv", file.location + ".again")
            #expect(try await store.putBack(kept.location, at: second.location, modified: 1_000_000_000))
            let copy = try #require(try await store.keep([second], source: "things", date: day).first).get()
            #expect(copy.version == kept.version)
            #expect(copy.modified == 1_000_000_000)
        },
    ]
}
