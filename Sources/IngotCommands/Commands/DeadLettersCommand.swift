import ArgumentParser
import IngotCore
import IngotEngine
import IngotLocal
import IngotProject

/// `ingot dlq`.
struct DeadLettersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dlq",
        abstract: "Look at arrivals that could not be loaded, and try them again.",
        subcommands: [List.self, Show.self, Redrive.self],
        defaultSubcommand: List.self
    )

    /// How many letters are looked at together.
    private static let pageSize = 1_000

    /// Every dead letter of pipelines, the oldest first, with its pipeline.
    private static func letters(
        of pipelines: [String],
        _ engine: Engine
    ) async throws -> [(pipeline: String, letter: DeadLetter)] {
        var letters: [(pipeline: String, letter: DeadLetter)] = []
        for pipeline in pipelines {
            var last: Int64?
            repeat {
                let page = try await engine.deadLetters(of: pipeline, after: last, limit: pageSize)
                letters += page.map { (pipeline, $0) }
                last = page.count == pageSize ? page.last?.id : nil
            } while last != nil
        }
        return letters.sorted { $0.letter.id < $1.letter.id }
    }

    /// `ingot dlq list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the dead letters, the oldest first.")

        @OptionGroup var global: GlobalOptions
        @OptionGroup var selection: SelectionOptions
        @OptionGroup var list: ListOptions

        func run() async throws {
            try await global.withEngine { local, project in
                let chosen = try await selection.choose(from: project, local.engine)
                let letters = try await DeadLettersCommand.letters(of: chosen.pipelines, local.engine)
                try Self.listing(letters).write(list, to: global.console)
            }
        }

        private static func listing(_ letters: [(pipeline: String, letter: DeadLetter)]) -> Listing {
            Listing(
                columns: [
                    .number("id"), .init("pipeline"), .init("object"), .init("arrived"), .init("died"),
                    .number("attempts"), .init("error"), .hidden("version"), .hidden("work"),
                ],
                rows: letters.map { pipeline, letter in
                    [
                        .number(letter.id), .text(pipeline), .text(letter.group), .time(letter.sent),
                        .time(letter.died), .number(Int64(letter.attempts.count)), .text(letter.attempts.last?.error),
                        .text(letter.version), .text(letter.isOfUndo ? "undo" : "load"),
                    ]
                },
                emptyMessage: "There are no dead letters.",
                nameColumn: 0
            )
        }
    }

    /// `ingot dlq show`.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show how often a dead letter was tried, and how it failed."
        )

        @OptionGroup var global: GlobalOptions
        @OptionGroup var list: ListOptions

        @Argument(help: ArgumentHelp("The dead letter's number.", valueName: "id"))
        var id: Int64

        func run() async throws {
            try await global.withEngine { local, project in
                let pipelines = project.pipelines.map(\.name.value)
                let letters = try await DeadLettersCommand.letters(of: pipelines, local.engine)
                guard let (_, letter) = letters.first(where: { $0.letter.id == id }) else {
                    throw DeadLettersCommand.unknown(id)
                }
                let listing = Listing(
                    columns: [.number("attempt"), .init("ended"), .init("error")],
                    rows: letter.attempts.enumerated().map { number, attempt in
                        [.number(Int64(number + 1)), .time(attempt.ended), .text(attempt.error)]
                    },
                    emptyMessage: "Nothing is known of its attempts."
                )
                try listing.write(list, to: global.console)
            }
        }
    }

    /// `ingot dlq redrive`.
    struct Redrive: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let dead letters be tried again.",
            discussion: "They wait as new arrivals, which `ingot serve` takes up; their history is kept."
        )

        @OptionGroup var global: GlobalOptions
        @OptionGroup var selection: SelectionOptions

        @Argument(help: ArgumentHelp("The numbers of dead letters.", valueName: "id"))
        var ids: [Int64] = []

        @Flag(name: .long, help: "All of them, or all of the selected pipelines.")
        var all = false

        func validate() throws {
            guard all == ids.isEmpty else { throw ValidationError("name dead letters by their numbers, or give --all") }
        }

        func run() async throws {
            let console = global.console
            try await global.withEngine { local, project in
                let chosen = try await selection.choose(from: project, local.engine)
                let letters = try await DeadLettersCommand.letters(of: chosen.pipelines, local.engine)
                if let unknown = ids.first(where: { id in !letters.contains { $0.letter.id == id } }) {
                    throw DeadLettersCommand.unknown(unknown)
                }
                let wanted = letters.filter { all || ids.contains($0.letter.id) }
                var count = 0
                for pipeline in chosen.pipelines {
                    let ids = wanted.filter { $0.pipeline == pipeline }.map(\.letter.id)
                    count += try await local.engine.redrive(ids, of: pipeline)
                }
                console.message("\(count) \(count == 1 ? "arrival waits" : "arrivals wait") again.")
            }
        }
    }

    private static func unknown(_ id: Int64) -> IngotError {
        IngotError(.unknownDeadLetter, "there is no dead letter \(id)", hint: "ingot dlq list")
    }
}
