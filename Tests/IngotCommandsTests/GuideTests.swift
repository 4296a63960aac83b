import Foundation
import Testing

/// The guides' files and sessions, followed step by step in a new folder.
@Suite("Guides", .timeLimit(.minutes(30)))
struct GuideTests {
    @Test(arguments: ["getting-started.md", "pipelines.md", "models.md", "workflows.md", "checks.md"])
    func `What a guide shows is what happens`(name: String) throws {
        let guide = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/\(name)")
        let blocks = try Self.blocks(of: String(contentsOf: guide, encoding: .utf8))
        let project = try TemporaryProject([:])
        let folder = project.folder + "/shop"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var steps = 0
        for block in blocks {
            if block.language == "console" {
                steps += try Self.follow(block.text, in: project, folder)
            } else if let path = block.text.prefixMatch(of: /(?:#|--) (\S+\.(?:yml|sql))\n/)?.1 {
                // A model's settings come first in its file.
                try project.write(String(block.text.drop { $0 != "\n" }.dropFirst()), to: "shop/\(path)")
            }
        }
        #expect(steps > 3)
    }

    /// Fenced blocks in their order.
    private static func blocks(of text: String) -> [(language: Substring, text: Substring)] {
        text.matches(of: /(?ms)^```(\w*)\n(.*?)^```$/).map { ($0.1, $0.2) }
    }

    /// Follows a session: `cat` says what a file holds, `rm` removes one, `ingot` is run and must print what is shown.
    private static func follow(_ session: Substring, in project: TemporaryProject, _ folder: String) throws -> Int {
        var steps = 0
        for step in session.split(separator: #/(?m)^\$ /#) {
            let command = step.prefix { $0 != "\n" }
            let shown = step.dropFirst(command.count).trimmingCharacters(in: .newlines)
            let words = Self.words(of: command)
            switch words.first {
            case "cat": try project.write(shown + "\n", to: "shop/\(words[1])")
            case "rm": for path in words.dropFirst() { try FileManager.default.removeItem(atPath: "\(folder)/\(path)") }
            default:
                let outcome = try Program(folder: folder).run(list: Array(words.dropFirst()))
                #expect(Self.isShown(outcome.output + outcome.messages, as: shown), "\(command)")
                steps += 1
            }
        }
        return steps
    }

    /// The words of a command, of which those with blanks stand in quotes.
    private static func words(of command: Substring) -> [String] {
        command.matches(of: /'([^']*)'|"([^"]*)"|(\S+)/).map { match in
            String(match.1 ?? match.2 ?? match.3 ?? "")
        }
    }

    /// Whether an output is what a guide shows: durations and widths may differ, and `...` stands for any lines.
    private static func isShown(_ output: String, as shown: String) -> Bool {
        var rest = lines(output)[...]
        var wanted = lines(shown)[...]
        var maySkip = false
        while let line = wanted.popFirst() {
            if line == "..." {
                maySkip = true
                continue
            }
            if maySkip { rest = rest.drop { $0 != line } }
            guard rest.popFirst() == line else {
                Issue.record("expected: \(line)\nin: \(output)")
                return false
            }
            maySkip = false
        }
        return maySkip || rest.isEmpty
    }

    private static func lines(_ text: String) -> [String] {
        text.split(separator: "\n").map { line in
            line.replacing(/[0-9.]+ (m?s)\b/, with: "TIME").replacing(/-{2,}/, with: "--")
                .split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
    }
}
