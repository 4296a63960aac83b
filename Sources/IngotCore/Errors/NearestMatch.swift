/// Finds what a user probably meant to type.
public enum NearestMatch: Sendable {
    /// The candidate nearest to `word`, if any is near enough to be a likely slip.
    ///
    /// Distance is optimal string alignment (insertions, deletions, substitutions, swaps of neighbours), without case.
    public static func find(_ word: String, among candidates: some Sequence<String>) -> String? {
        // A word of one letter is one slip away from every other such word, so only its case can be wrong.
        let limit = min(max(1, word.count / 3), max(0, word.count - 1))
        var best: (candidate: String, distance: Int)?
        for candidate in candidates {
            let found = distance(Array(word.lowercased()), Array(candidate.lowercased()))
            if found <= limit, found < best?.distance ?? .max {
                best = (candidate, found)
            }
        }
        return best?.candidate
    }

    private static func distance(_ a: [Character], _ b: [Character]) -> Int {
        guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
        var beforeLast = [Int](repeating: 0, count: b.count + 1)
        var last = Array(0...b.count)
        for i in 1...a.count {
            var row = [Int](repeating: i, count: b.count + 1)
            for j in 1...b.count {
                let substitution = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
                row[j] = min(last[j] + 1, row[j - 1] + 1, substitution)
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                    row[j] = min(row[j], beforeLast[j - 2] + 1)
                }
            }
            beforeLast = last
            last = row
        }
        return last[b.count]
    }
}
