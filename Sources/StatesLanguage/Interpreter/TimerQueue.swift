/// The timers of an execution, the earliest first; those of one moment in the order in which they were set.
struct TimerQueue {
    enum Purpose {
        /// A Wait state is over.
        case wait
        /// A state is tried again.
        case retry
        /// A task has run out of time.
        case timeout
        /// A task has been silent for too long.
        case heartbeat(generation: Int)
    }

    struct Timer {
        let deadline: Timestamp
        let sequence: Int
        let strand: Strand
        let generation: Int
        let purpose: Purpose

        /// Whether the strand still waits for it.
        var isStale: Bool {
            if case .finished = strand.phase { return true }
            guard strand.generation == generation else { return true }
            if case .heartbeat(let generation) = purpose { return strand.heartbeatGeneration != generation }
            return false
        }

        func isBefore(_ other: Timer) -> Bool {
            (deadline, sequence) < (other.deadline, other.sequence)
        }
    }

    /// A binary heap.
    private var timers: [Timer] = []
    private var sequence = 0
    /// At how many timers the stale ones among them are looked for.
    private var sweepCount = 1024

    /// How many timers there are, stale ones included.
    var count: Int {
        timers.count
    }

    mutating func set(at deadline: Timestamp, for strand: Strand, _ purpose: Purpose) {
        if timers.count >= sweepCount { sweep() }
        sequence += 1
        timers.append(
            Timer(
                deadline: deadline,
                sequence: sequence,
                strand: strand,
                generation: strand.generation,
                purpose: purpose
            )
        )
        siftUp(timers.count - 1)
    }

    /// Drops the timers that nobody waits for, so that those of tasks long answered do not pile up.
    private mutating func sweep() {
        // A sorted array is a heap.
        timers = timers.filter { !$0.isStale }.sorted { $0.isBefore($1) }
        sweepCount = max(1024, 2 * timers.count)
    }

    private mutating func siftUp(_ position: Int) {
        var child = position
        while child > 0, timers[child].isBefore(timers[(child - 1) / 2]) {
            timers.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// The earliest deadline that somebody waits for; stale timers before it are dropped.
    mutating func nextDeadline() -> Timestamp? {
        while let first = timers.first {
            if !first.isStale { return first.deadline }
            removeFirst()
        }
        return nil
    }

    /// Takes the earliest timer that is due.
    mutating func popDue(at now: Timestamp) -> Timer? {
        guard let deadline = nextDeadline(), deadline <= now, let first = timers.first else { return nil }
        removeFirst()
        return first
    }

    mutating func removeAll() {
        timers = []
    }

    private mutating func removeFirst() {
        timers.swapAt(0, timers.count - 1)
        timers.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < timers.count {
                if timers[child].isBefore(timers[least]) { least = child }
            }
            guard least != parent else { return }
            timers.swapAt(parent, least)
            parent = least
        }
    }
}
