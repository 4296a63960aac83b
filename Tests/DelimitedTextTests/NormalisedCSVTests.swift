import DelimitedText
import Testing

@Suite struct NormalisedCSVTests {
    private func write(
        _ bytes: [UInt8],
        _ dialect: Dialect,
        fields: Int? = nil,
        rawText: NormalisedCSV.RawText = .faultyRecords
    ) throws -> (text: String, summary: NormalisedCSV.Summary) {
        var reader = DelimitedReader(ArrayByteSource(bytes, pieceSize: 11), dialect: dialect, expectedFields: fields)
        var out: [UInt8] = []
        let summary = try NormalisedCSV.write(&reader, rawText: rawText) { out += $0 }
        return (try #require(String(validating: out, as: UTF8.self)), summary)
    }

    @Test func `Each record is one line with its number, its fault or its fields`() throws {
        let text = "id;note\n1;say \"hi\"\n2;\"a \"\"b\"\";\nc\"\n3\n4;x\"y\n"
        let (csv, summary) = try write(Array(text.utf8), Dialect(delimiter: ";"))
        #expect(
            csv == """
                "_source_row","_error","_raw","f1","f2"
                "1","","","1","say ""hi""\"
                "2","","","2","a ""b"";
                c"
                "3","ragged_row: expected 2 fields, found 1","3","",""
                "4","","","4","x""y"

                """
        )
        #expect(summary.records == 4)
        #expect(summary.fields == 2)
        #expect(summary.faults == [.raggedRow: 1])
        #expect(summary.lineSizeMax == #""3","ragged_row: expected 2 fields, found 1","3","","""#.utf8.count + 1)
    }

    @Test func `Text that is nothing in its encoding is written so that it can be read`() throws {
        let bytes = Array("a,\"".utf8) + [0xE9] + Array("\u{E9}\"\n".utf8)
        let (csv, summary) = try write(bytes, Dialect(hasHeader: false), fields: 2)
        #expect(
            csv.split(separator: "\n").last
                == #""1","invalid_utf8: byte 0xE9 at offset 3 of the file is not UTF-8","a,""\xE9é""","","""#
        )
        #expect(summary.faults == [.invalidUTF8: 1])
        let windows = try write([0x61, 0x81], Dialect(hasHeader: false, encoding: .windows1252), fields: 1)
        #expect(windows.text.contains("\"a\u{FFFD}\""))
    }

    @Test func `A number of fields that nothing tells is asked for`() throws {
        #expect(throws: DelimitedTextError.self) { try write([0xFF, 0x0A, 0x61], Dialect(hasHeader: false)) }
        #expect(try write([0xFF, 0x0A, 0x61], Dialect(hasHeader: false), fields: 1).summary.records == 2)
        #expect(try write([], Dialect(hasHeader: false)).summary.records == 0)
    }

    @Test func `The text of every record is written where that is asked for`() throws {
        let (csv, _) = try write(Array("a,\"b\"\n".utf8), Dialect(hasHeader: false), rawText: .everyRecord)
        #expect(csv.hasSuffix("\"1\",\"\",\"a,\"\"b\"\"\",\"a\",\"b\"\n"))
    }

    @Test func `What is written is read back by the reader itself, in every dialect`() throws {
        let fields = ["", " ", "\"", "''", "a,b;c", "\\", "\r\n", "é", "\0", "plain"]
        for (delimiter, quote, escape) in [(",", "\"", "\""), (";", "'", "'"), ("|", "\"", "\\"), ("\t", "'", "\\")]
            as [(String, Character, Character)]
        {
            let dialect = try Dialect(delimiter: delimiter, quote: quote, escape: escape, hasHeader: false)
            let enclosed = fields.map { field in
                "\(quote)" + field.map { $0 == quote || $0 == escape ? "\(escape)\($0)" : "\($0)" }.joined()
                    + "\(quote)"
            }
            let (csv, _) = try write(Array(enclosed.joined(separator: delimiter).utf8), dialect)
            var reader = DelimitedReader(ArrayByteSource(Array(csv.utf8)), dialect: try Dialect())
            let records = try reader.collect()
            #expect(records.map(\.fields) == [["1", "", ""] + fields])
        }
    }
}
