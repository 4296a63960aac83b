/// Names for things that are made from files.
enum NameSuggestion {
    /// The text as a name of lower-case letters, digits and `_`.
    static func name(for text: String, otherwise fallback: String) -> String {
        var name = ""
        for scalar in text.lowercased().unicodeScalars {
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
