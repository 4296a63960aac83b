/// How the bytes of a text mean characters.
public enum TextEncoding: String, CaseIterable, Hashable, Sendable {
    /// UTF-8.
    case utf8 = "utf-8"
    /// ISO 8859-1: each byte is the character of its number.
    case latin1 = "latin-1"
    /// Windows-1252: as ISO 8859-1, with printable characters in 0x80 to 0x9F, five of which mean nothing.
    case windows1252 = "windows-1252"
    /// UTF-16 with a byte order mark; without one, little-endian.
    case utf16 = "utf-16"
    /// UTF-16, the low byte first.
    case utf16LittleEndian = "utf-16le"
    /// UTF-16, the high byte first.
    case utf16BigEndian = "utf-16be"

    /// Finds an encoding by one of its usual names, whatever their case and whether with `-`, `_` or nothing.
    public init?(name: String) {
        switch String(name.lowercased().filter { $0.isLetter || $0.isNumber }) {
        case "utf8", "utf8bom", "ascii", "usascii": self = .utf8
        case "latin1", "iso88591", "l1": self = .latin1
        case "windows1252", "cp1252": self = .windows1252
        case "utf16": self = .utf16
        case "utf16le", "ucs2le": self = .utf16LittleEndian
        case "utf16be", "ucs2be": self = .utf16BigEndian
        default: return nil
        }
    }
}
