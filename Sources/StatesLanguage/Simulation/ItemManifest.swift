import JSONTree

/// A file with items.
public struct ItemFile: Sendable, Hashable {
    /// The bucket that holds it.
    public let bucket: String
    /// Its key.
    public let key: String

    /// Makes the name of a file.
    public init(bucket: String, key: String) {
        self.bucket = bucket
        self.key = key
    }

    /// The source of its items.
    public var address: String {
        MapItem.address(bucket: bucket, key: key)
    }
}

/// A file that names the files with the items.
public struct ItemManifest: Sendable, Hashable {
    /// The files, which are compressed as a rule.
    public let files: [ItemFile]
    /// How each of them is written.
    public let format: ItemFormat

    /// Reads the manifest that a reader with this format expects: that of an S3 inventory, or of an `UNLOAD` of Athena.
    ///
    /// - Throws: ``ItemReadingError`` where the text is none.
    public init(parsing text: String, for format: ItemFormat) throws(ItemReadingError) {
        if format.files == .unloaded {
            files = try Self.unloaded(text)
            self.format = format
        } else {
            (files, self.format) = try Self.inventory(text)
        }
    }

    /// Whether a reader with this format is given a manifest.
    public static func isExpected(by format: ItemFormat) -> Bool {
        format.kind == .manifest || format.files == .unloaded
    }

    private static func inventory(_ text: String) throws(ItemReadingError) -> ([ItemFile], ItemFormat) {
        guard let json = try? JSON(parsing: text, options: JSONParserOptions(duplicateKeys: .keepLast)),
            let files = json["files"]?.arrayValue, let schema = json["fileSchema"]?.stringValue
        else { throw ItemReadingError(message: "The file is no manifest of an inventory") }
        let destination = json["destinationBucket"]?.stringValue ?? ""
        let bucket = destination.split(separator: ":").last.map(String.init) ?? ""
        let columns = schema.split(separator: ",").map { column in
            String(column.drop(while: \.isWhitespace))
        }
        return (
            files.compactMap { $0["key"]?.stringValue }.map { ItemFile(bucket: bucket, key: $0) },
            ItemFormat(.csv, csvHeaders: columns)
        )
    }

    /// The files of a list of addresses, one a line.
    private static func unloaded(_ text: String) throws(ItemReadingError) -> [ItemFile] {
        var files: [ItemFile] = []
        for row in try ItemFormat(.csv, csvHeaders: ["address"]).items(in: text) {
            let address = row.value["address"]?.stringValue ?? ""
            let parts = address.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3, parts[0].lowercased() == "s3:", parts[1].isEmpty,
                let slash = parts[2].firstIndex(of: "/")
            else { throw ItemReadingError(message: "The manifest names \(address), which is no address of an object") }
            let key = String(parts[2][parts[2].index(after: slash)...])
            files.append(ItemFile(bucket: String(parts[2][..<slash]), key: key))
        }
        return files
    }
}
