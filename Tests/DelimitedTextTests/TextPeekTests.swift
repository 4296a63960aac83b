import DelimitedText
import Testing

@Suite struct TextPeekTests {
    private func peek(
        _ text: String,
        _ dialect: Dialect? = nil,
        isWhole: Bool = true,
        expected: [String] = []
    ) throws -> TextPeek {
        TextPeek(Array(text.utf8), isWhole: isWhole, dialect: try dialect ?? Dialect(), expectedNames: expected)
    }

    @Test func `The header's names show exactly`() throws {
        #expect(try peek("id, name,,id,\"a \"\"b\"\"\"\n1,2\n").header == ["id", " name", "", "id", "a \"b\""])
    }

    @Test func `A header that is not all there is not guessed`() throws {
        #expect(try peek("id,na", isWhole: false).header == nil)
        #expect(try peek("id,\"na\nme", isWhole: false).header == nil)
        #expect(try peek("id,na", isWhole: true).header == ["id", "na"])
        #expect(try peek("id,na\n", isWhole: false).header == ["id", "na"])
    }

    @Test func `Another delimiter that gives expected names is suggested`() throws {
        #expect(try peek("id;name;x\n1;2;3\n", expected: ["id", "name"]).likelyDelimiter == ";")
        #expect(try peek("id\tname\n", expected: ["name"]).likelyDelimiter == "\t")
        #expect(try peek("id|a,b|name\n", Dialect(delimiter: ";"), expected: ["id", "name"]).likelyDelimiter == "|")
        #expect(try peek("a b: c\n", expected: ["id", "name"]).likelyDelimiter == nil)
        #expect(try peek("id\n1\n", expected: ["id"]).likelyDelimiter == nil)
        #expect(try peek("id,name\n", expected: ["id", "name"]).likelyDelimiter == nil)
        #expect(try peek("a;b;c\n").likelyDelimiter == ";")
    }

    @Test func `A JSON array shows by its bracket`() throws {
        #expect(try peek(" \n\t[{\"a\": 1}]", .lines()).isJSONArray)
        #expect(try peek("\u{FEFF}[1]", .lines()).isJSONArray)
        #expect(try !peek("{\"a\": []}\n", .lines()).isJSONArray)
        #expect(try !peek("", .lines()).isJSONArray)
    }

    @Test func `A byte order mark and UTF-16 without one show`() throws {
        #expect(try peek("\u{FEFF}a").markedEncoding == .utf8)
        let dialect = try Dialect()
        #expect(TextPeek([0xFF, 0xFE, 0x61, 0], isWhole: true, dialect: dialect).markedEncoding == .utf16LittleEndian)
        #expect(TextPeek([0xFE, 0xFF, 0, 0x61], isWhole: true, dialect: dialect).markedEncoding == .utf16BigEndian)
        let little = Array("id,name\n1,Ann\n".utf8).flatMap { [$0, UInt8(0)] }
        #expect(TextPeek(little, isWhole: true, dialect: dialect).looksLikeUTF16 == .utf16LittleEndian)
        let big = Array("id,name\n1,Ann\n".utf8).flatMap { [UInt8(0), $0] }
        #expect(TextPeek(big, isWhole: true, dialect: dialect).looksLikeUTF16 == .utf16BigEndian)
        #expect(try peek("id,name\n1,Ann\n").looksLikeUTF16 == nil)
    }

    @Test func `A header with a fault, and nothing at all, show`() throws {
        #expect(try peek("\"a\"b,c\n").headerFault?.rule == .textAfterQuote)
        #expect(try peek("").isEmpty)
        #expect(try !peek("", isWhole: false).isEmpty)
        #expect(try peek("").header == nil)
    }
}
