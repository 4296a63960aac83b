import ArgumentParser
import IngotCore

/// The words of a command line, before they are parsed.
struct CommandLineWords {
    /// Options of every command that take a value.
    private static let valued: Set<String> = ["-C", "--project-dir", "-e", "--environment"]
    /// Options of every command that take none.
    private static let flags: Set<String> = ["--no-color", "--verbose"]

    private let words: [String]

    init(_ words: [String]) {
        self.words = Self.withNegativeNumbers(words)
    }

    /// The words with negative numbers joined to the options before them: the parser would take each for an option, and
    /// say that a value is missing.
    private static func withNegativeNumbers(_ words: [String]) -> [String] {
        let end = words.firstIndex(of: "--") ?? words.endIndex
        var joined: [String] = []
        for word in words[..<end] {
            let isNegative = word.hasPrefix("-") && Double(word) != nil
            if isNegative, let option = joined.last, option.hasPrefix("--"), !option.contains("="),
                !flags.contains(option)
            {
                joined[joined.count - 1] = "\(option)=\(word)"
            } else {
                joined.append(word)
            }
        }
        return joined + words[end...]
    }

    /// The words with the command first: options of every command may stand before it, as in `git -C folder status`.
    ///
    /// - Throws: `IngotError` with `wrongUse` if there is no such command.
    func arranged() throws -> [String] {
        let (options, rest) = parted()
        guard let command = rest.first else { return words }
        try check(command)
        guard !options.isEmpty else { return words }
        let end = rest.firstIndex(of: "--") ?? rest.endIndex
        return Array(rest[..<end]) + options + Array(rest[end...])
    }

    /// The options that stand before the command, and what follows.
    private func parted() -> (options: [String], rest: [String]) {
        var count = 0
        while count < words.count {
            let word = words[count]
            if Self.valued.contains(word) {
                count += 2
            } else if Self.flags.contains(word) || Self.valued.contains(where: { word.hasPrefix("\($0)=") }) {
                count += 1
            } else {
                break
            }
        }
        guard count < words.count else { return ([], words) }
        return (Array(words[..<count]), Array(words[count...]))
    }

    private func check(_ command: String) throws {
        guard !command.hasPrefix("-"), command != "help" else { return }
        let commands = IngotCommand.configuration.subcommands.map { $0.configuration }
        guard !commands.contains(where: { $0.commandName == command }) else { return }
        let names = commands.filter(\.shouldDisplay).compactMap(\.commandName)
        throw IngotError(
            .wrongUse,
            "there is no command \"\(command)\"; commands: \(names.joined(separator: ", "))",
            hint: NearestMatch.find(command, among: names).map { "ingot \($0)" } ?? "ingot --help"
        )
    }
}
