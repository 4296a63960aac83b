import JSONTree

/// Functions that write strings in other alphabets and read them back.
enum EncodingFunctions {
    static let all: [Builtin] = [
        Builtin("base64encode", "<s-:s>", arity: 1) { call throws(Failure) in try call.mapText(base64) },
        Builtin("base64decode", "<s-:s>", arity: 1) { call throws(Failure) in try call.mapText(fromBase64) },
        Builtin("encodeUrlComponent", "<s-:s>", arity: 1) { call throws(Failure) in
            try call.withText { text throws(Failure) in try encode(text, keeping: unreserved, "encodeUrlComponent") }
        },
        Builtin("encodeUrl", "<s-:s>", arity: 1) { call throws(Failure) in
            try call.withText { text throws(Failure) in try encode(text, keeping: unreserved + reserved, "encodeUrl") }
        },
        Builtin("decodeUrlComponent", "<s-:s>", arity: 1) { call throws(Failure) in
            try call.withText { text throws(Failure) in try decode(text, keeping: [], "decodeUrlComponent") }
        },
        Builtin("decodeUrl", "<s-:s>", arity: 1) { call throws(Failure) in
            try call.withText { text throws(Failure) in try decode(text, keeping: reserved, "decodeUrl") }
        },
    ]

    private static let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    private static let unreserved = Array("\(letters)-_.!~*'()".utf8)
    private static let reserved = Array(";/?:@&=+$,#".utf8)

    // MARK: - Base64

    private static let base64Alphabet = Array("\(letters)+/".utf8)
    private static let base64Values: [UInt8: UInt32] = {
        let pairs = base64Alphabet.enumerated().map { ($1, UInt32($0)) }
        let urlSafe = [(UInt8(ascii: "-"), UInt32(62)), (UInt8(ascii: "_"), UInt32(63))]
        return Dictionary(pairs + urlSafe, uniquingKeysWith: { first, _ in first })
    }()

    /// Encodes a text that is taken for one byte a code unit, as the reference implementation does.
    private static func base64(_ text: String) -> String {
        let bytes = text.utf16.map { UInt8(truncatingIfNeeded: $0) }
        var output: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(0) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
            for index in 0..<4 {
                let sextet = Int(bits >> UInt32(18 - 6 * index)) & 63
                output.append(index <= group.count ? base64Alphabet[sextet] : UInt8(ascii: "="))
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// Whether a text is Base64 (RFC 4648); only its padding may be missing.
    static func isBase64(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        let padding = bytes.reversed().prefix { $0 == UInt8(ascii: "=") }.count
        let digits = bytes.dropLast(padding)
        guard digits.allSatisfy(base64Alphabet.contains), digits.count % 4 != 1 else { return false }
        return padding == 0 || padding <= 2 && bytes.count % 4 == 0
    }

    /// Decodes a text into one code unit a byte; what is no Base64 is passed over.
    static func fromBase64(_ text: String) -> String {
        var units: [UInt16] = []
        var bits: UInt32 = 0
        var count: UInt32 = 0
        for byte in text.utf8 {
            if byte == UInt8(ascii: "=") { break }
            guard let value = base64Values[byte] else { continue }
            bits = bits << 6 | value
            count += 6
            if count >= 8 {
                count -= 8
                units.append(UInt16(bits >> count & 0xFF))
            }
        }
        return String(decoding: units, as: UTF16.self)
    }

    // MARK: - URLs

    private static func encode(_ text: String, keeping kept: [UInt8], _ name: String) throws(Failure) -> Value {
        // Half of a surrogate pair, which no URL can hold, is U+FFFD in a string of ours.
        guard !text.unicodeScalars.contains("\u{FFFD}") else { throw malformed(text, name) }
        var output: [UInt8] = []
        for byte in text.utf8 {
            if kept.contains(byte) {
                output.append(byte)
            } else {
                let digits = Array(String(byte, radix: 16, uppercase: true).utf8)
                output += [UInt8(ascii: "%")] + (digits.count == 1 ? [UInt8(ascii: "0")] : []) + digits
            }
        }
        return .string(String(decoding: output, as: UTF8.self))
    }

    private static func decode(_ text: String, keeping kept: [UInt8], _ name: String) throws(Failure) -> Value {
        let bytes = Array(text.utf8)
        var output: [UInt8] = []
        var index = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "%") else {
                output.append(bytes[index])
                index += 1
                continue
            }
            guard index + 2 < bytes.count, let high = bytes[index + 1].hexValue, let low = bytes[index + 2].hexValue
            else { throw malformed(text, name) }
            let byte = high << 4 | low
            output += kept.contains(byte) ? Array(bytes[index..<index + 3]) : [byte]
            index += 3
        }
        guard let result = String(validating: output, as: UTF8.self) else { throw malformed(text, name) }
        return .string(result)
    }

    private static func malformed(_ text: String, _ name: String) -> Failure {
        Failure("D3140", value: .string(text), inserts: ["functionName": .string(name)])
    }
}

extension UInt8 {
    fileprivate var hexValue: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
