package import IngotProject

/// Decides by a file's name whether it is an object or something that never arrives.
package struct SourcePatterns: Sendable {
    private let wanted: Glob?
    private let ignored: [Glob]

    /// Names that writers give to files which are not finished, or that say something about others.
    private static let unfinished = [
        "*.tmp", "*.temp", "*.part", "*.partial", "*.crdownload", "*.swp", "*~", "_SUCCESS", "_committed_*",
        "_started_*",
    ]

    package init(_ source: Source) {
        wanted = source.pathGlobFilter.map { Glob($0.value) }
        ignored = (Self.unfinished + source.ignorePatterns.map(\.value)).map(Glob.init)
    }

    /// Whether the file of a key arrives.
    ///
    /// Patterns without a slash look at the name alone, others at the whole key. Hidden files and what lies in hidden
    /// folders never arrive.
    package func accepts(_ key: String) -> Bool {
        guard !key.split(separator: "/").contains(where: { $0.hasPrefix(".") }) else { return false }
        guard !ignored.contains(where: { $0.matches(key: key) }) else { return false }
        return wanted?.matches(key: key) ?? true
    }
}

/// A file-name pattern: `*` within a folder, `**` across folders, `?`, `[a-z]`, `{a,b}`.
package struct Glob: Sendable {
    private let alternatives: [[Character]]
    private let hasSlash: Bool

    package init(_ pattern: String) {
        hasSlash = pattern.contains("/")
        alternatives = Self.expand(Array(pattern))
    }

    package func matches(key: String) -> Bool {
        let text = hasSlash ? Array(key) : Array(key.split(separator: "/").last ?? "")
        return alternatives.contains { Self.matches($0[...], text[...]) }
    }

    /// Writes out the first `{a,b}`, and so on; bounded, because patterns are short and come from the project.
    private static func expand(_ pattern: [Character]) -> [[Character]] {
        guard let open = pattern.firstIndex(of: "{"), let close = pattern[open...].firstIndex(of: "}") else {
            return [pattern]
        }
        let choices = pattern[pattern.index(after: open)..<close].split(
            separator: ",",
            omittingEmptySubsequences: false
        )
        return choices.flatMap { expand(Array(pattern[..<open]) + Array($0) + Array(pattern[(close + 1)...])) }
    }

    private static func matches(_ pattern: ArraySlice<Character>, _ text: ArraySlice<Character>) -> Bool {
        var (p, t) = (pattern.startIndex, text.startIndex)
        var retry: (p: Int, t: Int, crossesFolders: Bool)?
        while t < text.endIndex {
            if p < pattern.endIndex, pattern[p] == "*" {
                var next = p
                while next < pattern.endIndex, pattern[next] == "*" { next += 1 }
                retry = (next, t, next - p > 1)
                p = next
                continue
            }
            if p < pattern.endIndex, let after = step(pattern, p, text[t]) {
                (p, t) = (after, t + 1)
                continue
            }
            guard let back = retry, back.crossesFolders || text[back.t] != "/" else { return false }
            retry?.t += 1
            (p, t) = (back.p, back.t + 1)
        }
        while p < pattern.endIndex, pattern[p] == "*" { p += 1 }
        return p == pattern.endIndex
    }

    /// Where the pattern goes on if its next piece takes the character.
    private static func step(_ pattern: ArraySlice<Character>, _ p: Int, _ character: Character) -> Int? {
        switch pattern[p] {
        case "?": return character == "/" ? nil : p + 1
        case "[":
            guard let close = pattern[(p + 1)...].dropFirst().firstIndex(of: "]") else {
                return character == "[" ? p + 1 : nil
            }
            var set = pattern[(p + 1)..<close]
            let isNegated = set.first == "!" || set.first == "^"
            if isNegated { set.removeFirst() }
            return contains(set, character) != isNegated && character != "/" ? close + 1 : nil
        default: return pattern[p] == character ? p + 1 : nil
        }
    }

    private static func contains(_ set: ArraySlice<Character>, _ character: Character) -> Bool {
        var i = set.startIndex
        while i < set.endIndex {
            if i + 2 < set.endIndex, set[i + 1] == "-" {
                if (set[i]...max(set[i], set[i + 2])).contains(character) { return true }
                i += 3
            } else {
                if set[i] == character { return true }
                i += 1
            }
        }
        return false
    }
}
