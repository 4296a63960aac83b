import DelimitedText
import Testing

@Suite struct DelimitedReaderTests {
    private func read(
        _ text: String,
        _ dialect: Dialect? = nil,
        fields: Int? = nil,
        limits: ReadingLimits = ReadingLimits()
    ) throws -> [TextRecord] {
        try read(Array(text.utf8), dialect, fields: fields, limits: limits)
    }

    private func read(
        _ bytes: [UInt8],
        _ dialect: Dialect? = nil,
        fields: Int? = nil,
        limits: ReadingLimits = ReadingLimits()
    ) throws -> [TextRecord] {
        let dialect = try dialect ?? Dialect(hasHeader: false)
        var reader = DelimitedReader(ArrayByteSource(bytes), dialect: dialect, expectedFields: fields, limits: limits)
        return try reader.collect()
    }

    @Test func `Records are numbered from 1, and the header has no number`() throws {
        var reader = DelimitedReader(ArrayByteSource(Array("id,name\n1,Ann\n\n2,Bob".utf8)), dialect: try Dialect())
        let records = try reader.collect()
        #expect(reader.header == ["id", "name"])
        #expect(reader.expectedFields == 2)
        #expect(records.map(\.number) == [1, 2])
        #expect(records.map(\.fields) == [["1", "Ann"], ["2", "Bob"]])
        #expect(records.map(\.raw) == ["1,Ann", "2,Bob"])
    }

