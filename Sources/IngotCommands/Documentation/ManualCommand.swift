import ArgumentParser

/// `ingot manual`: prints the text of docs/commands.md.
struct ManualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual",
        abstract: "Print the manual of all commands in Markdown.",
        shouldDisplay: false
    )

    func run() throws {
        try Console(isColoured: false).write(try Manual().text)
    }
}
