import DuckDB
import Testing

@testable import IngotEngine

/// Functions for the usual forms of texts, which have to answer as the engine's own where they answer.
struct UsualTextTests {
    @Test("The trim of transforms answers as the engine's own does, whatever the text")
    func trim() async throws {
        let project = try TestProject([:])
        try await project.withEngine { engine in
            let connection = try await engine.connect()
            var random = SeededGenerator(seed: 20)
            let pieces = [
                " ", "  ", "\t", "\n", "\u{A0}", "\u{1680}", "\u{2003}", "\u{202F}", "\u{3000}", "\u{200B}", "\u{1}",
                "\u{7F}", "!", "~", "a", "\u{E9}", "\u{1F600}", "e\u{301}", "\u{0}", "x y", "''",
            ]
            for _ in 0..<2_000 {
                let count = Int.random(in: 0...6, using: &random)
                let text = (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
                let row = try #require(
                    try await connection.query(
                        "SELECT trim($1) AS quick, system.main.trim($1) AS own",
                        [.varchar(text)]
                    )
                    .first { _ in true }
                )
                #expect(try row.string("quick") == row.string("own"), "\(text.debugDescription)")
            }
            let others = try await connection.query(
                """
                SELECT trim(NULL) IS NULL AS a, trim('xax', 'x') AS b, trim(both 'x' FROM 'xax') AS c,
                    typeof(trim(json(' 1 '))) AS d
                """
            ).first { _ in true }
            let row = try #require(others)
            #expect(try row.bool("a") && row.string("b") == "a" && row.string("c") == "a")
            #expect(try row.string("d") == "VARCHAR")
            await connection.close()
        }
    }

    @Test("A time is the one that strptime reads, in any format, or none")
    func times() async throws {
        let project = try TestProject([:])
        try await project.withEngine { engine in
            let connection = try await engine.connect()
            var random = SeededGenerator(seed: 21)
            var known = 0
            for _ in 0..<3_000 {
                let (format, text) = Self.time(&random)
                let row = try #require(
                    try await connection.query(
                        "SELECT \(UsualText.time("t", format: format)), try_strptime(t, \(SQL.literal(format))) "
                            + "FROM (SELECT $1 AS t)",
                        [.varchar(text)]
                    )
                    .first { _ in true }
                )
                guard row[0] != .null else { continue }
                known += 1
                #expect(row[0] == row[1], "\(text.debugDescription) as \(format)")
            }
            #expect(known > 500)
            await connection.close()
        }
    }

    /// A format with a text of about this format.
    private static func time(_ random: inout SeededGenerator) -> (format: String, text: String) {
        let separators = ["-", "/", ".", ":", " ", "T", "", "", "\u{E9}", "  "]
        let values: [Character: [String]] = [
            "Y": ["2024", "1900", "2000", "0001", "9999", "0000", "24", "20241", "-024", "+024"],
            "m": ["02", "12", "01", "06", "00", "13", "2", " 2"], "d": ["29", "28", "31", "01", "30", "00", "32", "9"],
            "H": ["00", "23", "12", "24", "7"], "M": ["00", "59", "60", "5"], "S": ["00", "59", "60", "61", "5"],
            "y": ["24"], "f": ["123"], "%": ["%"], "b": ["Feb"],
        ]
        var letters: [Character] = ["Y", "m", "d"]
        if Bool.random(using: &random) { letters += ["H", "M", "S"].prefix(Int.random(in: 1...3, using: &random)) }
        if Int.random(in: 0..<4, using: &random) == 0 { letters.shuffle(using: &random) }
        if Int.random(in: 0..<6, using: &random) == 0 { letters.append("yfb%Yd".randomElement(using: &random) ?? "y") }
        if Int.random(in: 0..<12, using: &random) == 0 { letters.removeFirst() }
        var (format, text) = ("", "")
        for (number, letter) in letters.enumerated() {
            let separator = number == 0 ? "" : separators.randomElement(using: &random) ?? ""
            let usual = Int.random(in: 0..<8, using: &random) > 0
            let choices = values[letter] ?? []
            format += "\(separator)%\(letter)"
            text += separator + ((usual ? choices.prefix(3) : choices[...]).randomElement(using: &random) ?? "")
        }
        switch Int.random(in: 0..<20, using: &random) {
        case 0: text += " "
        case 1: text = " " + text
        case 2: text += "0"
        case 3: text.removeLast()
        default: break
        }
        return (format, text)
    }

    @Test(
        "A plain number has a sign, digits and a point, and is told by how many digits follow",
        arguments: [
            ("0", 0), ("12345678901234567890", 0), ("-7", 0), ("+7", 0), ("7.", 0), (".5", 1), ("-.25", 2),
            ("007.10", 2),
            ("", nil), ("-", nil), ("+", nil), (".", nil), ("-.", nil), ("1e3", nil), ("1_000", nil), ("1,5", nil),
            (" 1", nil), ("1 ", nil), ("--1", nil), ("1.2.3", nil), ("\u{661}", nil), ("1\u{0}", nil), ("NaN", nil),
        ] as [(String, Int?)]
    )
    func numbers(_ text: String, _ places: Int?) async throws {
        let project = try TestProject([:])
        try await project.withEngine { engine in
            let connection = try await engine.connect()
            for most in 0...3 {
                let answer = try await connection.query(
                    "SELECT \(UsualText.isPlainNumber("$1", places: most)) AS a",
                    [.varchar(text)]
                ).first { _ in true }
                #expect(answer?[0] == places.map { .boolean($0 <= most) } ?? .null)
            }
            await connection.close()
        }
    }
}
