import IngotCore
import Testing

@testable import IngotLocal

/// What a watcher makes of the events of FSEvents; the numbers are those of `FSEvents.h`.
@Suite("Events of folders", .timeLimit(.minutes(30)))
struct FolderEventTests {
    private static let root = "/private/var/landing"
    private static let (file, folder, link): (UInt32, UInt32, UInt32) = (0x10000, 0x20000, 0x40000)

    private static func news(_ events: (String?, UInt32)..., below root: String = root) -> FolderNews {
        FolderNews(
            events.map { FolderEvent(path: $0, flags: FolderEvent.Flags(rawValue: $1)) },
            below: root
        )
    }

    private static func news(_ changes: ArrivalChanges?, isRootChanged: Bool = false) -> FolderNews {
        var news = FolderNews()
        news.changes = changes
        news.isRootChanged = isRootChanged
        return news
    }

    @Test(
        "A file that was created, modified, renamed or cloned is told by its key",
        arguments: [0x100, 0x1000, 0x800, 0x40_0000, 0x1300, 0x0100_1100] as [UInt32]
    )
    func arrivals(flags: UInt32) {
        let found = Self.news(("\(Self.root)/x/é 1.csv", flags | Self.file))
        #expect(found == Self.news(.files(["x/é 1.csv"])))
        #expect(Self.news(("\(Self.root)/a.csv", flags | Self.link)) == Self.news(.files(["a.csv"])))
        #expect(Self.news(("/a.csv", flags | Self.file), below: "/") == Self.news(.files(["a.csv"])))
    }

    @Test(
        "What only went, or changed its attributes, is no arrival",
        arguments: [0x200, 0x400, 0x2000, 0x4000, 0x8000, 0] as [UInt32]
    )
    func others(flags: UInt32) {
        #expect(Self.news(("\(Self.root)/a.csv", flags | Self.file)).isEmpty)
    }

    @Test(
        "What the system lost, or cannot tell one by one, makes a listing due",
        arguments: [0x01, 0x03, 0x05, 0x08, 0x40, 0x80] as [UInt32]
    )
    func losses(flags: UInt32) {
        #expect(Self.news(("\(Self.root)/x", flags)) == Self.news(.unknown))
        #expect(Self.news(("/", flags), ("\(Self.root)/a.csv", 0x100 | Self.file)) == Self.news(.unknown))
        #expect(Self.news(("\(Self.root)/.x", flags)) == Self.news(.unknown))
    }

    @Test("A folder that is moved or cloned makes a listing due; of one that is made, the files are told")
    func folders() {
        #expect(Self.news(("\(Self.root)/x", 0x800 | Self.folder)) == Self.news(.unknown))
        #expect(Self.news(("\(Self.root)/x", 0x40_0100 | Self.folder)) == Self.news(.unknown))
        #expect(Self.news(("\(Self.root)/x", 0x100 | Self.folder)).isEmpty)
        #expect(Self.news(("\(Self.root)/x", 0x200 | Self.folder)).isEmpty)
        // A file system that tells of folders only sets no kind.
        #expect(Self.news(("\(Self.root)/x", 0)) == Self.news(.unknown))
    }

    @Test("A root that went or came is watched anew")
    func roots() {
        let anew = Self.news(nil, isRootChanged: true)
        #expect(Self.news((Self.root, 0x20)) == anew)
        #expect(Self.news((Self.root, 0x200 | Self.folder)) == anew)
        #expect(Self.news((Self.root, 0x800 | Self.folder)) == anew)
        #expect(Self.news((Self.root, 0x100 | Self.folder)).isEmpty)
        let both = Self.news(("\(Self.root)/a.csv", 0x100 | Self.file), (Self.root, 0x20))
        #expect(both == Self.news(.files(["a.csv"]), isRootChanged: true))
    }

    @Test("Hidden names are not told; names that cannot be read, or lie elsewhere, make a listing due")
    func names() {
        #expect(Self.news(("\(Self.root)/.a.csv.tmp", 0x100 | Self.file)).isEmpty)
        #expect(Self.news(("\(Self.root)/.git/a.csv", 0x100 | Self.file)).isEmpty)
        #expect(Self.news((nil, 0x100 | Self.file)) == Self.news(.unknown))
        #expect(Self.news(("\(Self.root)-old/a.csv", 0x100 | Self.file)) == Self.news(.unknown))
        #expect(Self.news(("", 0x10)).isEmpty)
    }

    @Test("News become one until they are taken; too many files are a listing's work")
    func gathering() async throws {
        let mailbox = FolderMailbox()
        mailbox.put(Self.news(.files(["a"])))
        mailbox.put(FolderNews())
        mailbox.put(Self.news(.files(["b"])))
        #expect(await mailbox.take() == Self.news(.files(["a", "b"])))
        let many = Set((0...ArrivalChanges.keysMax).map { "\($0)" })
        mailbox.put(FolderNews(many.map { Self.created($0) }, below: Self.root))
        mailbox.put(Self.news(.files(["c"])))
        mailbox.put(Self.news(nil, isRootChanged: true))
        #expect(await mailbox.take() == Self.news(.unknown, isRootChanged: true))

        let waiting = Task { await mailbox.take() }
        try await Task.sleep(for: .milliseconds(20))
        mailbox.put(Self.news(.files(["d"])))
        #expect(await waiting.value == Self.news(.files(["d"])))
        let cancelled = Task { await mailbox.take() }
        cancelled.cancel()
        #expect(await cancelled.value == nil)
    }

    private static func created(_ key: String) -> FolderEvent {
        FolderEvent(path: "\(root)/\(key)", flags: [.created, .isFile])
    }
}
