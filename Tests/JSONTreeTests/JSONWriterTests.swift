import JSONTree
import Testing

@Suite("JSON writer")
struct JSONWriterTests {
    @Test("Compact text keeps the order of keys")
    func compact() throws {
        let text = #"{"z":1,"a":[true,null,"x"],"m":{}}"#
        #expect(try JSON(parsing: text).text() == text)
    }

    @Test("Pretty text indents by two")
    func pretty() {
        let json: JSON = ["a": [1, ["b": nil]], "c": [], "d": [:]]
        #expect(
            json.text(.pretty) == """
                {
                  "a": [
                    1,
                    {
                      "b": null
                    }
                  ],
                  "c": [],
                  "d": {}
                }
                """
        )
    }

    @Test("What has to be escaped is escaped, and nothing else")
    func escapes() throws {
        let text = "\"\\/\u{08}\u{09}\u{0A}\u{0C}\u{0D}\u{01}\u{1F}\u{7F}é😀\u{2028}"
        let written = JSON.string(text).text()
        #expect(written == #""\"\\/\b\t\n\f\r\u0001\u001f"# + "\u{7F}é😀\u{2028}\"")
        #expect(try JSON(parsing: written) == .string(text))
    }

    @Test("Doubles are written as JSON numbers; infinities and NaN have none")
    func doubles() throws {
        #expect(JSON.double(1e300)?.text() == "1e+300")
        #expect(JSON.double(0.1)?.doubleValue == 0.1)
        #expect(JSON.double(.infinity) == nil)
        #expect(JSON.double(.nan) == nil)
        let literal: JSON = 2.5
        #expect(try JSON(parsing: literal.text()) == literal)
    }
}
