/// Finds the end of a record and of each of its fields, byte by byte.
///
/// The scanner may stop at any byte for want of more and goes on from there, so that the pieces in which a text arrives
/// do not matter. Offsets of fields count from the record's start, which may move when a buffer is cut.
struct RecordScanner: Sendable {
    /// A field's place in its record.
    struct Field: Sendable {
        var start: Int
        var end: Int
        /// Whether it was enclosed in quotes; the place is then what they enclose.
        var isQuoted: Bool
        /// Whether it holds escapes.
        var hasEscapes: Bool
    }

    /// Why the scanner stopped.
    enum Step: Sendable {
        /// More bytes are needed.
        case needsMore
        /// A record, or an empty line or comment, ends.
        case ended
        /// There is nothing more.
        case finished
    }

    private enum State: Sendable {
        case fieldStart
        case leadingSpace
        case plain
        case quoted
        case escaped
        case quoteClosed
        case afterQuote
        case comment
        case badLine
        case tooLong
    }

    /// How many fields of a record are kept; more are only counted.
    static let fieldsMax = 1 << 16

    private let delimiter: [UInt8]
    private let delimiterStart: Int
    private let quote: Int
    private let escape: Int
    private let comment: Int
    private let recordSizeMax: Int
    /// For each byte, whether it means something outside (1) and inside (2) of quotes.
    private let classes: [UInt8]

    private var state = State.fieldStart
    private var position = 0
    private var skipsLineFeed = false
    private var fieldStart = 0
    private var quotedEnd = 0
    private var hasEscapes = false
    private var isBlankSoFar = true

    /// Where the record begins in the buffer.
    private(set) var start = 0
    /// Where it ends, without the line break.
    private(set) var end = 0
    /// The fields, at most ``fieldsMax``.
    private(set) var fields: [Field] = []
    /// How many fields there are.
    private(set) var fieldCount = 0
    /// The number of the last field that is not empty, counted from 1.
    private(set) var lastFilledField = 0
    /// All bytes of the record, or-ed.
    private(set) var bits: UInt8 = 0
    /// Whether it is a comment, alone on its line.
    private(set) var isComment = false
    /// What is wrong with it.
    private(set) var fault: RecordFault.Rule?
    /// How many bytes of the record came before `start`, where it is too long to be kept.
    private(set) var sizeBeforeStart = 0

    init(_ dialect: Dialect, recordSizeMax: Int) {
        delimiter = dialect.delimiter
        delimiterStart = dialect.delimiter.first.map { Int($0) } ?? -1
        quote = dialect.quote.map { Int($0) } ?? -1
        escape = dialect.escape.map { Int($0) } ?? -1
        comment = dialect.comment.map { Int($0) } ?? -1
        self.recordSizeMax = recordSizeMax
        var classes = [UInt8](repeating: 0, count: 256)
        for byte in [Int(UInt8(ascii: "\n")), Int(UInt8(ascii: "\r")), delimiterStart, comment] where byte >= 0 {
            classes[byte] |= 1
        }
        for byte in [quote, escape] where byte >= 0 {
            classes[byte] |= 2
        }
        self.classes = classes
    }

    /// The size of the record, without the line break.
    var size: Int { sizeBeforeStart + end - start }

    /// Whether the record is too long to be kept, so that its bytes go by as they come.
    var isPassing: Bool { state == .tooLong }

    /// The buffer has lost its first bytes, all before `start`.
    mutating func shift(by count: Int) {
        start -= count
        position -= count
    }

    /// Lets go of the bytes of a record that is too long.
    mutating func pass() {
        sizeBeforeStart += position - start
        start = position
    }

    /// Begins the next record where the last one ended.
    mutating func begin() {
        start = position
        state = .fieldStart
        fieldStart = 0
        fields.removeAll(keepingCapacity: true)
        fieldCount = 0
        lastFilledField = 0
        bits = 0
        isComment = false
        isBlankSoFar = true
        fault = nil
        sizeBeforeStart = 0
    }

