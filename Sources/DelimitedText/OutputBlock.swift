/// Bytes that are gathered before they are handed on, in memory that is kept.
struct OutputBlock: Sendable {
    private var bytes: [UInt8] = []
    /// How many bytes there are.
    private(set) var count = 0

    /// What was gathered.
    var content: ArraySlice<UInt8> { bytes[..<count] }

    mutating func removeAll() {
        count = 0
    }

    mutating func append(_ byte: UInt8) {
        reserve(1)
        bytes[count] = byte
        count += 1
    }

    mutating func append(_ more: [UInt8]) {
        append(more.span, 0..<more.count, doubling: nil)
    }

    /// Appends a number in decimal digits.
    mutating func append(_ number: Int) {
        if number >= 10 { append(number / 10) }
        append(UInt8(ascii: "0") + UInt8(number % 10))
    }

    /// Appends a part of a text, with each quote doubled where one is given.
    mutating func append(_ text: Span<UInt8>, _ range: Range<Int>, doubling quote: UInt8?) {
        reserve(range.count * 2)
        var end = count
        var out = bytes.mutableSpan
        if let quote {
            for i in range {
                let byte = text[i]
                out[end] = byte
                end += 1
                if byte == quote {
                    out[end] = byte
                    end += 1
                }
            }
        } else {
            for i in range {
                out[end] = text[i]
                end += 1
            }
        }
        count = end
    }

    /// Appends fields, each after the end of the one before, with each quote doubled.
    ///
    /// One loop over the whole row, as this is where the time of writing goes.
    ///
    /// - Parameters:
    ///   - fields: The places of the fields, from the beginning of the row on.
    ///   - row: The row.
    ///   - text: What the row lies in.
    ///   - hasDoubledQuotes: Whether enclosed fields have their quotes doubled already.
    mutating func append(
        _ fields: Span<RecordScanner.Field>,
        of row: Range<Int>,
        in text: Span<UInt8>,
        hasDoubledQuotes: Bool
    ) {
        let quote = UInt8(ascii: "\"")
        reserve(row.count * 2 + fields.count * 3)
        var end = count
        var out = bytes.mutableSpan
        for index in fields.indices {
            let field = fields[index]
            out[end] = quote
            out[end + 1] = UInt8(ascii: ",")
            out[end + 2] = quote
            end += 3
            let doubles = !(field.isQuoted && hasDoubledQuotes)
            for i in row.lowerBound + field.start..<row.lowerBound + field.end {
                let byte = text[i]
                out[end] = byte
                end += 1
                if byte == quote, doubles {
                    out[end] = byte
                    end += 1
                }
            }
        }
        count = end
    }

    private mutating func reserve(_ more: Int) {
        guard bytes.count - count < more else { return }
        bytes += [UInt8](repeating: 0, count: max(more, bytes.count, 4096))
    }
}