    @Test func `LF, CRLF and CR end records, in any mixture`() throws {
        let records = try read("a,b\nc,d\r\ne,f\rg,h\r\n\r\ni,j\r\r\nk,l")
        #expect(
            records.map(\.fields) == [["a", "b"], ["c", "d"], ["e", "f"], ["g", "h"], ["i", "j"], ["k", "l"]]
        )
    }

    @Test func `A quoted field keeps line breaks, delimiters and quotes`() throws {
        let records = try read("\"a\r\nb\",\"c,d\",\"e\"\"f\"\n1,2,3\n")
        #expect(records.map(\.fields) == [["a\r\nb", "c,d", "e\"f"], ["1", "2", "3"]])
        #expect(records[0].raw == "\"a\r\nb\",\"c,d\",\"e\"\"f\"")
    }

    @Test func `A row with other fields than expected is ragged`() throws {
        let records = try read("a,b,c\n1,2\n1,2,3,4\n1,2,3,,\n,,\n")
        #expect(records.map(\.fault?.rule) == [nil, .raggedRow, .raggedRow, nil, nil])
        #expect(records[1].fault?.description == "ragged_row: expected 3 fields, found 2")
        #expect(records[2].fault?.description == "ragged_row: expected 3 fields, found 4")
        #expect(records[1].raw == "1,2")
        #expect(records[3].fields == ["1", "2", "3"])
    }

    @Test func `A quote that nothing closes spoils its first line only`() throws {
        let records = try read("a,b\n1,\"two\n3,4\n5,6\n")
        #expect(records.map(\.fault?.rule) == [nil, .unterminatedQuote, nil, nil])
        #expect(records.map(\.raw) == ["a,b", "1,\"two", "3,4", "5,6"])
    }

    @Test func `Text after a closing quote spoils the first line of its record only`() throws {
        let records = try read("a,b\n\"x\"y,1\n\"p\nq\"r,1\n3,4\n")
        #expect(records.map(\.fault?.rule) == [nil, .textAfterQuote, .textAfterQuote, nil, nil])
        #expect(records.map(\.raw) == ["a,b", "\"x\"y,1", "\"p", "q\"r,1", "3,4"])
    }

    @Test func `Bytes that are not UTF-8 spoil their record, named by their offset in the file`() throws {
        let records = try read([0xEF, 0xBB, 0xBF] + Array("a,b\nc,".utf8) + [0xC3, 0x28] + Array("\ne,f\n".utf8))
        #expect(records.map(\.fault?.rule) == [nil, .invalidUTF8, nil])
        #expect(records[1].fault?.message == "byte 0xC3 at offset 9 of the file is not UTF-8")
    }

    @Test(
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80], [0xE2, 0x82],
            [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xF0, 0x9F, 0x98], [0xFF],
        ] as [[UInt8]]
    )
    func `What Unicode calls ill-formed is found`(_ bytes: [UInt8]) throws {
        #expect(String(validating: bytes, as: UTF8.self) == nil)
        #expect(try read(bytes + [UInt8(ascii: ","), UInt8(ascii: "x")], fields: 2)[0].fault?.rule == .invalidUTF8)
        #expect(try read([UInt8(ascii: "x"), UInt8(ascii: ",")] + bytes, fields: 2)[0].fault?.rule == .invalidUTF8)
    }

    @Test func `Text that is well-formed in all four sizes passes`() throws {
        let text = "z,\u{7F}\u{80}\u{7FF}\u{800}\u{D7FF}\u{E000}\u{FFFF}\u{10000}\u{10FFFF}"
        #expect(try read(text)[0].fields == text.split(separator: ",").map(String.init))
    }

    @Test func `NUL is text`() throws {
        #expect(try read("a\0b,\"\0\"\n")[0].fields == ["a\0b", "\0"])
    }

    @Test func `A line beyond the limit is one bad record, and the next is read`() throws {
        let long = String(repeating: "x", count: 5_000)
        let limits = ReadingLimits(recordSizeMax: 1_000, rawSizeMax: 10)
        for piece in [1, 7, 999, 1_000, 1_001, 100_000] {
            let text = "a,b\n\(long),1\nc,d\n"
            let source = ArrayByteSource(Array(text.utf8), pieceSize: piece)
            var reader = DelimitedReader(source, dialect: try Dialect(hasHeader: false), limits: limits)
            let records = try reader.collect()
            #expect(records.map(\.fault?.rule) == [nil, .lineTooLong, nil], "piece \(piece)")
            #expect(records[1].raw == "xxxxxxxxxx")
            #expect(
                records[1].fault?.message
                    == "the record has 5002 bytes, more than 1000; the first 10 are kept"
            )
            #expect(records[2].fields == ["c", "d"])
        }
    }

    @Test func `The longest record that is allowed is read`() throws {
        let limits = ReadingLimits(recordSizeMax: 9, rawSizeMax: 4)
        let records = try read("1234567,9\n12345678,0\n\"456789\"\n\"4567890\"\n", fields: nil, limits: limits)
        #expect(records.map(\.fault?.rule) == [nil, .lineTooLong, .raggedRow, .raggedRow])
        #expect(try read("1234567,9", limits: limits)[0].fault == nil)
        #expect(try read("1234567,90", limits: limits)[0].fault?.rule == .lineTooLong)
    }

    @Test func `A quoted field beyond the limit spoils its first line only`() throws {
        let limits = ReadingLimits(recordSizeMax: 20, rawSizeMax: 20)
        let records = try read("a,\"b\n1,2\n3,4\n5,6\n7,8\n9,10\n", fields: 2, limits: limits)
        #expect(records.map(\.fault?.rule) == [.unterminatedQuote, nil, nil, nil, nil, nil])
        #expect(records.map(\.raw) == ["a,\"b", "1,2", "3,4", "5,6", "7,8", "9,10"])
    }

    @Test func `Memory stays bounded on a line of many pieces`() throws {
        struct Endless: ByteSource {
            var left = 400
            mutating func next() -> [UInt8]? {
                left -= 1
                return left < 0 ? nil : [UInt8](repeating: UInt8(ascii: left % 2 == 0 ? "," : "x"), count: 10_000)
            }
        }
        let limits = ReadingLimits(recordSizeMax: 50_000, rawSizeMax: 100)
        var reader = DelimitedReader(Endless(), dialect: try Dialect(hasHeader: false), limits: limits)
        #expect(try reader.next())
        #expect(reader.fault?.rule == .lineTooLong)
        #expect(reader.fault?.message.contains("4000000 bytes") == true)
        #expect(reader.bufferSizePeak <= 70_000)
        #expect(try !reader.next())
    }

    @Test func `Records before the header are passed over`() throws {
        let dialect = try Dialect(skippedRecords: 3)
        var reader = DelimitedReader(ArrayByteSource(Array("Report, 2026\n\n-\"-\nid,x\n1,2\n".utf8)), dialect: dialect)
        #expect(try reader.collect().map(\.fields) == [["1", "2"]])
        #expect(reader.header == ["id", "x"])
    }

    @Test func `A header with a fault is said to have one`() throws {
        var reader = DelimitedReader(ArrayByteSource(Array("\"a\"b,c\n1,2\n".utf8)), dialect: try Dialect())
        #expect(try reader.collect().map(\.fields) == [["1", "2"]])
        #expect(reader.header == nil)
        #expect(reader.headerFault?.rule == .textAfterQuote)
    }

    @Test func `Empty text has no records`() throws {
        for text in ["", "\n\r\n\r", "\u{FEFF}", "\u{FEFF}\n"] {
            #expect(try read(text, fields: 2).isEmpty)
            var reader = DelimitedReader(ArrayByteSource(Array(text.utf8)), dialect: try Dialect())
            #expect(try reader.collect().isEmpty)
            #expect(reader.header == nil)
        }
    }

    @Test func `Lines are records, and those with nothing but blanks are passed over`() throws {
        let lines = try read("{\"a\": 1}\n\n \t \r\n{\"b\": \"x,y\r\n\"z \n  ", .lines())
        #expect(lines.map(\.fields) == [["{\"a\": 1}"], ["{\"b\": \"x,y"], ["\"z "]])
        #expect(lines.map(\.raw) == lines.map { $0.fields[0] })
        #expect(lines.map(\.number) == [1, 2, 3])
        let bad = try read(Array("{}\n".utf8) + [0xFF, 0x0A] + Array("{}".utf8), .lines())
        #expect(bad.map(\.fault?.rule) == [nil, .invalidUTF8, nil])
    }

    @Test func `A dialect that contradicts itself is refused`() {
        for make in [
            { try Dialect(delimiter: "") }, { try Dialect(delimiter: "\n") }, { try Dialect(delimiter: "\"") },
            { try Dialect(delimiter: ";", comment: ";") }, { try Dialect(quote: "é") },
            { try Dialect(delimiter: "\\", escape: "\\") },
        ] as [() throws -> Dialect] {
            #expect(throws: DelimitedTextError.self) { try make() }
        }
    }
}
