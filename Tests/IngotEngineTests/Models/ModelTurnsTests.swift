import Testing

@testable import IngotEngine

/// When a service computes which models.
@Suite struct ModelTurnsTests {
    private let start = ContinuousClock.now

    @Test func `What a commit concerns is due at once, what others changed from one look to the next`() {
        var turns = ModelTurns(["a", "b"], isAlone: false)
        #expect(turns.take(changed: ["a"], hasCommitted: false, at: start) == ["a", "b"])
        #expect(turns.take(changed: ["b", "other"], hasCommitted: false, at: start + .seconds(1)) == [])
        #expect(turns.take(changed: ["a", "b", "other"], hasCommitted: false, at: start + .seconds(2)) == ["b"])
        #expect(turns.take(changed: [], hasCommitted: false, at: start + .seconds(3)) == [])
        #expect(turns.take(changed: ["a"], hasCommitted: true, at: start + .seconds(4)) == ["a", "b"])
        #expect(turns.take(changed: ["a"], hasCommitted: false, at: start + .seconds(5)) == [])
        #expect(turns.take(changed: [], hasCommitted: false, at: start + .seconds(63)) == [])
        #expect(turns.take(changed: [], hasCommitted: false, at: start + .seconds(64)) == ["a", "b"])
    }

    @Test func `A service without pipelines leaves nothing to others`() {
        var turns = ModelTurns(["a", "b"], isAlone: true)
        _ = turns.take(changed: [], hasCommitted: false, at: start)
        #expect(turns.take(changed: ["b"], hasCommitted: false, at: start + .seconds(1)) == ["b"])
    }

    @Test func `What failed is tried again, ever later, and keeps no other from its turn`() {
        var turns = ModelTurns(["a", "b"], isAlone: false)
        var (now, waits): (ContinuousClock.Instant, [Int]) = (start, [])
        #expect(turns.take(changed: [], hasCommitted: true, at: now) == ["a", "b"])
        for _ in 0..<10 {
            turns.end(failed: ["a"], of: ["a", "b"], at: now)
            var seconds = 0
            while true {
                seconds += 1
                now += .seconds(1)
                let taken = turns.take(changed: ["a"], hasCommitted: seconds == 1, at: now)
                if taken.contains("a") { break }
                if seconds == 1 { #expect(taken == ["b"]) }
            }
            waits.append(seconds)
        }
        #expect(waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300])
        turns.end(failed: [], of: ["a", "b"], at: now)
        #expect(turns.take(changed: [], hasCommitted: true, at: now) == ["a", "b"])
    }
}
