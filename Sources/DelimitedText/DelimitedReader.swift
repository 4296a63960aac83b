/// Splits a delimited text, or lines, into records, and loses none.
///
/// A text of any bytes is read to its end: what cannot be split is a record with a ``RecordFault`` and its exact text.
/// The pieces in which it arrives do not matter, and memory is bounded by ``ReadingLimits``.
///
/// A good text is read as DuckDB's strict CSV reader reads it:
/// - LF, CRLF and CR end a record, in any mixture.
/// - Empty lines are passed over; of lines that are not split, those with nothing but blanks too.
/// - Empty fields beyond the last expected one are dropped.
/// - A quote in the middle of a field that does not begin with one is an ordinary character. One space before an
///   opening quote and any after a closing one are dropped.
/// - A comment may begin anywhere outside of quotes; a line with nothing else is passed over.
///
/// Where DuckDB gives up, this goes on: a quote that is not closed, or followed by other text, makes the first line of
/// its record a bad record, and the next line begins a new one.
///
/// ```swift
/// var reader = DelimitedReader(source, dialect: try Dialect(delimiter: ";"))
/// while try reader.next() {
///     print(reader.number, reader.fault ?? reader.record().fields)
/// }
/// ```
public struct DelimitedReader: Sendable {
    /// The dialect of the text.
    public let dialect: Dialect
    /// What bounds memory.
    public let limits: ReadingLimits

    /// The names of the fields, once a record was asked for; `nil` without a header or where it has a fault.
    public private(set) var header: [String]?
    /// What is wrong with the header.
    public private(set) var headerFault: RecordFault?
    /// How many fields a record has: as was said, or as the header has, or as the first record has.
    public private(set) var expectedFields: Int?

    /// The number of the current record, counted from 1 without the header; before the first, 0.
    public private(set) var number = 0
    /// Why the current record has no fields.
    public private(set) var fault: RecordFault?

    var scanner: RecordScanner
    private var source: any ByteSource
    private var transcoder: Transcoder
    private(set) var buffer: [UInt8] = []
    /// The most bytes that were held at once.
    package private(set) var bufferSizePeak = 0
    /// How many bytes of the text came before the buffer.
    private var bufferOffset = 0
    private var isLast = false
    private var isPrepared = false
    /// The beginning of a record that is too long to be kept.
    private(set) var longRaw: [UInt8] = []

    /// Begins to read.
    ///
    /// - Parameters:
    ///   - source: The text.
    ///   - dialect: How it is written.
    ///   - expectedFields: How many fields a record has; `nil` for as many as the header or else the first record has.
    ///   - limits: What bounds memory.
    public init(
        _ source: some ByteSource,
        dialect: Dialect,
        expectedFields: Int? = nil,
        limits: ReadingLimits = ReadingLimits()
    ) {
        self.dialect = dialect
        self.limits = limits
        self.source = source
        self.expectedFields = dialect.isLines ? 1 : expectedFields
        transcoder = Transcoder(dialect.encoding)
        scanner = RecordScanner(dialect, recordSizeMax: limits.recordSizeMax)
    }

    /// Goes to the next record.
    ///
    /// - Returns: Whether there is one.
    /// - Throws: What the source throws.
    public mutating func next() throws -> Bool {
        try prepare()
        repeat {
            guard try scanRecord() else {
                fault = nil
                return false
            }
        } while scanner.isComment || isBlank
        number += 1
        fault = judge()
        return true
    }

    /// Goes to the next record, in haste: its number and fault are known, its fields only as their hash.
    ///
    /// - Parameters:
    ///   - hash: What tells records.
    ///   - wanted: Records that are surely none of these may be passed over where nothing is wrong with them, and are
    ///     counted only; `nil` for all.
    /// - Returns: The hash; `nil` at the end of the text.
    /// - Throws: What the source throws.
    public mutating func next(_ hash: RecordHash, among wanted: RecordFilter? = nil) throws -> UInt64? {
        try prepare()
        if let value = scanner.passPlain(buffer, hash, wanted, number: &number) {
            fault = nil
            return value
        }
        guard try next() else { return nil }
        let fields = (0..<fieldCount).map { field($0)[...] }
        return hash.hash(count: fields.count) { fields[$0] }
    }

