import Foundation
import Testing

/// The README's session is what the program really prints.
@Suite("README", .timeLimit(.minutes(30)))
struct ReadmeTests {
    /// The fenced blocks of the README in a language.
    private static func blocks(_ language: String) throws -> [Substring] {
        let readme = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../README.md")
        let text = try String(contentsOf: readme, encoding: .utf8)
        return text.components(separatedBy: "```\(language)\n").dropFirst()
            .compactMap { $0.split(separator: "```").first }
    }

    /// The words of an output, without how long something took and how wide a table was.
    private static func words(_ text: String) -> String {
        let timeless = text.replacing(/[0-9.]+ (m?s)\b/, with: "TIME")
        return timeless.replacing(/-{2,}/, with: "--").split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    @Test func `The session of the README is what happens`() throws {
        let project = try TemporaryProject([:])
        for block in try Self.blocks("yaml") + Self.blocks("sql") {
            let path = try #require(block.prefixMatch(of: /(?:#|--) (\S+)\n/)?.1)
            // A model's settings come first in its file.
            try project.write(String(block.drop { $0 != "\n" }.dropFirst()), to: String(path))
        }
        let session = try #require(try Self.blocks("console").first)
        for step in session.split(separator: "$ ").map(String.init) {
            let parted = try #require(step.firstIndex(of: "\n"))
            let (command, expected) = (String(step[..<parted]), String(step[parted...]))
            if command.hasPrefix("cat ") {
                try project.write(expected.trimmingCharacters(in: .newlines) + "\n", to: String(command.dropFirst(4)))
                continue
            }
            let parts = command.split(separator: "'", omittingEmptySubsequences: true).map(String.init)
            let arguments = parts[0].split(separator: " ").dropFirst().map(String.init) + parts.dropFirst()
            let outcome = try project.program.run(list: arguments)
            #expect(Self.words(outcome.output + outcome.messages) == Self.words(expected), "\(command)")
        }
    }
}
