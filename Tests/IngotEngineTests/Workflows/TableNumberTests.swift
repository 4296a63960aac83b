import Testing

@testable import IngotEngine

/// Numbers as DynamoDB keeps them.
///
/// What it takes and refuses, and its words, are those that ScyllaDB's tests of the service
/// (test_number.py) and dynalite's recorded for it.
@Suite("Numbers of DynamoDB")
struct TableNumberTests {
    @Test(
        "Texts of numbers are read exactly",
        arguments: [
            ("3", "3"), ("-7.1234", "-7.1234"), ("-17e5", "-1700000"), ("+3", "3"), (".123", "0.123"), ("5.", "5"),
            ("0001.23", "1.23"), ("1e+5", "100000"), ("0e1000", "0"), ("-0.0", "0"), ("1.50", "1.5"), ("1E-3", "0.001"),
            ("-17.4E37", "-174000000000000000000000000000000000000"), ("120", "120"), ("100.01", "100.01"),
            ("3.1415926535897932384626433832795028841", "3.1415926535897932384626433832795028841"),
            ("31415926535897932384626433832795028841e30", "31415926535897932384626433832795028841" + zeros(30)),
            ("1000000000000000000000000000000000000000000", "1" + zeros(42)),
            ("1e-130", "0." + zeros(129) + "1"), ("9.9999999999999999999999999999999999999E+125", nines + zeros(88)),
        ]
    )
    func reading(text: String, expected: String) throws {
        #expect(try TableNumber(text).description == expected)
        #expect(try TableNumber(expected) == TableNumber(text))
    }

    private static let nines = String(repeating: "9", count: 38)

    private static func zeros(_ count: Int) -> String {
        String(repeating: "0", count: count)
    }

    @Test(
        "What is no number, or none that can be kept, is refused in the service's words",
        arguments: [
            ("NaN", "numeric value: NaN"), ("Infinity", "numeric value: Infinity"), ("dog", "numeric value: dog"),
            ("-dog", "numeric value: -dog"), (" 1", "numeric value:  1"), ("1 ", "numeric value: 1 "),
            ("", "numeric value: "), (".", "numeric value: ."), ("1e", "numeric value: 1e"), ("1.2.3", "value: 1.2.3"),
            ("٣", "numeric value: ٣"), ("1e126", "Number overflow"), ("-1e126", "Number overflow"),
            ("11e125", "Number overflow"), ("1e2147483647", "Number overflow"), ("1e99999999999999999999", "overflow"),
            ("1e-131", "Number underflow"), ("0.9e-130", "Number underflow"), ("-1e-131", "Number underflow"),
            ("123456789012345678901234567890123456789", "more than 38 significant digits in a Number"),
            ("-1.23456789012345678901234567890123456789", "more than 38 significant digits in a Number"),
            ("314159265358979323846264338327950288419e30", "more than 38 significant digits in a Number"),
        ]
    )
    func refusal(text: String, words: String) throws {
        let failure = #expect(throws: TableFailure.self) { try TableNumber(text) }
        guard case .validation(let message) = failure else { return }
        #expect(message.contains(words))
    }

    @Test(
        "Sums and differences are exact, or overflow",
        arguments: [
            ("1", "10000000000000000000000", "10000000000000000000001", "-9999999999999999999999"),
            ("0.1", "0.2", "0.3", "-0.1"), ("5", "5", "10", "0"), ("-5", "5", "0", "-10"), ("0", "-3", "-3", "3"),
            ("99", "1", "100", "98"),
            ("1" + zeros(20) + ".00000001", "1", "1" + zeros(19) + "1.00000001", "99999999999999999999.00000001"),
            ("1e125", "9e125", nil, "-8" + zeros(125)), ("1e50", "1", nil, nil),
            ("1e-130", "1e-130", "0." + zeros(129) + "2", "0"),
        ] as [(String, String, String?, String?)]
    )
    func sums(left: String, right: String, sum: String?, difference: String?) throws {
        let (left, right) = (try TableNumber(left), try TableNumber(right))
        if let sum { #expect(try (left + right).description == sum) }
        if let difference { #expect(try (left - right).description == difference) }
        let overflow = TableFailure.validation(
            "Number overflow. Attempting to store a number with magnitude larger than supported range"
        )
        if sum == nil { #expect(throws: overflow) { try left + right } }
        if difference == nil { #expect(throws: overflow) { try left - right } }
    }

    @Test("Small numbers add up, subtract and compare as the machine's own do")
    func arithmetic() throws {
        var generator = Draws(state: 7)
        for _ in 0..<5000 {
            let scale = [1, 10, 1000, 1_000_000].randomElement(using: &generator) ?? 1
            let left = Int.random(in: -100_000...100_000, using: &generator)
            let right = Int.random(in: -100_000...100_000, using: &generator)
            let (a, b) = (try number(left, scale), try number(right, scale))
            #expect(try (a + b) == number(left + right, scale))
            #expect(try (a - b) == number(left - right, scale))
            #expect((a < b) == (left < right) && (a == b) == (left == right))
            #expect(try TableNumber(a.description) == a)
        }
    }

    /// A whole number divided by a power of ten.
    private func number(_ value: Int, _ scale: Int) throws -> TableNumber {
        try TableNumber("\(value)e-\(String(scale).count - 1)")
    }

    private struct Draws: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 31)
        }
    }
}
