import Foundation

/// Names for things that are made from files.
enum NameSuggestion {
    /// Letters that have no accent to lose.
    private static let spellings = ["ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th"]

    /// The text as a name of lower-case letters, digits and `_`.
    static func name(for text: String, otherwise fallback: String) -> String {
        var name = ""
        let letters = text.lowercased().map { spellings[String($0)] ?? String($0) }.joined()
        for scalar in letters.decomposedStringWithCanonicalMapping.unicodeScalars
        where !scalar.properties.isDiacritic {
            let isPlain = ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar)
            if isPlain {
                name.unicodeScalars.append(scalar)
            } else if !name.isEmpty, !name.hasSuffix("_") {
                name += "_"
            }
        }
        while name.hasSuffix("_") { name.removeLast() }
        guard let first = name.first else { return fallback }
        return first.isNumber ? "_\(name)" : name
    }
}