    /// Reads the header, if there is one and it was not read yet, so that ``header`` and ``expectedFields`` are known.
    ///
    /// - Throws: What the source throws.
    public mutating func prepare() throws {
        guard !isPrepared else { return }
        isPrepared = true
        var passed = 0
        while passed < dialect.skippedRecords {
            guard try scanRecord() else { return }
            if !scanner.isComment { passed += 1 }
        }
        guard dialect.hasHeader else { return }
        repeat {
            guard try scanRecord() else { return }
        } while scanner.isComment || isBlank
        headerFault = scanner.fault.map { fault(of: $0) } ?? invalidText()
        guard headerFault == nil else { return }
        header = (0..<scanner.fields.count).map { String(decoding: field($0), as: UTF8.self) }
        expectedFields = expectedFields ?? scanner.fieldCount
    }

    private var isBlank: Bool {
        guard scanner.fault == nil else { return false }
        guard dialect.isLines else { return scanner.size == 0 }
        return buffer[scanner.start..<scanner.end].allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    }

    /// Finds the next line or record; `false` at the end of the text.
    private mutating func scanRecord() throws -> Bool {
        scanner.begin()
        longRaw.removeAll(keepingCapacity: true)
        while true {
            switch scanner.scan(buffer, isLast: isLast) {
            case .ended:
                if scanner.fault == .lineTooLong { keepLongRaw() }
                return true
            case .finished:
                return false
            case .needsMore:
                if scanner.isPassing {
                    keepLongRaw()
                    scanner.pass()
                }
                try refill()
            }
        }
    }

    private mutating func refill() throws {
        let kept = scanner.start
        if kept > 0 {
            buffer.removeSubrange(..<kept)
            bufferOffset += kept
            scanner.shift(by: kept)
        }
        if let piece = try source.next() {
            transcoder.decode(piece, isLast: false, into: &buffer)
        } else {
            isLast = true
            transcoder.decode([], isLast: true, into: &buffer)
        }
        bufferSizePeak = max(bufferSizePeak, buffer.count)
    }

    /// Keeps the beginning of a record that is too long, before its bytes go.
    private mutating func keepLongRaw() {
        let missing = limits.rawSizeMax - longRaw.count
        guard missing > 0, scanner.sizeBeforeStart == longRaw.count else { return }
        longRaw += buffer[scanner.start..<min(buffer.count, scanner.start + missing)]
    }

    private mutating func judge() -> RecordFault? {
        if let rule = scanner.fault { return fault(of: rule) }
        if let invalid = invalidText() { return invalid }
        let expected = expectedFields ?? scanner.fieldCount
        expectedFields = expected
        if scanner.fieldCount == expected || scanner.fieldCount > expected && scanner.lastFilledField <= expected {
            return nil
        }
        return RecordFault(.raggedRow, "expected \(expected) fields, found \(scanner.fieldCount)")
    }

    private func fault(of rule: RecordFault.Rule) -> RecordFault {
        switch rule {
        case .unterminatedQuote:
            RecordFault(rule, "a quote opens that nothing closes; the next line begins a new record")
        case .textAfterQuote:
            RecordFault(rule, "text follows a closing quote; the next line begins a new record")
        case .lineTooLong:
            RecordFault(
                rule,
                "the record has \(scanner.size) bytes, more than \(limits.recordSizeMax); "
                    + "the first \(min(longRaw.count, scanner.size)) are kept"
            )
        case .raggedRow, .invalidUTF8, .invalidEncoding:
            RecordFault(rule, rule.rawValue)
        }
    }

    private mutating func invalidText() -> RecordFault? {
        guard scanner.bits >= 0x80, let index = UTF8Check.firstInvalid(in: buffer.span, scanner.start..<scanner.end)
        else { return nil }
        let byte = String(buffer[index], radix: 16, uppercase: true)
        let offset = transcoder.sourceOffset(ofInvalidByteAt: bufferOffset + index)
        if dialect.encoding == .utf8 {
            return RecordFault(.invalidUTF8, "byte 0x\(byte) at offset \(offset ?? 0) of the file is not UTF-8")
        }
        let place = offset.map { "the bytes at offset \($0) of the file are" } ?? "it has bytes that are"
        return RecordFault(.invalidEncoding, "\(place) not \(dialect.encoding.rawValue)")
    }
}
