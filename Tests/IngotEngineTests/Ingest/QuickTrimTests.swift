import DuckDB
import Testing

@testable import IngotEngine

/// The trim of transforms, which has to answer as the engine's own.
struct QuickTrimTests {
    @Test("It answers as the engine's own does, whatever the text")
    func sameAnswers() async throws {
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
}
