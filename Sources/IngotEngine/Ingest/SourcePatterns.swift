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
        let text = Glob.Text(key)
        return !text.isHidden && !ignored.contains { $0.matches(text) } && wanted?.matches(text) ?? true
    }
}

/// A file-name pattern: `*` within a folder, `**` across folders, `?`, `[a-z]`, `{a,b}`.
package struct Glob: Sendable {
    /// A key, taken apart once for all patterns that it is held against.
    package struct Text: Sendable {
        fileprivate let scalars: [Unicode.Scalar]
        /// Where the last part of the key begins.
        fileprivate let nameStart: Int

        package init(_ key: String) {
            scalars = Array(key.unicodeScalars)
            nameStart = scalars.lastIndex(of: "/").map { $0 + 1 } ?? 0
        }

        /// Whether a part of the key begins with a dot.
        fileprivate var isHidden: Bool {
            scalars.indices.contains { scalars[$0] == "." && ($0 == 0 || scalars[$0 - 1] == "/") }
        }
    }

    private let alternatives: [[Unicode.Scalar]]
    private let hasSlash: Bool

    package init(_ pattern: String) {
        hasSlash = pattern.contains("/")
        alternatives = Self.expand(Array(pattern.unicodeScalars))
    }

    package func matches(_ text: Text) -> Bool {
        let part = hasSlash ? text.scalars[...] : text.scalars[text.nameStart...]
        return alternatives.contains { Self.matches($0[...], part) }
    }

    /// Writes out the first `{a,b}`, and so on; bounded, because patterns are short and come from the project.
    private static func expand(_ pattern: [Unicode.Scalar]) -> [[Unicode.Scalar]] {
        guard let open = pattern.firstIndex(of: "{"), let close = pattern[open...].firstIndex(of: "}") else {
            return [pattern]
        }
        let choices = pattern[pattern.index(after: open)..<close].split(
            separator: ",",
            omittingEmptySubsequences: false
        )
        return choices.flatMap { expand(Array(pattern[..<open]) + Array($0) + Array(pattern[(close + 1)...])) }
    }

    private static func matches(_ pattern: ArraySlice<Unicode.Scalar>, _ text: ArraySlice<Unicode.Scalar>) -> Bool {
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
    private static func step(_ pattern: ArraySlice<Unicode.Scalar>, _ p: Int, _ character: Unicode.Scalar) -> Int? {
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

    private static func contains(_ set: ArraySlice<Unicode.Scalar>, _ character: Unicode.Scalar) -> Bool {
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
