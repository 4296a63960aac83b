import IngotCore
import IngotEngine
import Synchronization

/// What was noticed of a watched folder.
struct FolderNews: Sendable, Hashable {
    /// What changed in it; `nil` if nothing did.
    var changes: ArrivalChanges?
    /// Whether it has to be watched anew.
    var isRootChanged = false

    /// No news.
    init() {}

    /// What events mean for a folder.
    init(_ events: [FolderEvent], below root: String) {
        var keys: Set<String> = []
        for event in events {
            switch event.meaning(below: root) {
            case .nothing: break
            case .file(let key): keys.insert(key)
            case .unknown: changes = .unknown
            case .rootChanged: isRootChanged = true
            }
        }
        if changes == nil, !keys.isEmpty { changes = ArrivalChanges(keys) }
    }

    var isEmpty: Bool { changes == nil && !isRootChanged }

    /// Adds what was noticed later.
    mutating func add(_ other: FolderNews) {
        isRootChanged = isRootChanged || other.isRootChanged
        switch (changes, other.changes) {
        case (.files(let keys)?, .files(let others)?): changes = ArrivalChanges(keys.union(others))
        case (.unknown?, _), (_, nil): break
        case (_, let others?): changes = others
        }
    }
}

extension ArrivalChanges {
    /// The keys that one element of changes holds at most; beyond, a listing is cheaper.
    static let keysMax = 10_000

    /// Files, unless they are too many to be told one by one.
    init(_ keys: Set<String>) {
        self = keys.count > Self.keysMax ? .unknown : .files(keys)
    }
}

/// Where news of a folder gather until somebody asks; they become one, so that they need no more room than that.
final class FolderMailbox: Sendable {
    private let news = Mutex(FolderNews())
    private let alarm = Alarm()

    /// Adds news.
    func put(_ more: FolderNews) {
        guard !more.isEmpty else { return }
        news.withLock { $0.add(more) }
        alarm.ring()
    }

    /// Waits for news; `nil` once the task is cancelled.
    func take() async -> FolderNews? {
        while !Task.isCancelled {
            let taken = news.withLock { news in
                defer { news = FolderNews() }
                return news
            }
            if !taken.isEmpty { return taken }
            await alarm.wait(atMost: nil)
        }
        return nil
    }
}
