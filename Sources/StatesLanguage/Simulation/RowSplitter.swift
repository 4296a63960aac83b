import JSONTree

/// The columns of a CSV file: every row is an object of texts; columns that are missing are empty, and superfluous ones
/// left out.
struct CSVHeaders: Sendable {
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

/// Splits the bytes of a CSV file into rows and fields.
///
/// As in RFC 4180, and with the two additions of the service: a quote that is repeated stands for one in fields without
/// quotes too, and a backslash makes a backslash, a quote or a delimiter after it a part of the field; before anything
/// else it is left out.
struct RowSplitter: Sendable {
    private enum Quoting {
        case none
        case quoted
        /// After a quote within quotes, which ends them unless another one follows.
        case afterQuote
        /// After a quote in a field without quotes, of which it is a part; another one is not.
        case afterInnerQuote
    }

    let delimiter: UInt8
    private var row: [String] = []
    private var field: [UInt8] = []
    private var size = 0
    private var quoting = Quoting.none
    private var isEscaped = false
    /// A line without any character is no row.
    private var hasContent = false

    init(delimiter: UInt8) {
        self.delimiter = delimiter
    }

    /// Takes a byte in; gives the row that it ends.
    mutating func add(_ byte: UInt8) throws(ItemReadingError) -> [String]? {
        size += 1
        guard size <= ItemSplitter.recordSizeMax else { throw .recordTooLarge }
        let (quote, backslash) = (UInt8(ascii: "\""), UInt8(ascii: "\\"))
        if isEscaped {
            isEscaped = false
            if byte == backslash || byte == quote || byte == delimiter {
                field.append(byte)
                return nil
            }
        } else if byte == backslash {
            if quoting != .quoted { quoting = .none }
            (isEscaped, hasContent) = (true, true)
            return nil
        }
        switch (quoting, byte) {
        case (.quoted, quote): quoting = .afterQuote
        case (.quoted, _): field.append(byte)
        case (.afterQuote, quote):
            field.append(quote)
            quoting = .quoted
        case (.afterInnerQuote, quote): quoting = .none
        case (_, quote) where field.isEmpty && quoting == .none: (quoting, hasContent) = (.quoted, true)
        case (_, delimiter): endField()
        // Of a line end of two characters the second one ends a line without content.
        case (_, UInt8(ascii: "\r")), (_, UInt8(ascii: "\n")): return finish()
        default:
            quoting = byte == quote ? .afterInnerQuote : .none
            field.append(byte)
            hasContent = true
        }
        return nil
    }

    /// The row that no line end follows.
    mutating func finish() -> [String]? {
        (size, quoting, isEscaped) = (0, .none, false)
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
