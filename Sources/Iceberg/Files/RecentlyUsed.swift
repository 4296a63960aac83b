/// Values by key; those not used for longest leave when their cost together is too high.
struct RecentlyUsed<Value> {
    private struct Entry {
        var value: Value
        var cost: Int
        var lastUse: UInt64
    }

    private let costMax: Int
    private var cost = 0
    private var uses: UInt64 = 0
    private var entries: [String: Entry] = [:]

    init(costMax: Int) {
        self.costMax = costMax
    }

    var count: Int { entries.count }

    mutating func value(_ key: String) -> Value? {
        uses += 1
        guard let index = entries.index(forKey: key) else { return nil }
        entries.values[index].lastUse = uses
        return entries.values[index].value
    }

    mutating func insert(_ key: String, _ value: Value, cost: Int) {
        remove(key)
        guard cost <= costMax else { return }
        uses += 1
        entries[key] = Entry(value: value, cost: cost, lastUse: uses)
        self.cost += cost
        if self.cost > costMax { shrink() }
    }

    mutating func remove(_ key: String) {
        guard let entry = entries.removeValue(forKey: key) else { return }
        cost -= entry.cost
    }

    /// Removes the oldest quarter at once, so that sorting is paid for by many insertions.
    private mutating func shrink() {
        for (key, _) in entries.sorted(by: { $0.value.lastUse < $1.value.lastUse }) {
            guard cost > costMax / 4 * 3 else { return }
            remove(key)
        }
    }
}
