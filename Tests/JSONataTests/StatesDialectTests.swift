import JSONTree
import JSONata
import Testing

@Suite("JSONata in state machines")
struct StatesDialectTests {
    private func states(_ source: String, of input: JSON? = nil) throws -> JSON? {
        try value(source, of: input, dialect: .statesLanguage)
    }

    @Test("Arrays are cut into arrays, and ranges made with a step")
    func arrays() throws {
        #expect(try states("$partition([1..5], 2)") == [[1, 2], [3, 4], [5]])
        #expect(try states("$partition([0], 2)") == [[0]])
        #expect(try states("$range(0, 10, 3)") == [0, 3, 6, 9])
        #expect(try states("$range(5, 1, -2)") == [5, 3, 1])
        #expect(try states("$range(1, 9, 9)") == 1)
    }

    @Test(
        "Numbers lose their fractions, and what makes no array is undefined, as on the service",
        arguments: [
            ("$partition([1..5], 2.9)", [[1, 2], [3, 4], [5]]), ("$partition([1, 2, 3])", [[1, 2, 3]]),
            ("$partition([], 2)", nil), ("$partition([1, 2], 0)", nil), ("$partition([1, 2], -0.5)", nil),
            ("$range(1.7, 5, 1)", [1, 2, 3, 4, 5]), ("$range(-1.7, 2, 1)", [-1, 0, 1, 2]),
            ("$range(-2.9, 0, 1)", [-2, -1, 0]), ("$range(5, 1, -1.5)", [5, 4, 3, 2, 1]), ("$range(3, 3, 1)", 3),
            ("$range(5, 1, 1)", nil), ("$range(1, 5, 0)", nil), ("$range(1, 5)", nil),
            ("$count($range(1, 200000, 1))", 200_000), ("$random(0.9) = $random(0)", true),
            ("$count($range(-9223372036854775808, 9223372036854775807, 9223372036854775807))", 3),
        ] as [(String, JSON?)]
    )
    func measured(source: String, result: JSON?) throws {
        #expect(try states(source) == result)
    }

    @Test(
        "What the functions refuse has the codes and words of the service",
        arguments: [
            ("$partition([1], -1)", "D3137", "Second argument must be zero or greater"),
            ("$partition(null, 2)", "T0412", "Argument 1 of function \"partition\" must be an array of undefined"),
            ("$range(1)", "T0410", nil), ("$hash('a', 5)", "T0410", nil), ("$uuid('seed')", "T0410", nil),
            ("$hash('a', 'md5')", "D3137", "Hash algorithm 'md5' must be one of SHA-1, SHA-384, SHA-256, SHA-512, MD5"),
            ("$parse('')", "D3137", "Invalid JSON"), ("$parse('{}{}')", "D3137", "Invalid JSON"),
            ("$parse('{\"a\":1,\"a\":2}')", "D3137", "Invalid JSON"), ("$parse('[1e400]')", "D3137", "Invalid JSON"),
            ("$count($range(1, 500000, 1))", "U1001", nil), ("$parse(null)", "T0410", nil),
        ] as [(String, String, String?)]
    )
    func refused(source: String, code: String, message: String?) {
        let found = failure(source, dialect: .statesLanguage)
        #expect(found?.code == code)
        if let message { #expect(found?.message == message) }
    }

    @Test("A range has as many integers as on the service, though it is only counted")
    func countedRanges() throws {
        func count(_ last: Int) throws -> JSON? {
            let expression = try JSONataExpression("[1..\(last)] ~> $count()", dialect: .statesLanguage)
            return try expression.evaluate(nil, context: JSONataContext(limits: .statesLanguage))
        }
        #expect(try count(873_782) == 873_782)
        let error = #expect(throws: JSONataError.self) { try count(873_783) }
        #expect(error?.message == "Expression evaluation memory limit exceeded: Check for excessive memory usage")
    }

    /// The digests of "abc" in RFC 1321 and FIPS 180-4.
    @Test(
        "Digests are those of their standards",
        arguments: [
            ("MD5", "900150983cd24fb0d6963f7d28e17f72"),
            ("SHA-1", "a9993e364706816aba3e25717850c26c9cd0d89d"),
            ("SHA-256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "SHA-384",
                "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
                    + "8086072ba1e7cc2358baeca134c825a7"
            ),
            (
                "SHA-512",
                "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                    + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
            ),
        ]
    )
    func digests(algorithm: String, digest: String) throws {
        #expect(try states("$hash(\"abc\", \"\(algorithm)\")") == .string(digest))
    }

    @Test("Digests of texts of more than a block are right too")
    func longDigests() throws {
        // The two-block message of FIPS 180-4.
        let text = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
        #expect(
            try states("$hash(\"\(text)\", \"SHA-256\")")
                == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        )
        #expect(failure("$hash(\"a\", \"CRC\")", dialect: .statesLanguage) != nil)
    }

    @Test("A seed gives the random number that the service gives, which is Java's")
    func seededRandomness() throws {
        #expect(try states("$random(42)") == .double(0.7275636800328681))
        #expect(try states("$random() < 1") == true)
    }

    @Test("A UUID is one of version 4")
    func uuid() throws {
        let pattern = "/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/"
        #expect(try states("$contains($uuid(), \(pattern)) and $uuid() != $uuid()") == true)
    }

    @Test("JSON text is read, and what is none is an error")
    func parsing() throws {
        #expect(try states("$parse('{\"a\": [1, 2.5, null]}').a") == [1, 2.5, nil])
        #expect(failure("$parse('{')", dialect: .statesLanguage) != nil)
    }

    @Test(
        "Numbers that JSON does not have are their names in a result, wherever they stand",
        arguments: [
            ("1/0", "Infinity"), ("[-1/0]", ["-Infinity"]), ("{'a': 0/0}", ["a": "NaN"]),
            ("$parseInteger('x', '0')", "NaN"),
        ] as [(String, JSON)]
    )
    func infinities(source: String, result: JSON) throws {
        #expect(try states(source) == result)
    }

    @Test("The fields that are taken from a variable are known, unless the expression binds it")
    func fields() throws {
        let expression = try JSONataExpression("$a.b[0].c & 'x$a.d' & $sum($a.e) & ($f := 1; $f.g)")
        #expect(expression.fields(of: "a") == ["b", "e"])
        #expect(expression.fields(of: "f") == [])
    }

    @Test("A text cannot be evaluated in a state machine, and the service's functions not outside of one")
    func dialects() throws {
        #expect(failure("$eval(\"1\")", dialect: .statesLanguage)?.code == "T1006")
        #expect(try value("$eval(\"1\")") == 1)
        #expect(failure("$uuid()")?.code == "T1006")
        #expect(failure("$random(1)")?.code == "T0410")
    }
}
