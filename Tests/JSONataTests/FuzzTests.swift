import JSONTree
import JSONata
import Testing

@Suite("Random expressions")
struct FuzzTests {
    private static let pieces = [
        ".", "[0]", "[-1]", "[]", "[", "]", "{", "}", "(", ")", "+", "-", "*", "/", "%", "&", " and ", " or ", " in ",
        "=", "!=", "<", ">=", "?", ":", "^(", "@$x", "#$i", "~>", "$", "$$", "**", "..", ",", ";", ":=", "|", "a", "b",
        "function($x){", "λ($a,$b)<nn:n>{", "$x", "$i", "null", "true", "1", "0.5", "1e300", "\"a\"", "'é😂'",
        "`a b`", "[1..3]", "{\"a\":1}", "/[a-z]+/", "/(a*)*/", "/* c */", "$sum(", "$string(", "$map(", "$sort(",
        "$each(", "$spread(", "$merge(", "$match(", "$replace(", "$split(", "$pad(", "$formatNumber(",
        "$formatInteger(", "$fromMillis(", "$toMillis(", "$eval(", "$reduce(", "$zip(", "$lookup(", "$clone(",
        "$round(", "$power(", "$substring(", "$keys(", "$distinct(", "$sift(", "$single(", "$now(", "!", "~", "\\",
    ]
    private static let limits = JSONataLimits(stepCountMax: 5000, elementCountMax: 50_000, textSizeMax: 50_000)
    private static let input: JSON = [
        "a": [1, 2, ["b": "x", "a": [nil, true]]], "b": ["a": -0.5, "b": "😂"], "a b": "2018-01-01",
    ]

    private func tryOut(_ source: String) {
        for dialect in [JSONataDialect.standard, .statesLanguage] {
            do throws(JSONataError) {
                let expression = try JSONataExpression(source, dialect: dialect)
                let context = JSONataContext(now: 0, randomSeed: 1, limits: Self.limits)
                _ = try expression.evaluate(Self.input, context: context)
            } catch {
                #expect(error.code.count == 5, "\(source): \(error)")
                #expect(error.position.map { $0 >= 0 && $0 <= source.utf16.count } ?? true, "\(source): \(error)")
            }
        }
    }

    @Test("Soups of tokens give a value or an error, and take no long time", .timeLimit(.minutes(30)))
    func soups() {
        var random = SeededRandomness(state: 20_261_121)
        for _ in 0..<3000 {
            let count = Int.random(in: 1...14, using: &random)
            tryOut((0..<count).map { _ in Self.pieces.randomElement(using: &random) ?? "" }.joined())
        }
    }

    @Test("Mutations of the suite's expressions do so too", .conformanceSuite, .timeLimit(.minutes(30)))
    func mutations() throws {
        var random = SeededRandomness(state: 42)
        let sources = try ConformanceSuite.cases().compactMap { $0["expr"]?.stringValue }.filter { $0.count < 200 }
        for _ in 0..<3000 {
            var characters = Array(sources.randomElement(using: &random) ?? "")
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0...characters.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0 where place < characters.count: characters.remove(at: place)
                case 1: characters.insert(contentsOf: Self.pieces.randomElement(using: &random) ?? "", at: place)
                default: characters.removeSubrange(place..<min(place + 4, characters.count))
                }
            }
            tryOut(String(characters))
        }
    }
}

/// Random numbers that are the same in every run (a linear congruence of Knuth's).
private struct SeededRandomness: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 33)
    }
}
