/// The branches or iterations of a state that run; each knows its place, so that none has to be looked for.
struct RunningStrands {
    private var strands: [Strand] = []

    var isEmpty: Bool { strands.isEmpty }

    var count: Int { strands.count }

    /// All of them, by number.
    var ordered: [Strand] {
        strands.sorted { $0.index < $1.index }
    }

    mutating func insert(_ strand: Strand) {
        strand.place = strands.count
        strands.append(strand)
    }

    /// Takes a strand out; answers whether it was there.
    mutating func remove(_ strand: Strand) -> Bool {
        guard let place = strand.place else { return false }
        strand.place = nil
        let last = strands.removeLast()
        if last !== strand {
            strands[place] = last
            last.place = place
        }
        return true
    }

    mutating func removeAll() {
        for strand in strands { strand.place = nil }
        strands = []
    }
}
