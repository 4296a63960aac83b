public import JSONTree

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
    public func items(in text: String) throws(ItemReadingError) -> [JSON] {
        var splitter = try ItemSplitter(self)
        return try splitter.add(Array(text.utf8)) + splitter.finish()
    }
}

/// The manifest of an S3 inventory: which files list the objects, and what their columns are.
public struct InventoryManifest: Sendable, Hashable {
    /// The bucket that holds the files.
    public let bucket: String
    /// The keys of the files, which are compressed as a rule.
    public let keys: [String]
    /// How the rows of each file are written.
    public let format: ItemFormat

    /// Reads a manifest.
    ///
    /// - Throws: ``ItemReadingError`` where the text is none.
    public init(parsing text: String) throws(ItemReadingError) {
        guard let json = try? JSON(parsing: text, options: JSONParserOptions(duplicateKeys: .keepLast)),
            let files = json["files"]?.arrayValue, let schema = json["fileSchema"]?.stringValue
        else { throw ItemReadingError(message: "The file is no manifest of an inventory") }
        let destination = json["destinationBucket"]?.stringValue ?? ""
        bucket = destination.split(separator: ":").last.map(String.init) ?? ""
        keys = files.compactMap { $0["key"]?.stringValue }
        let columns = schema.split(separator: ",").map { column in
            String(column.drop(while: \.isWhitespace))
        }
        format = ItemFormat(.csv, csvHeaders: columns)
    }
}
