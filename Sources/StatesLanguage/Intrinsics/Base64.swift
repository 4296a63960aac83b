/// Base64 of texts (RFC 4648), as the intrinsic functions have it.
enum Base64 {
    private static let sizeMax = 10_000
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// The Base64 of a text's UTF-8; nil where it is too long.
    static func encoded(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        guard bytes.count <= sizeMax else { return nil }
        var output: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var word = group.reduce(0) { $0 << 8 | Int($1) }
            word <<= 8 * (3 - group.count)
            for position in 0..<4 {
                let isPadding = position > group.count
                output.append(isPadding ? UInt8(ascii: "=") : alphabet[word >> (18 - 6 * position) & 63])
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// The text whose UTF-8 this is the Base64 of; nil where it is none or too long.
    static func decoded(_ text: String) -> String? {
        var bytes = Array(text.utf8)
        guard bytes.count <= sizeMax else { return nil }
        while bytes.last == UInt8(ascii: "=") { bytes.removeLast() }
        guard bytes.count % 4 != 1 else { return nil }
        var output: [UInt8] = []
        var word = 0
        var bits = 0
        for byte in bytes {
            guard let digit = alphabet.firstIndex(of: byte) else { return nil }
            word = (word << 6 | digit) & 0xFFFF
            bits += 6
            if bits >= 8 {
                bits -= 8
                output.append(UInt8(truncatingIfNeeded: word >> bits))
            }
        }
        return String(decoding: output, as: UTF8.self)
    }
}
