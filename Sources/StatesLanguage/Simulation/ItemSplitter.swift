import JSONTree

/// Finds the items of a file while its bytes come in, and holds no more of it than one record.
///
/// Only a JSON file whose items a pointer leads to is held whole.
public struct ItemSplitter: Sendable {
    /// How many bytes a row, a line or an element may have.
    public static let recordSizeMax = 8 << 20
    /// How many bytes a file may have that is held whole.
    public static let wholeSizeMax = 16 << 20

    private enum Source: Sendable {
        case csv(RowSplitter, CSVHeaders)
        case lines(LineSplitter)
        case json(ElementSplitter)
        case whole([UInt8], itemsPointer: String?)
    }

    private var source: Source
    private var mark = ByteOrderMark()

    /// A splitter of files of a format.
    ///
    /// - Throws: ``ItemReadingError`` where the format is none of files with items.
    public init(_ format: ItemFormat) throws(ItemReadingError) {
        switch format.kind {
        case .csv:
            let delimiter = format.csvDelimiter.utf8.first ?? UInt8(ascii: ",")
            let headers = CSVHeaders(names: try format.csvHeaders.map(CSVHeaders.check))
            source = .csv(RowSplitter(delimiter: delimiter), headers)
        case .jsonLines: source = .lines(LineSplitter())
        case .json where (format.itemsPointer ?? "").isEmpty: source = .json(ElementSplitter())
        case .json: source = .whole([], itemsPointer: format.itemsPointer)
        case .manifest, .listing, .parquet:
            let hint = "write CSV, JSON or JSON lines"
            throw ItemReadingError(message: "Items of the type \(format.kind.rawValue) cannot be read here: \(hint)")
        }
    }

    /// Takes the next bytes in.
    ///
    /// - Returns: The items that are complete with them.
    /// - Throws: ``ItemReadingError`` where the file has no items.
    public mutating func add(_ bytes: [UInt8]) throws(ItemReadingError) -> [MapItem] {
        let bytes = mark.passing(bytes)
        var items: [MapItem] = []
        switch source {
        case .csv(var splitter, var headers):
            // What is taken apart must not be held twice while it changes.
            source = .whole([], itemsPointer: nil)
            for byte in bytes {
                guard let row = try splitter.add(byte) else { continue }
                if let item = try headers.item(row) { items.append(MapItem(item)) }
            }
            source = .csv(splitter, headers)
        case .lines(var splitter):
            source = .whole([], itemsPointer: nil)
            for byte in bytes {
                guard let line = try splitter.add(byte) else { continue }
                items.append(MapItem(try Self.parsed(line)))
            }
            source = .lines(splitter)
        case .json(var splitter):
            source = .whole([], itemsPointer: nil)
            for byte in bytes {
                if let item = try splitter.add(byte) { items.append(item) }
            }
            source = .json(splitter)
        case .whole(var held, let pointer):
            source = .whole([], itemsPointer: nil)
            guard held.count + bytes.count <= Self.wholeSizeMax else {
                let limit = "\(Self.wholeSizeMax >> 20) MiB at most"
                throw ItemReadingError(message: "A file with an ItemsPointer has \(limit): write JSON lines instead")
            }
            held += bytes
            source = .whole(held, itemsPointer: pointer)
        }
        return items
    }

    /// Ends the file.
    ///
    /// - Returns: The items that were not complete before.
    /// - Throws: ``ItemReadingError`` where the file breaks off, or has no items.
    public mutating func finish() throws(ItemReadingError) -> [MapItem] {
        switch source {
        case .csv(var splitter, var headers):
            guard let row = splitter.finish(), let item = try headers.item(row) else { return [] }
            return [MapItem(item)]
        case .lines(var splitter):
            guard let line = splitter.finish() else { return [] }
            return [MapItem(try Self.parsed(line))]
        case .json(let splitter):
            try splitter.finish()
            return []
        case .whole(let bytes, let pointer): return try Self.items(in: try Self.parsed(bytes), at: pointer)
        }
    }

    private static func items(in whole: JSON, at pointer: String?) throws(ItemReadingError) -> [MapItem] {
        var value = whole
        for name in (pointer ?? "").split(separator: "/") {
            guard let next = value[String(name)] else {
                throw ItemReadingError(message: "The pointer \(pointer ?? "") leads to nothing")
            }
            value = next
        }
        guard let items = MapItem.items(of: value) else { throw .notIterable }
        return items
    }

