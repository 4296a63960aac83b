import DelimitedText
import Foundation
import Testing

@Suite struct EncodingTests {
    private func read(_ bytes: [UInt8], _ encoding: TextEncoding, piece: Int = .max) throws -> [TextRecord] {
        let dialect = try Dialect(delimiter: ";", hasHeader: false, encoding: encoding)
        var reader = DelimitedReader(ArrayByteSource(bytes, pieceSize: piece), dialect: dialect)
        return try reader.collect()
    }

    @Test(
        arguments: [
            (TextEncoding.utf8, String.Encoding.utf8), (.latin1, .isoLatin1), (.windows1252, .windowsCP1252),
            (.utf16LittleEndian, .utf16LittleEndian), (.utf16BigEndian, .utf16BigEndian),
            (.utf16, .utf16LittleEndian),
        ]
    )
    func `A text reads the same in every encoding that can hold it`(_ pair: (TextEncoding, String.Encoding)) throws {
        let (encoding, foundation) = pair
        var text = "Stra\u{DF}e;\"\u{E9};\u{FF}\"\r\n\u{A0};b\n"
        if encoding == .windows1252 { text += "\u{20AC};\u{201E}\u{178}\n" }
        if encoding.rawValue.hasPrefix("utf") { text += "\u{20AC};\u{1F600}\u{FFFF}\n" }
        let bytes = try #require(text.data(using: foundation))
        let expected = try read(Array(text.utf8), .utf8)
        #expect(expected.count == text.split(whereSeparator: \.isNewline).count)
        for piece in [1, 2, 3, 5, 1_000] {
            #expect(try read(Array(bytes), encoding, piece: piece) == expected)
        }
    }

    @Test func `A byte order mark is no text, and decides the order of UTF-16`() throws {
        let text = "a;\u{E9}\n"
        let little = try Array(#require(text.data(using: .utf16LittleEndian)))
        let big = try Array(#require(text.data(using: .utf16BigEndian)))
        for piece in [1, 2, 1_000] {
            #expect(try read([0xFF, 0xFE] + little, .utf16, piece: piece)[0].fields == ["a", "\u{E9}"])
            #expect(try read([0xFE, 0xFF] + big, .utf16, piece: piece)[0].fields == ["a", "\u{E9}"])
            #expect(try read([0xFE, 0xFF] + big, .utf16BigEndian, piece: piece)[0].fields == ["a", "\u{E9}"])
            #expect(try read([0xEF, 0xBB, 0xBF] + Array(text.utf8), .utf8, piece: piece)[0].fields == ["a", "\u{E9}"])
        }
    }

    @Test func `Bytes that are nothing in the encoding spoil their record only`() throws {
        let windows = try read(Array("a;b\nc;".utf8) + [0x81] + Array("\nd;e".utf8), .windows1252)
        #expect(windows.map(\.fault?.rule) == [nil, .invalidEncoding, nil])
        #expect(windows[1].fault?.message == "the bytes at offset 6 of the file are not windows-1252")
        let lone: [UInt8] = [0x61, 0, 0x0A, 0, 0x62, 0, 0x00, 0xD8, 0x63, 0, 0x0A, 0, 0x64, 0]
        for piece in [1, 2, 3, 100] {
            let records = try read(lone, .utf16LittleEndian, piece: piece)
            #expect(records.map(\.fault?.rule) == [nil, .invalidEncoding, nil])
            #expect(records[1].fault?.message == "the bytes at offset 6 of the file are not utf-16le")
            let odd = try read(lone + [0x00, 0x0A, 0x65], .utf16LittleEndian, piece: piece)
            #expect(odd.last?.fault?.rule == .invalidEncoding)
        }
    }

    @Test func `Encodings are found by their usual names`() {
        #expect(TextEncoding(name: "UTF-8") == .utf8)
        #expect(TextEncoding(name: "ISO_8859-1") == .latin1)
        #expect(TextEncoding(name: "cp1252") == .windows1252)
        #expect(TextEncoding(name: "utf16") == .utf16)
        #expect(TextEncoding(name: "ebcdic") == nil)
        for encoding in TextEncoding.allCases { #expect(TextEncoding(name: encoding.rawValue) == encoding) }
    }
}
