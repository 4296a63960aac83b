import JSONTree
import JSONata
import Testing

@Suite("Functions of the library")
struct FunctionTests {
    /// Results of ECMAScript's own number formatting and of jsonata-js 2.0.6.
    @Test(
        "Numbers are written as JavaScript writes them, with at most 15 significant digits",
        arguments: [
            ("0.1 + 0.2", "0.3"), ("1/3", "0.333333333333333"), ("1e20", "100000000000000000000"), ("1e21", "1e+21"),
            ("1e-6", "0.000001"), ("1e-7", "1e-7"), ("123456789012345678", "123456789012346000"), ("-0", "0"),
            ("5e-324", "5e-324"), ("1.7976931348623157e308", "1.7976931348623157e+308"),
        ]
    )
    func numberText(source: String, text: String) throws {
        #expect(try value("$string(\(source))") == .string(text))
    }

    @Test("An integer beyond what doubles hold is written as the double that it counts as")
    func wideIntegers() throws {
        #expect(try value("$string($)", of: 1_234_567_890_123_456_789) == "1234567890123460000")
    }

    @Test(
        "Pictures lay numbers out",
        arguments: [
            ("12345.6", "#,###.00", "12,345.60"), ("0.14", "01%", "14%"), ("-6", "000", "-006"),
            ("1234.5678", "00.000e0", "12.346e2"), ("34.555", "#0.00;(#0.00)", "34.56"),
            ("-34.555", "#0.00;(#0.00)", "(34.56)"), ("0", "#.##", ".0"),
        ]
    )
    func formatNumber(number: String, picture: String, text: String) throws {
        #expect(try value("$formatNumber(\(number), \"\(picture)\")") == .string(text))
    }

    @Test("Halves are rounded to the even neighbour")
    func rounding() throws {
        #expect(try value("[11.5, 12.5, -0.5, 125].$round($)") == [12, 12, 0, 125])
        #expect(try value("$round(4.525, 2)") == 4.52)
        #expect(try value("$round(125, -1)") == 120)
    }

    @Test("Integers are written and read in letters, Roman numerals, words and digits")
    func integers() throws {
        #expect(try value("$formatInteger(1999, \"I\")") == "MCMXCIX")
        #expect(try value("$formatInteger(28, \"a\")") == "ab")
        #expect(try value("$formatInteger(2789, \"Ww;o\")") == "Two Thousand, Seven Hundred and Eighty-Ninth")
        #expect(try value("$formatInteger(1234567, \"#,##0\")") == "1,234,567")
        #expect(try value("$parseInteger(\"twelve thousand, four hundred and seventy-six\", \"w\")") == 12_476)
        #expect(try value("$parseInteger(\"MCMXCIX\", \"I\")") == 1999)
    }

