import ArgumentParser
import JSONTree

/// The manual of all commands in Markdown, made of their own help.
struct Manual {
    private let root: JSON

    init() throws {
        guard let root = try JSON(parsing: IngotCommand._dumpHelp())["command"] else {
            throw ExitStatus.failure
        }
        self.root = root
    }

    /// The text of docs/commands.md.
    var text: String {
        var text = """
            # Commands

            This page is printed by `ingot manual`; a test compares the two.

            Data goes to the standard output, everything else to the standard error. Exit status: 0 if all went well, \
            1 if the work or a part of it failed, 2 for wrong use or a mistake in the project's files; 128 and the \
            signal's number if a signal stopped the command, as shells have it.

            Every command takes these options, before or after its name:


            """
        text += options(Self.common(root), level: 2)
        append(root, path: [], to: &text)
        return text
    }

    /// The options that every command of a project has, as one of them declares them.
    private static func common(_ root: JSON) -> [JSON] {
        let sample = (root["subcommands"]?.arrayValue ?? []).first { $0["commandName"] == "validate" }
        return (sample?["arguments"]?.arrayValue ?? []).filter { commonNames.contains(longName($0) ?? "") }
    }

    private static let commonNames: Set<String> = ["project-dir", "environment", "no-color", "verbose"]
    private static let hiddenNames: Set<String> = ["help", "version"]

    private func append(_ command: JSON, path: [String], to text: inout String) {
        guard let name = command["commandName"]?.stringValue, name != "help", command["shouldDisplay"] != false else {
            return
        }
        let path = path + [name]
        let subcommands = command["subcommands"]?.arrayValue ?? []
        if path.count > 1 {
            text += "\n\(String(repeating: "#", count: path.count)) `\(path.joined(separator: " "))`\n\n"
            text += (command["abstract"]?.stringValue ?? "") + "\n\n"
            if let discussion = command["discussion"]?.stringValue, !discussion.isEmpty {
                text += Self.prose(discussion) + "\n\n"
            }
            let own = (command["arguments"]?.arrayValue ?? []).filter { argument in
                let name = Self.longName(argument) ?? ""
                let isShown = argument["shouldDisplay"] != false
                return isShown && !Self.commonNames.contains(name) && !Self.hiddenNames.contains(name)
            }
            text += options(own, level: path.count)
        }
        for subcommand in subcommands { append(subcommand, path: path, to: &text) }
    }

    /// A table of arguments.
    private func options(_ arguments: [JSON], level: Int) -> String {
        guard !arguments.isEmpty else { return "" }
        let lines = arguments.map { argument in
            let abstract = argument["abstract"]?.stringValue ?? ""
            let values = (argument["allValues"]?.arrayValue ?? []).compactMap(\.stringValue)
            let choice = values.isEmpty ? "" : " One of \(values.map { "`\($0)`" }.joined(separator: ", "))."
            let fallback = argument["defaultValue"]?.stringValue.map { " Default: `\($0)`." } ?? ""
            return "| \(Self.spelling(argument)) | \(Self.escaped(abstract))\(choice)\(fallback) |"
        }
        return "| Argument | Meaning |\n|---|---|\n\(lines.joined(separator: "\n"))\n"
    }

    private static func spelling(_ argument: JSON) -> String {
        let value = argument["valueName"]?.stringValue ?? "value"
        let names = (argument["names"]?.arrayValue ?? []).compactMap { name -> String? in
            guard let text = name["name"]?.stringValue else { return nil }
            return name["kind"] == "short" ? "-\(text)" : "--\(text)"
        }
        let isFlag = argument["kind"] == "flag"
        let repeats = argument["isRepeating"] == true ? " ..." : ""
        guard !names.isEmpty else { return "`<\(value)>\(repeats)`" }
        let suffix = isFlag ? "" : " <\(value)>\(repeats)"
        return names.map { "`\($0)\(suffix)`" }.joined(separator: ", ")
    }

    private static func longName(_ argument: JSON) -> String? {
        (argument["names"]?.arrayValue ?? []).first { $0["kind"] == "long" }?["name"]?.stringValue
    }

    /// Indented lines become code.
    private static func prose(_ text: String) -> String {
        var isCode = false
        var lines: [String] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let isIndented = line.hasPrefix("  ")
            if isIndented != isCode {
                lines.append(isIndented ? "\n```sh" : "```")
                isCode = isIndented
            }
            lines.append(isIndented ? String(line.drop { $0 == " " }) : String(line))
        }
        return lines.joined(separator: "\n") + (isCode ? "\n```" : "")
    }

    private static func escaped(_ text: String) -> String {
        text.map { $0 == "|" ? "\\|" : String($0) }.joined()
    }
}
