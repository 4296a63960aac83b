/// Patterns over names: `*` is any text, `?` any one character.
enum Glob {
    /// Whether the whole text fits the pattern.
    ///
    /// A mismatch goes back to the last `*` only, so the time is bounded by the product of the lengths.
    static func matches(_ text: String, _ pattern: String) -> Bool {
        let text = Array(text)
        let pattern = Array(pattern)
        var (at, of) = (0, 0)
        var star: (at: Int, of: Int)?
        while at < text.count {
            if of < pattern.count, pattern[of] == "*" {
                star = (at, of)
                of += 1
            } else if of < pattern.count, pattern[of] == "?" || pattern[of] == text[at] {
                (at, of) = (at + 1, of + 1)
            } else if let last = star {
                star = (last.at + 1, last.of)
                (at, of) = (last.at + 1, last.of + 1)
            } else {
                return false
            }
        }
        return pattern[of...].allSatisfy { $0 == "*" }
    }
}
