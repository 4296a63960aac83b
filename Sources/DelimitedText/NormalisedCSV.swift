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
    private static let betweenFields = Array(#"",""#.utf8)

    private let rawText: NormalisedCSV.RawText
    private let sink: (ArraySlice<UInt8>) throws -> Void
    private var block: [UInt8] = []
    private(set) var summary = NormalisedCSV.Summary()

    init(_ rawText: NormalisedCSV.RawText, _ sink: @escaping (ArraySlice<UInt8>) throws -> Void) {
        self.rawText = rawText
        self.sink = sink
        block.reserveCapacity(Self.blockSize + Self.blockSize / 4)
    }

    mutating func writeHeader(fields: Int) {
        summary.fields = fields
        block += Array(#""_source_row","_error","_raw""#.utf8)
        for number in 0..<fields { block += Array(",\"f\(number + 1)\"".utf8) }
        block.append(UInt8(ascii: "\n"))
    }

    mutating func write(_ reader: inout DelimitedReader) throws {
        let start = block.count
        summary.records += 1
        block.append(UInt8(ascii: "\""))
        Self.append(reader.number, to: &block)
        if let fault = reader.fault {
            summary.faults[fault.rule, default: 0] += 1
            block += Self.betweenFields
            block += Array(fault.description.utf8)
            block += Self.betweenFields
            Self.appendRaw(of: reader, to: &block)
            for _ in 0..<summary.fields { block += Self.betweenFields }
        } else {
            block += Self.betweenFields
            block += Self.betweenFields
            if rawText == .everyRecord { Self.appendRaw(of: reader, to: &block) }
            reader.appendFields(count: summary.fields, to: &block)
        }
        block.append(UInt8(ascii: "\""))
        block.append(UInt8(ascii: "\n"))
        summary.lineSizeMax = max(summary.lineSizeMax, block.count - start)
        if block.count >= Self.blockSize { try flush() }
    }

    mutating func flush() throws {
        if !block.isEmpty { try sink(block[...]) }
        block.removeAll(keepingCapacity: true)
    }

    private static func append(_ number: Int, to block: inout [UInt8]) {
        if number >= 10 { append(number / 10, to: &block) }
        block.append(UInt8(ascii: "0") + UInt8(number % 10))
    }

    private static func appendRaw(of reader: borrowing DelimitedReader, to block: inout [UInt8]) {
        let raw = reader.raw
        let isWellFormed = reader.scanner.bits < 0x80 || UTF8Check.firstInvalid(in: raw.span, 0..<raw.count) == nil
        if isWellFormed, !raw.contains(UInt8(ascii: "\"")) {
            block += raw
        } else {
            appendReadable(raw.span, showsBytes: reader.dialect.encoding == .utf8, to: &block)
        }
    }

    /// Appends text with doubled quotes, and bytes that are no text in a form that is.
    private static func appendReadable(_ bytes: Span<UInt8>, showsBytes: Bool, to block: inout [UInt8]) {
        let digits = Array("0123456789ABCDEF".utf8)
        var i = 0
        while i < bytes.count {
            let size = UTF8Check.characterSize(in: bytes, at: i, end: bytes.count)
            if size == 0 {
                block +=
                    showsBytes
                    ? [UInt8(ascii: "\\"), UInt8(ascii: "x"), digits[Int(bytes[i] >> 4)], digits[Int(bytes[i] & 15)]]
                    : [0xEF, 0xBF, 0xBD]
                i += 1
                continue
            }
            if bytes[i] == UInt8(ascii: "\"") { block.append(UInt8(ascii: "\"")) }
            for k in 0..<size { block.append(bytes[i + k]) }
            i += size
        }
    }
}

extension DelimitedReader {
    /// Appends the current record's fields, each after the end of the one before, with their quotes doubled.
    mutating func appendFields(count: Int, to block: inout [UInt8]) {
        let double = UInt8(ascii: "\"")
        let isDoubledInSource = dialect.quote == double && dialect.escape == double
        let hasNoQuotes = !scanner.hasQuotes && dialect.quote == double
        let present = fieldCount
        for index in 0..<count {
            block.append(double)
            block.append(UInt8(ascii: ","))
            block.append(double)
            guard index < present else { continue }
            let field = scanner.fields[index]
            let range = scanner.start + field.start..<scanner.start + field.end
            if hasNoQuotes || isDoubledInSource && field.isQuoted {
                block += buffer[range]
            } else {
                let bytes = field.hasEscapes ? Self.unescaped(buffer[range], dialect.escape)[...] : buffer[range]
                for byte in bytes {
                    if byte == double { block.append(double) }
                    block.append(byte)
                }
            }
        }
    }
}
