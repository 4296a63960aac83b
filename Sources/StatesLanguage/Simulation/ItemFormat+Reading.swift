import JSONTree

/// Why a file has no items.
public struct ItemReadingError: Error, Sendable, Hashable {
    /// What is wrong.
    public let message: String

    /// Makes an error.
    public init(message: String) {
        self.message = message
    }
}

extension ItemFormat {
    /// The items of a text in this format.
    ///
    /// - Throws: ``ItemReadingError`` where the text has none, or the format is none of texts.
    public func items(in text: String) throws(ItemReadingError) -> [MapItem] {
        var splitter = try ItemSplitter(self)
        return try splitter.add(Array(text.utf8)) + splitter.finish()
    }
}