    /// Goes over plain records at once, up to one that is wanted; must be called between records.
    ///
    /// - Parameters:
    ///   - buffer: The bytes from the record's start on.
    ///   - hash: What tells records.
    ///   - wanted: Which records are wanted; `nil` for all.
    ///   - number: Grows by the records that were gone over, empty lines left out.
    /// - Returns: The hash of one that is wanted, or `nil` where the next one has to be scanned.
    mutating func passPlain(
        _ buffer: [UInt8],
        _ hash: RecordHash,
        _ wanted: RecordFilter?,
        number: inout Int
    ) -> UInt64? {
        let bytes = buffer.span
        if skipsLineFeed {
            guard position < bytes.count else { return nil }
            if bytes[position] == UInt8(ascii: "\n") { position += 1 }
            skipsLineFeed = false
        }
        let text = bytes.bytes
        var place = position
        while let plain = hash.plain(in: text, from: place, sizeMax: recordSizeMax) {
            defer { place = plain.next }
            guard plain.end > place else { continue }
            number += 1
            guard wanted?.mayHold(plain.hash) ?? true else { continue }
            position = place
            begin()
            end = plain.end
            position = plain.next
            return plain.hash
        }
        position = place
        return nil
    }

    /// Goes on until the record ends or the buffer does.
    ///
    /// - Parameters:
    ///   - buffer: The bytes from the record's start on.
    ///   - isLast: Whether the text ends with them.
    /// - Returns: Why it stopped.
    mutating func scan(_ buffer: [UInt8], isLast: Bool) -> Step {
        let bytes = buffer.span
        if skipsLineFeed {
            guard position < bytes.count else { return isLast ? .finished : .needsMore }
            if bytes[position] == UInt8(ascii: "\n") {
                position += 1
                start += 1
            }
            skipsLineFeed = false
        }
        while true {
            let limit = state == .tooLong ? bytes.count : min(bytes.count, start + recordSizeMax + 1)
            if let step = advance(bytes, limit: limit, isLast: isLast) { return step }
            if position == bytes.count, state == .tooLong || position < start + recordSizeMax + 1 {
                return isLast ? endOfText(bytes) : .needsMore
            }
            if let step = tooLong(bytes) { return step }
        }
    }

    /// Goes on up to a limit; `nil` where it is reached.
    private mutating func advance(_ bytes: Span<UInt8>, limit: Int, isLast: Bool) -> Step? {
        while position < limit {
            let byte = bytes[position]
            switch state {
            case .fieldStart:
                if Int(byte) == quote {
                    openQuote()
                } else if byte == UInt8(ascii: " "), Int(byte) != delimiterStart, quote >= 0 {
                    state = .leadingSpace
                    position += 1
                } else {
                    state = .plain
                }
            case .leadingSpace:
                if Int(byte) == quote { openQuote() } else { state = .plain }
            case .plain:
                if let step = plain(bytes, limit: limit, isLast: isLast) { return step }
            case .quoted:
                quoted(bytes, limit: limit)
            case .escaped:
                bits |= byte
                position += 1
                state = .quoted
            case .quoteClosed:
                if Int(byte) == quote, escape == quote {
                    hasEscapes = true
                    position += 1
                    state = .quoted
                } else {
                    state = .afterQuote
                }
            case .afterQuote:
                if let step = afterQuote(byte, bytes, isLast: isLast) { return step }
            case .comment, .badLine, .tooLong:
                if let step = restOfLine(bytes, limit: limit) { return step }
            }
        }
        return nil
    }

    private mutating func openQuote() {
        position += 1
        fieldStart = position - start
        hasEscapes = false
        isBlankSoFar = false
        state = .quoted
    }

