import IngotCore
import Testing

@Suite struct ObjectKeyTests {
    @Test(arguments: [
        "", "/", "/a", "a/", "a//b", ".", "..", "a/../b", "a/.", "../a", "a\0b", String(repeating: "k", count: 1_025),
        String(repeating: "\u{E9}", count: 513),
    ])
    func `A path that could lead elsewhere, or nowhere, is no key`(_ path: String) {
        #expect {
            try ObjectKey(path)
        } throws: { error in
            (error as? ObjectStoreError)?.kind == .invalidKey
        }
    }

    @Test(arguments: [
        "a", "a/b", "...", "a/.b", "..a", "a b", "\n", "\\", "C:", "~", "%2e%2e", String(repeating: "k", count: 1_024),
    ])
    func `Everything else is a key`(_ path: String) throws {
        let key = try ObjectKey(path)
        #expect(key.description == path)
        #expect(key.segments.joined(separator: "/") == path)
    }

    @Test func `Keys are equal when their bytes are`() throws {
        let (composed, decomposed) = (try ObjectKey("\u{E9}"), try ObjectKey("e\u{301}"))
        #expect(composed.path == decomposed.path, "Swift calls the texts equal")
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed, composed]).count == 2)
        #expect(decomposed < composed)
        #expect(try ObjectKey("a/b") == ObjectKey("a").appending("b"))
    }

    @Test func `A key knows its name, its folder and what it lies in`() throws {
        let key = try ObjectKey("a/b/c.csv")
        #expect(key.name == "c.csv")
        #expect(key.folder?.path == "a/b")
        #expect(try ObjectKey("top").folder == nil)
        #expect(key.isInside(try ObjectKey("a")))
        #expect(key.isInside(try ObjectKey("a/b")))
        #expect(!key.isInside(key))
        #expect(!key.isInside(try ObjectKey("a/b/c")))
        #expect(!(try ObjectKey("ab/c").isInside(ObjectKey("a"))))
        #expect(throws: ObjectStoreError.self) { try key.appending("..") }
    }

    @Test func `A range covers what is there, and nothing where it starts beyond the end`() {
        #expect(ObjectRange.bytes(2..<5).resolved(size: 10) == 2..<5)
        #expect(ObjectRange.bytes(2..<50).resolved(size: 10) == 2..<10)
        #expect(ObjectRange.from(9).resolved(size: 10) == 9..<10)
        #expect(ObjectRange.last(.max).resolved(size: 10) == 0..<10)
        #expect(ObjectRange.from(10).resolved(size: 10) == nil)
        #expect(ObjectRange.last(0).resolved(size: 10) == nil)
        #expect(ObjectRange.last(.min).resolved(size: 10) == nil)
        #expect(ObjectRange.bytes(-5..<5).resolved(size: 10) == nil)
        #expect(ObjectRange.from(0).resolved(size: 0) == nil)
    }

    @Test func `A fingerprint is settled when a further change must show`() {
        let print = Fingerprint(device: 1, inode: 2, size: 3, modified: 4, changed: 1_000_000_000)
        #expect(!print.isSettled(at: 1_000_000_000))
        #expect(!print.isSettled(at: 1_020_000_000))
        #expect(print.isSettled(at: 1_020_000_001))
        #expect(!print.isSettled(at: 999_999_999), "the clock went back")
        #expect(Fingerprint(device: 0, inode: 0, size: 0, modified: 0, changed: .min).isSettled(at: .max))
        #expect(!Fingerprint(device: 0, inode: 0, size: 0, modified: 0, changed: .max).isSettled(at: -2))
    }

    @Test func `A content hash is 64 digits or nothing`() {
        let text = String(repeating: "0f", count: 32)
        #expect(ContentHash(text)?.description == text)
        #expect(ContentHash(text.uppercased())?.description == text)
        #expect(ContentHash(text.dropLast() + "") == nil)
        #expect(ContentHash(text.dropLast() + "g") == nil)
        #expect(ContentHash(bytes: [UInt8](repeating: 1, count: 31)) == nil)
    }
}
