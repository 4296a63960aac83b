import Synchronization

/// Two tasks that count in one place: under a lock, or with the argument `race` without one.
///
/// `Scripts/check-races` runs both, to show that races are found and that locks are understood.
final class Count: @unchecked Sendable {
    private let lock = Mutex(())
    private(set) var value = 0

    func add(isLocked: Bool) {
        if isLocked {
            lock.withLock { _ in value += 1 }
        } else {
            value += 1
        }
    }
}

let isLocked = !CommandLine.arguments.contains("race")
let count = Count()
await withTaskGroup(of: Void.self) { group in
    for _ in 0..<2 {
        group.addTask { for _ in 0..<5_000_000 { count.add(isLocked: isLocked) } }
    }
}
print(count.value)
