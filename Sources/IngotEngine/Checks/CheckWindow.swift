import IngotProject

/// The slots that a completeness check looks at, in microseconds since 1970 UTC.
struct CheckWindow: Hashable {
    private static let week: Int64 = 604_800_000_000
    /// 1970 began on a Thursday, three days into its ISO week.
    private static let monday: Int64 = -3 * 86_400_000_000

    /// The first instant of the first slot.
    let start: Int64
    /// The length of a slot.
    let slot: Int64
    /// How many slots there are.
    let count: Int

    /// The slots of a check that have ended, with its grace period, at an instant.
    ///
    /// Of a window of the calendar those count that lie within it as a whole.
    init(_ check: Check.Completeness, at instant: Int64) {
        slot = check.slot.microseconds
        let origin = slot == Self.week ? Self.monday : 0
        let ended = instant - check.gracePeriod.microseconds
        switch check.window {
        case .calendar(let size):
            let calendar = IntervalCalendar(size)
            let number = calendar.number(of: ended)
            let (first, end) = (calendar.start(ofNumber: number - 1), calendar.start(ofNumber: number))
            start = -(origin - first).flooredQuotient(slot) * slot + origin
            count = Int((end - start) / slot)
        case .length(let length):
            let end = (ended - origin).flooredQuotient(slot) * slot + origin
            count = Int(length.microseconds / slot)
            start = end - Int64(count) * slot
        }
    }

    /// The instant behind the last slot.
    var end: Int64 { start + Int64(count) * slot }

    /// The first instant of a slot, by its place in the window.
    func start(of place: Int64) -> Int64 { start + place * slot }
}

extension Duration {
    /// The duration in whole microseconds.
    var microseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }
}
