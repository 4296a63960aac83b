import ArgumentParser
import Foundation
import IngotCore

/// `ingot generate`.
struct GenerateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Write files of made-up data, the same ones for the same seed.",
        discussion: """
            Each generator writes what one of the examples takes in. --dirty makes that share of the records wrong, \
            each in one of several ways.

            Examples:
              ingot generate shipments --count 1000 --to landing
              ingot generate users --seed 7 --dirty 0.1 --to landing/users
            """
    )

    @OptionGroup var global: GlobalOptions

    @Argument(
        help: ArgumentHelp("What to write; --list names the generators.", valueName: "generator"),
        completion: .list(Generators.all.map(\.name))
    )
    var generator: String?

    @Option(name: .long, help: ArgumentHelp("The folder to write to; it is made.", valueName: "folder"))
    var to = "landing"

    @Option(name: .long, help: ArgumentHelp("How many records.", valueName: "records"))
    var count = 1_000

    @Option(name: .long, help: ArgumentHelp("How many files to spread them over.", valueName: "files"))
    var files = 1

    @Option(name: .long, help: ArgumentHelp("What the made-up values are drawn from.", valueName: "number"))
    var seed: UInt64 = 1

    @Option(name: .long, help: ArgumentHelp("The day of the first record, as 2026-01-31.", valueName: "day"))
    var start = "2026-01-01"

    @Option(name: .long, help: ArgumentHelp("The share of wrong records, from 0 to 1.", valueName: "share"))
    var dirty = 0.0

    @Flag(name: .long, help: "List the generators.")
    var list = false

    func validate() throws {
        guard (0...1).contains(dirty) else { throw ValidationError("--dirty is a share from 0 to 1.") }
        guard count >= 0, files >= 1, count <= 100_000_000, files <= 1_000_000 else {
            throw ValidationError("--count and --files are numbers of records and files, and not negative.")
        }
        guard generator != nil || list else { throw ValidationError("Name a generator; --list names them.") }
    }

    func run() async throws {
        let console = global.console
        guard !list else {
            for generator in Generators.all { try console.print("\(generator.name)  \(generator.summary)") }
            return
        }
        let name = generator ?? ""
        guard let chosen = Generators.all.first(where: { $0.name == name }) else {
            let names = Generators.all.map(\.name)
            throw IngotError(
                .wrongUse,
                "there is no generator \"\(name)\"; generators: \(names.joined(separator: ", "))",
                hint: NearestMatch.find(name, among: names).map { "ingot generate \($0)" } ?? "ingot generate --list"
            )
        }
        guard let day = GeneratedTime(day: start) else {
            throw IngotError(.wrongUse, "\"\(start)\" is no day", hint: "--start 2026-01-31")
        }
        let base = to.hasPrefix("/") ? to : "\(global.directory)/\(to)"
        let writer = ProjectWriter(folder: base, replaces: true)
        for file in 0..<files {
            try Task.checkCancellation()
            let share = count / files + (file < count % files ? 1 : 0)
            let before = count / files * file + min(file, count % files)
            var draw = SeededDraw(seed: seed, stream: UInt64(file))
            let settings = GeneratorSettings(first: before, count: share, start: day, dirtyShare: dirty)
            let digits = String(file + 1)
            let number = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
            let text = chosen.text(settings, &draw)
            _ = try writer.write([ProjectFile("\(chosen.name)-\(number).\(chosen.suffix)", text)])
        }
        console.message("wrote \(HumanText.count(count, "record")) in \(HumanText.count(files, "file")) to \(to)")
    }
}
