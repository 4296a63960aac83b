import Foundation
import IngotCore
import IngotEngine
import Testing

/// Delimited text with bytes, lines and headers that should not be there.
@Suite("Bad delimited text", .timeLimit(.minutes(30)))
struct BadTextTests {
    private static func utf16(_ text: String) -> [UInt8] {
        [0xFF, 0xFE] + text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    }

    @Test("A NUL is text in a value, a ragged row alone in its line, and the object's fault in the header")
    func nul() async throws {
        let project = try TestProject.things(source: "format: csv")
        try project.write("id,name\n1,a\0b\n\0\n3,c\n", to: "landing/rows.csv")
        try project.write("id,na\0me\n1,a\n", to: "landing/header.csv")
        try project.write([UInt8](repeating: 0, count: 1_000), to: "landing/zeros.csv")
        try project.write("id,name\n1,good\n", to: "landing/good.csv")
        let report = try await project.ingestThings()
        #expect(report.objects == .init(loaded: 2, quarantined: 2))
        #expect(report.rows == RowCounts(read: 4, silver: 3, quarantined: 1))
        #expect(try await project.things(of: "rows.csv") == ["1|1|a\0b", "3|3|c"])
        #expect(try await project.reasons(of: "rows.csv") == ["2|ragged_row||expected 2 fields, found 1"])
        #expect(
            try await project.reasons(of: "header.csv") == ["0|unreadable||field 2 of the header holds a NUL byte"]
        )
        #expect(
            try await project.reasons(of: "zeros.csv") == ["0|unreadable||field 1 of the header holds a NUL byte"]
        )
        #expect(try await project.things(of: "good.csv") == ["1|1|good"])
    }

    @Test("Bytes that are not UTF-8 reject their row, with the place in the file and the text as far as it is text")
    func invalidUTF8() async throws {
        let project = try TestProject.things(source: "format: csv")
        try project.write(Array("id,name\n1,a\n2,b".utf8) + [0xFF] + Array("b\n3,c\n".utf8), to: "landing/row.csv")
        try project.write(Array("id,n".utf8) + [0xC3] + Array("\n1,a\n".utf8), to: "landing/header.csv")
        try project.write("id,name\n1,good\n", to: "landing/good.csv")
        let report = try await project.ingestThings()
        #expect(report.objects == .init(loaded: 2, quarantined: 1))
        #expect(report.rows == RowCounts(read: 4, silver: 3, quarantined: 1))
        #expect(try await project.things(of: "row.csv") == ["1|1|a", "3|3|c"])
        #expect(
            try await project.reasons(of: "row.csv")
                == ["2|invalid_utf8||byte 0xFF at offset 15 of the file is not UTF-8"]
        )
        let raw = try await project.rows("quarantine.things", "SELECT raw FROM t WHERE _source_row = 2")
        #expect(raw.count == 1 && raw[0][0].hasPrefix("2,b") && raw[0][0].hasSuffix("b"))
        #expect(
            try await project.reasons(of: "header.csv")
                == ["0|unreadable||the header cannot be read: byte 0xC3 at offset 4 of the file is not UTF-8"]
        )
    }

    @Test("UTF-16 that breaks off in the middle of a character rejects its last record alone")
    func oddUTF16() async throws {
        let project = try TestProject.things(source: "format: csv, encoding: utf-16")
        try project.write(Self.utf16("id,name\n1,a\n2,b\n3,c") + [0x64], to: "landing/odd.csv")
        try project.write(Self.utf16("id,name\n1,good\n"), to: "landing/good.csv")
        let report = try await project.ingestThings()
        #expect(report.objects == .init(loaded: 2))
        #expect(report.rows == RowCounts(read: 4, silver: 3, quarantined: 1))
        #expect(try await project.things(of: "odd.csv") == ["1|1|a", "2|2|b"])
        let reasons = try await project.reasons(of: "odd.csv")
        #expect(reasons.count == 1 && reasons[0].hasPrefix("3|invalid_encoding||"), "\(reasons)")
    }

    @Test("UTF-16 that is declared as nothing is named, with or without its mark")
    func undeclaredUTF16() async throws {
        let project = try TestProject.things(source: "format: csv")
        try project.write(Self.utf16("id,name\n1,a\n"), to: "landing/marked.csv")
        try project.write(Array(Self.utf16("id,name\n1,a\n2,b\n").dropFirst(2)), to: "landing/plain.csv")
        let report = try await project.ingestThings()
        #expect(report.objects == .init(quarantined: 2))
        for key in ["marked.csv", "plain.csv"] {
            let reasons = try await project.reasons(of: key)
            #expect(reasons.count == 1 && reasons[0].hasPrefix("0|unreadable||"))
            #expect(reasons.first?.hasSuffix("it seems to be UTF-16: encoding: utf-16") == true, "\(reasons)")
        }
    }

    @Test("A text of nothing but empty lines, comments or a byte order mark is an object without rows")
    func nothing() async throws {
        let project = try TestProject.things(source: "format: csv, comment: '#'")
        let texts = ["\n\n", "\r\n", "\u{FEFF}", "# nothing\n\n# here", "id,name", "id,name\n\n\n"]
        for (number, text) in texts.enumerated() { try project.write(text, to: "landing/\(number).csv") }
        let report = try await project.ingestThings()
        #expect(report.objects == .init(loaded: texts.count))
        #expect(report.rows == RowCounts())
    }

    @Test("A header that is quoted without end, or names nothing that is wanted, is the object's fault")
    func header() async throws {
        let project = try TestProject.things(source: "format: csv")
        try project.write("\"id,name\n1,a\n", to: "landing/quote.csv")
        try project.write(",,\n1,2,3\n", to: "landing/empty.csv")
        let report = try await project.ingestThings()
        #expect(report.objects == .init(quarantined: 2))
        #expect(report.rows == RowCounts(read: 1, quarantined: 1))
        #expect(
            try await project.reasons(of: "quote.csv") == [
                "0|unreadable||the header cannot be read: a quote opens that nothing closes; the next line begins a new "
                    + "record"
            ]
        )
        #expect(
            try await project.reasons(of: "empty.csv") == [
                "1|missing_columns||none of the pipeline's fields is there; "
                    + "found \"column_1\", \"column_2\", \"column_3\""
            ]
        )
        let raw = try await project.rows("quarantine.things", "SELECT raw FROM t WHERE _source_row = 1")
        #expect(raw == [["{\"column_1\":\"1\",\"column_2\":\"2\",\"column_3\":\"3\"}"]])
    }

    @Test("Numbers with separators of thousands are rejected whatever the separator, and no digit is guessed")
    func thousands() async throws {
        let project = try TestProject.things(source: "format: csv, delimiter: ';'")
        try project.write("id;name\n1,000;a\n1 000;b\n1'000;c\n1.000;d\n1.001;e\n", to: "landing/a.csv")
        let report = try await project.ingestThings()
        #expect(report.rows == RowCounts(read: 5, silver: 1, quarantined: 4))
        #expect(
            try await project.reasons(of: "a.csv") == [
                "1|data_type|id|\"1,000\" is not a valid bigint", "2|data_type|id|\"1 000\" is not a valid bigint",
                "3|data_type|id|\"1'000\" is not a valid bigint",
                "5|data_type|id|\"1.001\" cannot be kept as bigint without loss",
            ]
        )
    }

    @Test("A bad record of a zstd file makes the object unreadable; what to do is said, and the others go on")
    func zstd() async throws {
        let project = try TestProject.things(source: "format: csv")
        // By the `zstd` tool: `id,name`, `1,a`, and then `2,b,c`, `3,d` or `2,b`, `x,d`.
        let ragged = try #require(Data(base64Encoded: "KLUv/QBYsQAAaWQsbmFtZQoxLGEKMixiLGMKMyxkCg=="))
        let sound = try #require(Data(base64Encoded: "KLUv/QBYoQAAaWQsbmFtZQoxLGEKMixiCngsZAo="))
        try project.write(Array(ragged), to: "landing/ragged.csv.zst")
        try project.write(Array(sound), to: "landing/sound.csv.zst")
        try project.write(Array(sound.dropLast(6)), to: "landing/cut.csv.zst")
        let report = try await project.ingestThings()
        #expect(report.objects == .init(loaded: 1, quarantined: 2))
        #expect(report.rows == RowCounts(read: 3, silver: 2, quarantined: 1))
        let advice =
            "0|unreadable||the zstd text has a record that cannot be read; "
            + "decompress the object to have that record alone rejected"
        #expect(try await project.reasons(of: "ragged.csv.zst") == [advice])
        #expect(try await project.things(of: "sound.csv.zst") == ["1|1|a", "2|2|b"])
        #expect(try await project.reasons(of: "sound.csv.zst") == ["3|data_type|id|\"x\" is not a valid bigint"])
        #expect(
            try await project.reasons(of: "cut.csv.zst") == ["0|unreadable||the zstd data breaks off before its end"]
        )
        // The advice works.
        try project.write("id,name\n1,a\n2,b,c\n3,d\n", to: "landing/ragged.csv")
        #expect(try await project.ingestThings().rows == RowCounts(read: 3, silver: 2, quarantined: 1))
    }
}