    private mutating func plain(_ bytes: Span<UInt8>, limit: Int, isLast: Bool) -> Step? {
        position = Self.passOver(bytes, position..<limit, classes, mask: 1, &bits)
        guard position < limit else { return nil }
        let byte = bytes[position]
        if Int(byte) == delimiterStart {
            guard let size = delimiterSize(bytes, isLast: isLast) else { return .needsMore }
            if size > 0 {
                endPlain()
                beginField(after: size)
                return nil
            }
        } else if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
            endPlain()
            return endLine(byte)
        } else if Int(byte) == comment {
            isComment = isBlankSoFar && isBlank(bytes)
            endPlain()
            state = .comment
            return nil
        }
        bits |= byte
        position += 1
        return nil
    }

    private mutating func quoted(_ bytes: Span<UInt8>, limit: Int) {
        position = Self.passOver(bytes, position..<limit, classes, mask: 2, &bits)
        guard position < limit else { return }
        if Int(bytes[position]) == quote {
            quotedEnd = position - start
            state = .quoteClosed
        } else {
            hasEscapes = true
            state = .escaped
        }
        position += 1
    }

    /// The first byte of a range that is of a class, or the range's end; all before it are or-ed to the bits.
    private static func passOver(
        _ bytes: Span<UInt8>,
        _ range: Range<Int>,
        _ classes: [UInt8],
        mask: UInt8,
        _ bits: inout UInt8
    ) -> Int {
        let classes = classes.span
        var i = range.lowerBound
        var seen = bits
        while i < range.upperBound {
            let byte = bytes[i]
            if classes[Int(byte)] & mask != 0 { break }
            seen |= byte
            i += 1
        }
        bits = seen
        return i
    }

    private mutating func afterQuote(_ byte: UInt8, _ bytes: Span<UInt8>, isLast: Bool) -> Step? {
        if Int(byte) == delimiterStart {
            guard let size = delimiterSize(bytes, isLast: isLast) else { return .needsMore }
            if size > 0 {
                endQuoted()
                beginField(after: size)
                return nil
            }
        } else if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
            endQuoted()
            return endLine(byte)
        } else if Int(byte) == comment {
            endQuoted()
            state = .comment
            return nil
        } else if byte == UInt8(ascii: " ") {
            position += 1
            return nil
        }
        return recover(.textAfterQuote, bytes)
    }

    private mutating func restOfLine(_ bytes: Span<UInt8>, limit: Int) -> Step? {
        var i = position
        var seen = bits
        while i < limit {
            let byte = bytes[i]
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                position = i
                bits = seen
                return endLine(byte)
            }
            seen |= byte
            i += 1
        }
        position = i
        bits = seen
        return nil
    }

    /// The size of the delimiter at the position; 0 where it is not one, `nil` where more bytes must tell.
    private func delimiterSize(_ bytes: Span<UInt8>, isLast: Bool) -> Int? {
        for k in 1..<max(1, delimiter.count) {
            guard position + k < bytes.count else { return isLast ? 0 : nil }
            if bytes[position + k] != delimiter[k] { return 0 }
        }
        return delimiter.count
    }

    private mutating func beginField(after size: Int) {
        position += size
        fieldStart = position - start
        isBlankSoFar = false
        state = .fieldStart
    }

    private mutating func endPlain() {
        add(Field(start: fieldStart, end: position - start, isQuoted: false, hasEscapes: false))
    }

    private mutating func endQuoted() {
        add(Field(start: fieldStart, end: quotedEnd, isQuoted: true, hasEscapes: hasEscapes))
    }

    private mutating func add(_ field: Field) {
        fieldCount += 1
        if field.end > field.start { lastFilledField = fieldCount }
        if fields.count < Self.fieldsMax { fields.append(field) }
    }

    private func isBlank(_ bytes: Span<UInt8>) -> Bool {
        for i in start + fieldStart..<position where bytes[i] != UInt8(ascii: " ") { return false }
        return true
    }

    private mutating func endLine(_ byte: UInt8) -> Step {
        end = position
        position += 1
        skipsLineFeed = byte == UInt8(ascii: "\r")
        return .ended
    }

    /// Makes the record's first physical line a bad record, and has the next line begin the next record.
    ///
    /// A quote that is never closed, or not closed properly, says nothing about where its record ends, and it must
    /// not take good lines with it. Where the first line is not at its end yet, scanning goes on to find that.
    private mutating func recover(_ rule: RecordFault.Rule, _ bytes: Span<UInt8>) -> Step? {
        fault = rule
        fields.removeAll(keepingCapacity: true)
        state = .badLine
        for i in start..<position where bytes[i] == UInt8(ascii: "\n") || bytes[i] == UInt8(ascii: "\r") {
            position = i
            return endLine(bytes[i])
        }
        return nil
    }

    private mutating func tooLong(_ bytes: Span<UInt8>) -> Step? {
        if state == .quoted || state == .escaped || state == .quoteClosed {
            if let step = recover(.unterminatedQuote, bytes) { return step }
        }
        fault = .lineTooLong
        fields.removeAll(keepingCapacity: true)
        state = .tooLong
        return nil
    }

    private mutating func endOfText(_ bytes: Span<UInt8>) -> Step {
        switch state {
        case .fieldStart where start == position && sizeBeforeStart == 0:
            return .finished
        case .quoted, .escaped:
            if let step = recover(.unterminatedQuote, bytes) { return step }
        case .fieldStart, .leadingSpace, .plain:
            endPlain()
        case .quoteClosed, .afterQuote:
            endQuoted()
        case .comment, .badLine, .tooLong:
            break
        }
        end = position
        return .ended
    }
}
