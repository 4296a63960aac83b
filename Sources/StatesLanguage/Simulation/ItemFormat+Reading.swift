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
        switch kind {
        case .csv: return try csvItems(text)
        case .json: return try jsonItems(text)
        case .jsonLines: return try lineItems(text)
        case .manifest, .listing, .parquet:
            throw ItemReadingError(message: "Items of the type \(kind.rawValue) cannot be read from a text")
        }
    }

    private func jsonItems(_ text: String) throws(ItemReadingError) -> [JSON] {
        var value = try parsed(text)
        for name in (itemsPointer ?? "").split(separator: "/") {
            guard let next = value[String(name)] else {
                throw ItemReadingError(message: "The pointer \(itemsPointer ?? "") leads to nothing")
            }
            value = next
        }
        guard let items = value.arrayValue else {
            throw ItemReadingError(message: "Attempting to map over non-iterable node.")
        }
        return items
    }

    private func lineItems(_ text: String) throws(ItemReadingError) -> [JSON] {
        var items: [JSON] = []
        for line in text.split(whereSeparator: \.isNewline) where !line.allSatisfy(\.isWhitespace) {
            items.append(try parsed(String(line)))
        }
        return items
    }

    private func parsed(_ text: String) throws(ItemReadingError) -> JSON {
        do throws(JSONSyntaxError) {
            return try JSON(parsing: text, options: JSONParserOptions(depthMax: 128, duplicateKeys: .keepLast))
        } catch {
            throw ItemReadingError(message: "The file is not JSON: \(error)")
        }
    }

    /// Every row is an object of texts: columns that are missing are empty, superfluous ones are left out.
    private func csvItems(_ text: String) throws(ItemReadingError) -> [JSON] {
        var rows = CSVRows(text, delimiter: csvDelimiter.unicodeScalars.first ?? ",").rows[...]
        guard let headers = csvHeaders ?? rows.popFirst() else { return [] }
        guard Set(headers).count == headers.count else {
            throw ItemReadingError(message: "CSV headers cannot contain duplicates.")
        }
        return rows.map { row in
            let members = headers.enumerated().map { position, header in
                (header, JSON.string(position < row.count ? row[position] : ""))
            }
            return .object(JSONObject(members))
        }
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

/// Splits a text into rows and fields (RFC 4180).
private struct CSVRows {
    private(set) var rows: [[String]] = []
    private var row: [String] = []
    private var field = String.UnicodeScalarView()
    private var hasContent = false

    init(_ text: String, delimiter: Unicode.Scalar) {
        var scalars = text.unicodeScalars.makeIterator()
        var pending = scalars.next()
        var isQuoted = false
        while let scalar = pending {
            pending = scalars.next()
            switch scalar {
            case "\"" where isQuoted:
                if pending == "\"" {
                    field.append("\"")
                    pending = scalars.next()
                } else {
                    isQuoted = false
                }
            case _ where isQuoted: field.append(scalar)
            case "\"" where field.isEmpty: (isQuoted, hasContent) = (true, true)
            case delimiter: endField()
            case "\r" where pending == "\n": break
            case "\n", "\r": endRow()
            default:
                field.append(scalar)
                hasContent = true
            }
        }
        endRow()
    }

    private mutating func endField() {
        row.append(String(field))
        field = String.UnicodeScalarView()
        hasContent = true
    }

    private mutating func endRow() {
        // A line without any character is no row.
        guard hasContent else { return }
        endField()
        rows.append(row)
        row = []
        hasContent = false
    }
}
