/// Writes records as CSV that every strict reader reads alike: UTF-8, commas, every field in quotes, `"` doubled, LF.
///
/// The columns are `_source_row` (the record's number), `_error` (empty, or a ``RecordFault`` as text: the rule's name,
/// `: `, the message), `_raw` (the record's text) and `f1` to `fn`, which are empty where there is an error. Text that
/// is nothing in its encoding is written so that it can be read: a byte that is not UTF-8 as `\xE9`, and what is
/// nothing in another declared encoding as U+FFFD.
///
/// DuckDB reads it with `delim=','`, `quote='"'`, `escape='"'`, `new_line='\n'` (it refuses a CR in quotes otherwise),
/// `header=true` and a `max_line_size` of at least ``Summary/lineSizeMax``.
public enum NormalisedCSV: Sendable {
    /// For which records the text is written.
    public enum RawText: Hashable, Sendable {
        /// For those that have no fields.
        case faultyRecords
        /// For all.
        case everyRecord
    }

    /// What was written.
    public struct Summary: Hashable, Sendable {
        /// How many records there are.
        public var records = 0
        /// How many have a fault, by its rule.
        public var faults: [RecordFault.Rule: Int] = [:]
        /// How many columns `f1` to `fn` there are.
        public var fields = 0
        /// The longest line in bytes.
        public var lineSizeMax = 0
    }

    /// Writes all records of a reader.
    ///
    /// - Parameters:
    ///   - reader: The records; it is read to its end.
    ///   - rawText: For which records `_raw` is written.
    ///   - sink: Takes the CSV, block by block.
    /// - Returns: What was written.
    /// - Throws: What the reader's source and the sink throw; ``DelimitedTextError`` where neither the caller nor a
    ///   header nor the first record says how many fields there are.
    public static func write(
        _ reader: inout DelimitedReader,
        rawText: RawText = .faultyRecords,
        to sink: (ArraySlice<UInt8>) throws -> Void
    ) throws -> Summary {
        try withoutActuallyEscaping(sink) { sink in
            var writer = NormalisedWriter(rawText, sink)
            var hasRecord = try reader.next()
            if hasRecord, reader.expectedFields == nil {
                throw DelimitedTextError("the first record has a fault, so the number of fields must be given")
            }
            writer.writeHeader(fields: reader.expectedFields ?? 0)
            while hasRecord {
                try writer.write(&reader)
                hasRecord = try reader.next()
            }
            try writer.flush()
            return writer.summary
        }
    }
}

/// Gathers lines into blocks.
private struct NormalisedWriter {
    private static let blockSize = 256 * 1024
    private static let quote = UInt8(ascii: "\"")
    private static let betweenFields = Array(#"",""#.utf8)
    private static let digits = Array("0123456789ABCDEF".utf8)

    private let rawText: NormalisedCSV.RawText
    private let sink: (ArraySlice<UInt8>) throws -> Void
    private var block = OutputBlock()
    private(set) var summary = NormalisedCSV.Summary()

    init(_ rawText: NormalisedCSV.RawText, _ sink: @escaping (ArraySlice<UInt8>) throws -> Void) {
        self.rawText = rawText
        self.sink = sink
    }

    mutating func writeHeader(fields: Int) {
        summary.fields = fields
        block.append(Array(#""_source_row","_error","_raw""#.utf8))
        for number in 0..<fields { block.append(Array(",\"f\(number + 1)\"".utf8)) }
        block.append(UInt8(ascii: "\n"))
    }

    mutating func write(_ reader: inout DelimitedReader) throws {
        let start = block.count
        summary.records += 1
        block.append(Self.quote)
        block.append(reader.number)
        block.append(Self.betweenFields)
        if let fault = reader.fault {
            summary.faults[fault.rule, default: 0] += 1
            let text = Array(fault.description.utf8)
            block.append(text.span, 0..<text.count, doubling: Self.quote)
        }
        block.append(Self.betweenFields)
        if reader.fault != nil || rawText == .everyRecord {
            appendReadable(reader.raw.span, showsBytes: reader.dialect.encoding == .utf8)
        }
        reader.appendFields(count: summary.fields, to: &block)
        block.append(Self.quote)
        block.append(UInt8(ascii: "\n"))
        summary.lineSizeMax = max(summary.lineSizeMax, block.count - start)
        if block.count >= Self.blockSize { try flush() }
    }

    mutating func flush() throws {
        if block.count > 0 { try sink(block.content) }
        block.removeAll()
    }

    /// Appends text with doubled quotes, and bytes that are no text in a form that is.
    private mutating func appendReadable(_ bytes: Span<UInt8>, showsBytes: Bool) {
        var start = 0
        while start < bytes.count {
            let end = UTF8Check.firstInvalid(in: bytes, start..<bytes.count) ?? bytes.count
            block.append(bytes, start..<end, doubling: Self.quote)
            guard end < bytes.count else { return }
            if showsBytes {
                block.append(Array(#"\x"#.utf8))
                block.append(Self.digits[Int(bytes[end] >> 4)])
                block.append(Self.digits[Int(bytes[end] & 15)])
            } else {
                block.append([0xEF, 0xBF, 0xBD])
            }
            start = end + 1
        }
    }
}

extension DelimitedReader {
    /// Appends the current record's fields, each after the end of the one before, with their quotes doubled.
    func appendFields(count: Int, to block: inout OutputBlock) {
        let quote = UInt8(ascii: "\"")
        let present = min(fieldCount, count)
        let isWrittenAsRead = dialect.quote == nil || dialect.quote == quote && (dialect.escape ?? quote) == quote
        if !isWrittenAsRead {
            for index in 0..<present {
                block.append(Self.betweenFields)
                let field = field(index)
                block.append(field.span, 0..<field.count, doubling: quote)
            }
        } else {
            let fields = scanner.fields.span.extracting(first: present)
            block.append(fields, of: scanner.start..<scanner.end, in: buffer.span, hasDoubledQuotes: true)
        }
        for _ in present..<count { block.append(Self.betweenFields) }
    }

    private static let betweenFields = Array(#"",""#.utf8)
}
