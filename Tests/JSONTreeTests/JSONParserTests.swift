import JSONTree
import Testing

@Suite("JSON parser")
struct JSONParserTests {
    @Test("Every kind of value is read")
    func kinds() throws {
        let json = try JSON(parsing: #" {"n": null, "t": true, "f": [false, 1, -2, 1.5e3, "x"], "o": {}} "#)
        #expect(
            json == [
                "n": nil, "t": true, "f": [false, 1, -2, .number(try #require(JSONNumber(text: "1.5e3"))), "x"],
                "o": [:],
            ]
        )
        #expect(json["f"]?[3]?.doubleValue == 1500)
        #expect(json.objectValue?.keys == ["n", "t", "f", "o"])
    }

    @Test(
        "Numbers survive reading and writing unchanged",
        arguments: [
            "0", "-0", "9223372036854775807", "-9223372036854775808", "9223372036854775808", "1.10", "1E400",
            "123456789012345678901234567890.123456789", "-0.0", "5e-324",
        ]
    )
    func numbersSurvive(text: String) throws {
        #expect(try JSON(parsing: text).text() == text)
    }

    @Test("Integers are exact to the ends of Int64")
    func integers() throws {
        #expect(try JSON(parsing: "9223372036854775807").int64Value == .max)
        #expect(try JSON(parsing: "-9223372036854775808").int64Value == .min)
        #expect(try JSON(parsing: "9223372036854775808").int64Value == nil)
        #expect(try JSON(parsing: "1.0").int64Value == nil)
    }

    @Test(
        "What RFC 8259 forbids is refused",
        arguments: [
            "", " ", "{", "[", "[1,]", "{\"a\":1,}", "{,}", "[1 2]", "{\"a\" 1}", "{a:1}", "'a'", "\"", "\"\\",
            "\"\\x\"",
            "\"\\u12\"", "\"\\u12g4\"", "\"\u{01}\"", "\"\n\"", "01", "-", "+1", ".5", "1.", "1e", "1e+", "-01",
            "1.2.3",
            "tru", "nul", "True", "NaN", "Infinity", "1 1", "[]]", "{}}", "[1}", "{\"a\":1]", "//x",
            "\u{FEFF}\u{FEFF}1",
        ]
    )
    func refused(text: String) {
        #expect(throws: JSONSyntaxError.self) { try JSON(parsing: text) }
    }

    @Test("An error tells its line and column")
    func place() throws {
        let error = try #require(throws: JSONSyntaxError.self) { try JSON(parsing: "{\n  \"é\": 1,\n  \"ü\" 2\n}") }
        #expect(error.description == "line 3, column 7: unexpected '2'; expected ':'")
    }

    @Test("A duplicate key is refused, or the last one counts")
    func duplicates() throws {
        let text = #"{"a":1,"b":2,"a":3}"#
        let error = try #require(throws: JSONSyntaxError.self) { try JSON(parsing: text) }
        #expect(error.description == "line 1, column 14: the key \"a\" appears twice in one object")
        #expect(try JSON(parsing: text, options: .init(duplicateKeys: .keepLast)).text() == #"{"a":3,"b":2}"#)
    }

    @Test("Surrogate pairs are joined; halves are refused or replaced")
    func surrogates() throws {
        #expect(try JSON(parsing: #""\ud83d\ude00""#) == "😀")
        let replace = JSONParserOptions(loneSurrogates: .replace)
        for text in [#""\ud83d""#, #""\ude00""#, #""\ud83dx""#, #""\ud83d\n""#] {
            #expect(throws: JSONSyntaxError.self) { try JSON(parsing: text) }
        }
        #expect(try JSON(parsing: #""\ud83d\ud83d\ude00""#, options: replace) == "\u{FFFD}😀")
        #expect(try JSON(parsing: #""\ud83d\n""#, options: replace) == "\u{FFFD}\n")
    }

    @Test("Depth and size are limited")
    func limits() throws {
        let deep = String(repeating: "[", count: 257) + String(repeating: "]", count: 257)
        #expect(throws: JSONSyntaxError.self) { try JSON(parsing: deep) }
        #expect(throws: Never.self) { try JSON(parsing: String(deep.dropFirst().dropLast())) }
        #expect(throws: JSONSyntaxError.self) { try JSON(parsing: "1000", options: .init(byteCountMax: 3)) }
        #expect(throws: JSONSyntaxError.self) { try JSON(parsing: String(repeating: "[", count: 1_000_000)) }
    }

    @Test("Invalid UTF-8 is refused", arguments: [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xC3]] as [[UInt8]])
    func invalidUTF8(bytes: [UInt8]) {
        #expect(throws: JSONSyntaxError.self) { try JSON(parsing: [0x22] + bytes + [0x22]) }
        #expect(throws: JSONSyntaxError.self) { try JSON(parsing: bytes) }
    }

    @Test("Damaged text never traps")
    func fuzz() throws {
        let seed = Array(#"{"a":[1,-2.5e3,"x\u00e9\ud83d\ude00\n",null,true,{"b":{}}],"c":12345678901234567890}"#.utf8)
        var generator = SplitMix(state: 1)
        var refused = 0
        for _ in 0..<5_000 {
            var bytes = seed
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let position = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[position] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: position)
                default: bytes.insert(bytes[Int.random(in: 0..<bytes.count, using: &generator)], at: position)
                }
            }
            do {
                let value = try JSON(parsing: bytes)
                #expect(try JSON(parsing: value.bytes()) == value)
            } catch {
                refused += 1
            }
        }
        #expect(refused > 1_000)
    }
}

/// A small repeatable generator.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
