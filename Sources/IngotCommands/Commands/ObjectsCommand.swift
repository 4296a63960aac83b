import ArgumentParser
import IngotCore
import IngotEngine
import IngotLocal
import IngotProject

/// `ingot objects`.
struct ObjectsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "objects",
        abstract: "List the objects that have arrived, and take one out.",
        subcommands: [List.self, UndoObjectCommand.self],
        defaultSubcommand: List.self
    )

    /// `ingot objects list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the objects that have arrived, and what became of each.",
            discussion: """
                An object is one version of a file. States: seen (waits), leased (a run holds it), loaded, quarantined \
                (whole), failed (tried again by the next run), superseded (a newer version took its place), undone \
                (taken out).
                """
        )

        @OptionGroup var global: GlobalOptions
        @OptionGroup var list: ListOptions

        @Option(name: .shortAndLong, help: ArgumentHelp("Only of this pipeline.", valueName: "pipeline"))
        var select: String?

        @Option(
            name: .long,
            help: ArgumentHelp("Only in this state; may be given more than once.", valueName: "state"),
            completion: .list(ObjectState.allCases.map(\.rawValue)),
            transform: ObjectsCommand.state(named:)
        )
        var state: [ObjectState] = []

        @Option(name: .long, help: ArgumentHelp("Only with this key; may be given more than once.", valueName: "key"))
        var key: [String] = []

        @Option(name: .long, help: ArgumentHelp("How many of the newest.", valueName: "objects"))
        var limit = 100

        func validate() throws {
            try Limit.check(limit)
        }

        func run() async throws {
            try await global.withEngine { local, project in
                if let select { try ObjectsCommand.check(select, in: project) }
                let filter = LedgerFilter(
                    source: select,
                    keys: key.isEmpty ? nil : key,
                    states: state.isEmpty ? nil : Set(state),
                    limit: limit
                )
                try ObjectsCommand.listing(try await local.engine.entries(filter)).write(list, to: global.console)
            }
        }
    }

    /// Refuses the name of a pipeline that the project does not have.
    static func check(_ pipeline: String, in project: Project) throws {
        guard project.pipeline(named: pipeline) == nil else { return }
        let names = project.pipelines.map(\.name.value)
        throw IngotError(
            .wrongUse,
            "there is no pipeline \"\(pipeline)\"",
            hint: NearestMatch.find(pipeline, among: names) ?? names.joined(separator: ", ")
        )
    }

    private static func state(named name: String) throws -> ObjectState {
        if let state = ObjectState(rawValue: name) { return state }
        let names = ObjectState.allCases.map(\.rawValue)
        let near = NearestMatch.find(name, among: names).map { ", perhaps \($0)" } ?? ""
        throw ValidationError("\"\(name)\" is no state\(near); states: \(names.joined(separator: ", "))")
    }

    static func listing(_ entries: [LedgerEntry]) -> Listing {
        Listing(
            columns: [
                .init("pipeline"), .init("key"), .init("state"), .init("size", isRightAligned: true), .init("seen"),
                .number("rows_read"), .number("rows_silver"), .number("rows_quarantined"), .hidden("rows_skipped"),
                .init("error"), .hidden("version"), .hidden("modified"), .hidden("bronze"), .hidden("load_id"),
                .hidden("run_id"), .hidden("attempts"), .hidden("cleaning"), .hidden("cleaning_due"),
                .hidden("cleaned_at"), .hidden("cleaned_to"), .hidden("cleaning_attempts"), .hidden("cleaning_error"),
            ],
            rows: entries.map(row),
            emptyMessage: "There are no such objects.",
            nameColumn: 1
        )
    }

    static func row(_ entry: LedgerEntry) -> [Listing.Cell] {
        let (counts, cleaning) = (entry.counts, entry.cleaning)
        return [
            .text(entry.object.source), .text(entry.object.key), .text(entry.state.rawValue), .bytes(entry.size),
            .time(entry.seen), .number(Int64(counts.read)), .number(Int64(counts.silver)),
            .number(Int64(counts.quarantined)), .number(Int64(counts.skipped)), .text(entry.error),
            .text(entry.object.version), .time(entry.modified), .text(entry.bronze), .text(entry.loadID),
            .text(entry.runID), .number(Int64(entry.attempts)), .text(cleaning?.state.rawValue), .time(cleaning?.due),
            .time(cleaning?.tried), .text(cleaning?.destination), .number(cleaning.map { Int64($0.attempts) }),
            .text(cleaning?.error),
        ]
    }
}