    static func parsed(_ bytes: [UInt8]) throws(ItemReadingError) -> JSON {
        do throws(JSONSyntaxError) {
            let options = JSONParserOptions(depthMax: 128, duplicateKeys: .keepLast)
            return try JSON(parsing: String(decoding: bytes, as: UTF8.self), options: options)
        } catch {
            throw ItemReadingError(message: "The file is not JSON: \(error)")
        }
    }
}

extension ItemReadingError {
    static let notIterable = ItemReadingError(message: "Attempting to map over non-iterable node.")

    static let recordTooLarge = ItemReadingError(
        message: "The file has an item of more than \(ItemSplitter.recordSizeMax >> 20) MiB"
    )
}

/// Passes over the mark that some programs begin a text of UTF-8 with.
private struct ByteOrderMark: Sendable {
    private var expected: ArraySlice<UInt8> = [0xEF, 0xBB, 0xBF]

    /// The bytes without what belongs to a mark.
    mutating func passing(_ bytes: [UInt8]) -> [UInt8] {
        guard !expected.isEmpty, !bytes.isEmpty else { return bytes }
        let seen = 3 - expected.count
        let count = zip(bytes, expected).prefix { $0 == $1 }.count
        expected = expected.dropFirst(count)
        guard count < bytes.count, !expected.isEmpty else { return Array(bytes.dropFirst(count)) }
        // It is none: what was taken for its beginning belongs to the text.
        expected = []
        return Array([0xEF, 0xBB].prefix(seen) + bytes)
    }
}

/// The columns of a CSV file: every row is an object of texts; columns that are missing are empty, and superfluous ones
/// left out.
private struct CSVHeaders: Sendable {
    var names: [String]?

    static func check(_ names: [String]) throws(ItemReadingError) -> [String] {
        guard Set(names).count == names.count else {
            throw ItemReadingError(message: "CSV headers cannot contain duplicates.")
        }
        return names
    }

    /// The item of a row; nil for the one with the headers.
    mutating func item(_ row: [String]) throws(ItemReadingError) -> JSON? {
        guard let names else {
            self.names = try Self.check(row)
            return nil
        }
        let members = names.enumerated().map { position, name in
            (name, JSON.string(position < row.count ? row[position] : ""))
        }
        return .object(JSONObject(members))
    }
}

/// Splits the bytes of a CSV file into rows and fields (RFC 4180).
private struct RowSplitter: Sendable {
    private enum Quoting {
        case none
        case quoted
        /// After a quote within quotes, which ends them unless another one follows.
        case afterQuote
    }

    let delimiter: UInt8
    private var row: [String] = []
    private var field: [UInt8] = []
    private var size = 0
    private var quoting = Quoting.none
    /// A line without any character is no row.
    private var hasContent = false

    init(delimiter: UInt8) {
        self.delimiter = delimiter
    }

    /// Takes a byte in; gives the row that it ends.
    mutating func add(_ byte: UInt8) throws(ItemReadingError) -> [String]? {
        size += 1
        guard size <= ItemSplitter.recordSizeMax else { throw .recordTooLarge }
        let quote = UInt8(ascii: "\"")
        switch (quoting, byte) {
        case (.quoted, quote): quoting = .afterQuote
        case (.quoted, _): field.append(byte)
        case (.afterQuote, quote):
            field.append(quote)
            quoting = .quoted
        case (_, quote) where field.isEmpty && quoting == .none: (quoting, hasContent) = (.quoted, true)
        case (_, delimiter): endField()
        // Of a line end of two characters the second one ends a line without content.
        case (_, UInt8(ascii: "\r")), (_, UInt8(ascii: "\n")): return finish()
        default:
            if quoting == .afterQuote { quoting = .none }
            field.append(byte)
            hasContent = true
        }
        return nil
    }

    /// The row that no line end follows.
    mutating func finish() -> [String]? {
        (size, quoting) = (0, .none)
        guard hasContent else { return nil }
        endField()
        defer { (row, hasContent) = ([], false) }
        return row
    }

    private mutating func endField() {
        row.append(String(decoding: field, as: UTF8.self))
        (field, quoting, hasContent) = ([], .none, true)
    }
}

/// Splits bytes into lines, without those that are blank.
private struct LineSplitter: Sendable {
    private var line: [UInt8] = []
    private var hasContent = false

    mutating func add(_ byte: UInt8) throws(ItemReadingError) -> [UInt8]? {
        guard byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r") else { return finish() }
        guard line.count < ItemSplitter.recordSizeMax else { throw .recordTooLarge }
        line.append(byte)
        hasContent = hasContent || !byte.isJSONBlank
        return nil
    }

    mutating func finish() -> [UInt8]? {
        defer { (line, hasContent) = ([], false) }
        return hasContent ? line : nil
    }
}
