import JSONTree
import JSONata
import Testing

@Suite("Regular expressions")
struct RegexTests {
    /// Matches of ECMAScript's RegExp.
    @Test(
        "Patterns match what they match in JavaScript",
        arguments: [
            ("/a|ab/", "abab", ["a", "a"]), ("/a+?/", "aa", ["a", "a"]), ("/(?:ab){2}/", "ababab", ["abab"]),
            ("/\\bfoo\\b/", "foo food foo", ["foo", "foo"]), ("/^b/m", "a\nb", ["b"]), ("/É/i", "é", ["é"]),
            ("/b(?=c)/", "bd bc", ["b"]), ("/b(?!c)/", "bc bd", ["b"]), ("/(?<=a)b/", "bb ab", ["b"]),
            ("/(?<!a)b/", "ab cb", ["b"]), ("/(.)\\1/", "abccd", ["cc"]), ("/(?<x>o)\\k<x>/", "foo", ["oo"]),
            ("/[^\\d\\s]+/", "12 ab_3", ["ab_"]), ("/a{2,3}/", "aaaaaaa", ["aaa", "aaa"]),
            ("/x{,2}/", "x{,2}", ["x{,2}"]),
            ("/[\\]-a]+/", "^_`", ["^_`"]), ("/\\u0041\\x42/", "AB", ["AB"]), ("/(?:a|b)*c/", "ababc", ["ababc"]),
            ("/(z)((a+)?(b+)?(c))*/", "zaacbbbcac", ["zaacbbbcac"]),
        ]
    )
    func matches(pattern: String, text: String, expected: [String]) throws {
        let found = try value("$match($text, \(pattern)).match[]", of: nil, ["text": .string(text)])
        #expect(found == .array(expected.map(JSON.string)))
    }

    @Test("Groups that take no part are null, and those of an earlier round are forgotten")
    func groups() throws {
        #expect(
            try value("$match(\"zaacbbbcac\", /(z)((a+)?(b+)?(c))*/).groups") == ["z", "ac", "a", nil, "c"]
        )
    }

    @Test("A pattern that is none is refused when the expression is parsed")
    func invalid() {
        for pattern in ["/(/", "/[b-a]/", "/*/", "/a{2,1}/", "/(?<n/"] {
            #expect(failure("$match(\"a\", \(pattern))") != nil, "\(pattern) was accepted")
        }
        #expect(failure("/[b-a]/")?.code == "S0303")
        #expect(failure("$match(\"a\", //)")?.code == "S0301")
    }

    @Test("A pattern that tracks back without end is stopped")
    func catastrophe() {
        let text = String(repeating: "a", count: 40)
        let limits = JSONataLimits(stepCountMax: 20_000)
        #expect(failure("$contains(\"\(text)!\", /^(a+)+$/)", limits: limits)?.code == "U1001")
        #expect(failure("$match(\"aaa\", /x*/)")?.code == "D1004")
    }
}
