/// A text as a key: different spellings of one character, as `é` alone and `e` with an accent, are two keys.
package struct ExactText: Hashable, Sendable {
    package let text: String

    package init(_ text: String) {
        self.text = text
    }

    package static func == (left: ExactText, right: ExactText) -> Bool {
        left.text.isSame(as: right.text)
    }

    package func hash(into hasher: inout Hasher) {
        // Texts that are the same are also equivalent; those that are only that are too rare to matter.
        hasher.combine(text)
    }
}

extension String {
    /// Whether two texts have the same scalars; unlike `==`, which takes different spellings of `é` for one.
    package func isSame(as other: String) -> Bool {
        // Nearly all texts are told apart, or known to be the same, by this faster comparison.
        guard self == other else { return false }
        guard utf8.count == other.utf8.count else { return false }
        let areSame = utf8.withContiguousStorageIfAvailable { left in
            other.utf8.withContiguousStorageIfAvailable { right in left.elementsEqual(right) }
        }
        return (areSame ?? nil) ?? utf8.elementsEqual(other.utf8)
    }
}