    @Test("Moments are written and read by pictures")
    func dates() throws {
        #expect(try value("$now()") == "2018-03-23T10:33:36.617Z")
        #expect(
            try value("$fromMillis(1521801216617, \"[FNn], [D1o] [MNn] [Y], week [W]\")")
                == "Friday, 23rd March 2018, week 12"
        )
        #expect(try value("$fromMillis(1521801216617, \"[h#1]:[m01][P] [z]\", \"+0530\")") == "4:03pm GMT+05:30")
        #expect(try value("$toMillis(\"2018-03-23T10:33:36.617Z\")") == 1_521_801_216_617)
        #expect(try value("$toMillis(\"23 March, 2018\", \"[D] [MNn], [Y]\")") == 1_521_763_200_000)
        #expect(try value("$toMillis(\"no date\", \"[Y]\")") == nil)
        #expect(failure("$toMillis(\"yesterday\")")?.code == "D3110")
    }

    @Test("The clock answers the same within an evaluation and what its context says")
    func clock() throws {
        #expect(try value("$millis() = $millis() and $millis() = 1521801216617") == true)
        #expect(try #require(try JSONataExpression("$millis()").evaluate(nil)?.int64Value) > 1_700_000_000_000)
    }

    @Test("Random numbers are the same for the same seed")
    func randomness() throws {
        #expect(try value("$random()") == value("$random()"))
        #expect(try value("$random() != $random() and $random() < 1") == true)
        #expect(try value("$sort($shuffle([1..10]))") == value("[1..10]"))
    }

    @Test("Strings are measured in characters beyond the basic plane too")
    func unicode() throws {
        #expect(try value("$length(\"a😂b\")") == 3)
        #expect(try value("$substring(\"a😂b\", 1, 1)") == "😂")
        #expect(try value("$pad(\"😂\", 3, \"-\")") == "😂--")
        #expect(try value("\"\u{FFFD}\" < \"😂\"") == false)
        #expect(try value("\"e\\u0301\" = \"\\u00e9\"") == false)
    }

    @Test("Texts are taken apart, put together and written in other alphabets")
    func texts() throws {
        #expect(try value("$split(\"a, b; c\", /[,;] /)") == ["a", "b", "c"])
        #expect(try value("$replace(\"John Smith\", /(\\w+)\\s(\\w+)/, \"$2, $1\")") == "Smith, John")
        #expect(try value("$replace(\"abc\", /b/, function($m){ $uppercase($m.match) & $m.start })") == "aB1c")
        #expect(try value("$match(\"ababbabb\", /a(b+)/)[1]") == ["match": "abb", "index": 2, "groups": ["bb"]])
        #expect(try value("$base64decode($base64encode(\"hello\"))") == "hello")
        #expect(try value("$encodeUrlComponent(\"?x=é\")") == "%3Fx%3D%C3%A9")
        #expect(failure("$decodeUrl(\"%E0%A4%A\")")?.code == "D3140")
    }

    @Test(
        "A picture of a number has to be made of marks",
        arguments: [("x", "D3086"), ("x#y#", "D3086"), ("", "D3085")]
    )
    func pictures(picture: String, code: String) {
        #expect(failure("$formatNumber(1, \"\(picture)\")")?.code == code)
    }

    @Test(
        "A state machine decodes only what is Base64",
        arguments: ["!!!", "a", "aGk=x", "aGk===", "a-_b", "aGVs bG8="]
    )
    func base64(text: String) throws {
        let call = "$base64decode(\"\(text)\")"
        #expect(throws: JSONataError.self) { try JSONataExpression(call, dialect: .statesLanguage).evaluate(nil) }
        // The reference implementation passes over what is none.
        #expect(try JSONataExpression(call).evaluate(nil) != nil)
        for good in ["aGVsbG8=", "aGVsbG8"] {
            let call = try JSONataExpression("$base64decode(\"\(good)\")", dialect: .statesLanguage)
            #expect(try call.evaluate(nil) == "hello")
        }
    }

    @Test("Objects are taken apart and put together")
    func objects() throws {
        #expect(try value("$keys([{\"a\": 1}, {\"b\": 2, \"a\": 3}])") == ["a", "b"])
        #expect(try value("$merge($spread({\"a\": 1, \"b\": 2}))") == ["a": 1, "b": 2])
        #expect(try value("$sift({\"a\": 1, \"b\": 2}, function($v, $k){ $v > 1 })") == ["b": 2])
        #expect(try value("$distinct([1, \"1\", 1.0, {\"a\": 1}, {\"a\": 1}])") == [1, "1", ["a": 1]])
        let same = "{\"a\": 1, \"b\": [2]}, {\"b\": [2.0], \"a\": 1}"
        #expect(try value("$count($distinct([\(same), {\"a\": 1}, [1], [1]]))") == 3)
        // Many are told apart without comparing each with each.
        #expect(try value("$count($distinct([1..8000].{\"a\": $ % 4000, \"b\": [1, $ % 4000]}))") == 4000)
        #expect(try value("$zip([1, 2], [\"a\", \"b\", \"c\"])") == [[1, "a"], [2, "b"]])
        #expect(failure("$single([1, 2])")?.code == "D3138")
    }

    @Test("An expression raises errors of its own, with its own words")
    func ownErrors() {
        #expect(failure("$error(\"broken\")")?.message == "broken")
        #expect(failure("$assert(1 = 2, \"no\")")?.code == "D3141")
        #expect(failure("$eval(\"1 +\")")?.code == "D3120")
        #expect(failure("$eval(\"1 + true\")")?.code == "D3121")
    }
}
