/// Turns the bytes of an encoding into UTF-8, without a byte order mark.
///
/// Bytes that are nothing in the encoding become `0xFF`, which is nothing in UTF-8 either, so that the record that
/// holds them is found by the check that finds all others.
struct Transcoder: Sendable {
    /// What stands for bytes that are nothing in a declared encoding.
    static let invalid: UInt8 = 0xFF
    private static let faultsMax = 1024

    private let declared: TextEncoding
    private var encoding: TextEncoding?
    /// Bytes that wait for those that follow them: a possible byte order mark, half a unit, half a pair.
    private var held: [UInt8] = []
    /// How many bytes of the source are decoded.
    private var sourceOffset = 0
    /// How many bytes of UTF-8 that made.
    private var textOffset = 0
    /// The size of the text that the current piece is appended to.
    private var pieceStart = 0
    /// Where invalid bytes stand; no more than a bounded number, as they only serve messages.
    private var faults: [(text: Int, source: Int)] = []

    init(_ encoding: TextEncoding) {
        declared = encoding
    }

    /// Decodes a piece and appends it.
    mutating func decode(_ piece: [UInt8], isLast: Bool, into text: inout [UInt8]) {
        let bytes = held.isEmpty ? piece : held + piece
        held.removeAll(keepingCapacity: true)
        var start = 0
        if encoding == nil {
            guard bytes.count >= 3 || isLast else {
                held = bytes
                return
            }
            let mark = Self.byteOrderMark(of: bytes, declared)
            encoding = mark.encoding
            start = mark.size
        }
        sourceOffset += start
        pieceStart = text.count
        switch encoding ?? declared {
        case .utf8:
            if start == 0 { text += bytes } else { text += bytes[start...] }
            sourceOffset += bytes.count - start
        case .latin1, .windows1252:
            decodeBytes(bytes[start...], into: &text)
        case .utf16, .utf16LittleEndian:
            decodeUnits(bytes[start...], isLast: isLast, high: 1, into: &text)
        case .utf16BigEndian:
            decodeUnits(bytes[start...], isLast: isLast, high: 0, into: &text)
        }
        textOffset += text.count - pieceStart
    }

    /// The offset in the source of a byte of the text, if it is known; asked for in ascending order.
    mutating func sourceOffset(ofInvalidByteAt offset: Int) -> Int? {
        guard encoding != .utf8 else { return offset + (sourceOffset - textOffset) }
        guard let index = faults.firstIndex(where: { $0.text >= offset }) else {
            faults = []
            return nil
        }
        let fault = faults[index]
        faults.removeSubrange(..<index)
        return fault.text == offset ? fault.source : nil
    }

    /// The encoding that a text begins with, by its byte order mark or else as declared, and the mark's size.
    static func byteOrderMark(of bytes: [UInt8], _ declared: TextEncoding) -> (encoding: TextEncoding, size: Int) {
        switch declared {
        case .utf8: (.utf8, bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)
        case .utf16 where bytes.starts(with: [0xFE, 0xFF]): (.utf16BigEndian, 2)
        case .utf16: (.utf16LittleEndian, bytes.starts(with: [0xFF, 0xFE]) ? 2 : 0)
        case .utf16LittleEndian: (.utf16LittleEndian, bytes.starts(with: [0xFF, 0xFE]) ? 2 : 0)
        case .utf16BigEndian: (.utf16BigEndian, bytes.starts(with: [0xFE, 0xFF]) ? 2 : 0)
        case .latin1, .windows1252: (declared, 0)
        }
    }

    private mutating func decodeBytes(_ bytes: ArraySlice<UInt8>, into text: inout [UInt8]) {
        let table: [UInt16] = encoding == .windows1252 ? Self.windows1252 : []
        for byte in bytes {
            var code = UInt16(byte)
            if !table.isEmpty, byte >= 0x80, byte < 0xA0 { code = table[Int(byte - 0x80)] }
            if code == 0 && byte != 0 {
                markInvalid(in: &text, at: sourceOffset)
            } else {
                Self.append(UInt32(code), to: &text)
            }
            sourceOffset += 1
        }
    }

    private mutating func decodeUnits(
        _ bytes: ArraySlice<UInt8>,
        isLast: Bool,
        high: Int,
        into text: inout [UInt8]
    ) {
        var i = bytes.startIndex
        while i + 1 < bytes.endIndex {
            let unit = UInt32(bytes[i + high]) << 8 | UInt32(bytes[i + 1 - high])
            var size = 2
            if unit & 0xFC00 == 0xD800 {
                guard i + 3 < bytes.endIndex || isLast else { break }
                let next =
                    i + 3 < bytes.endIndex
                    ? UInt32(bytes[i + 2 + high]) << 8 | UInt32(bytes[i + 3 - high]) : 0
                if next & 0xFC00 == 0xDC00 {
                    Self.append(0x10000 + (unit & 0x3FF) << 10 + next & 0x3FF, to: &text)
                    size = 4
                } else {
                    markInvalid(in: &text, at: sourceOffset)
                }
            } else if unit & 0xFC00 == 0xDC00 {
                markInvalid(in: &text, at: sourceOffset)
            } else {
                Self.append(unit, to: &text)
            }
            i += size
            sourceOffset += size
        }
        if isLast, i < bytes.endIndex {
            markInvalid(in: &text, at: sourceOffset)
        } else {
            held += bytes[i...]
        }
    }

    private mutating func markInvalid(in text: inout [UInt8], at source: Int) {
        if faults.count < Self.faultsMax {
            faults.append((textOffset + text.count - pieceStart, source))
        }
        text.append(Self.invalid)
    }

    private static func append(_ code: UInt32, to text: inout [UInt8]) {
        switch code {
        case 0..<0x80:
            text.append(UInt8(code))
        case 0x80..<0x800:
            text.append(UInt8(0xC0 | code >> 6))
            text.append(UInt8(0x80 | code & 0x3F))
        case 0x800..<0x10000:
            text.append(UInt8(0xE0 | code >> 12))
            text.append(UInt8(0x80 | code >> 6 & 0x3F))
            text.append(UInt8(0x80 | code & 0x3F))
        default:
            text.append(UInt8(0xF0 | code >> 18))
            text.append(UInt8(0x80 | code >> 12 & 0x3F))
            text.append(UInt8(0x80 | code >> 6 & 0x3F))
            text.append(UInt8(0x80 | code & 0x3F))
        }
    }

    /// 0x80 to 0x9F; 0 for the five that mean nothing.
    private static let windows1252: [UInt16] = [
        0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
        0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E,
        0x0178,
    ]
}
