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
