import ArgumentParser
import IngotCore
import IngotEngine
import IngotLocal
import IngotProject

/// `ingot replay`.
struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Let objects be loaded again from bronze.",
        discussion: """
            The objects wait as if they had just arrived: the next `ingot run`, or an `ingot serve` that runs, loads them \
            again, and the commit that does replaces the rows of the earlier load, so that nothing doubles. It is what \
            to do after a pipeline's rules have changed.

            Objects are chosen by when they were first seen, which is the ingest_date of bronze, or one by one. \
            Superseded versions never come back by it; what was undone does where --object names it. With --mode copy \
            the file of an object is put back under the source too, byte by byte, where it is not there any more; a \
            file that is there is never overwritten.

            Examples:
              ingot replay --start 2026-01-01 --end 2026-02-01 -s users --dry-run
              ingot replay --object 2026-01-31.csv
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var window: TimeWindow
    @OptionGroup var selection: SelectionOptions
    @OptionGroup var list: ListOptions

    @Option(
        name: .long,
        help: ArgumentHelp(
            "This object: its key, or key@version with a beginning of the version; may be given more than once.",
            valueName: "object"
        )
    )
    var object: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp("requeue, or copy, which puts files back under the source too.", valueName: "mode"),
        completion: .list(ReplayMode.allCases.map(\.rawValue)),
        transform: ReplayCommand.mode(named:)
    )
    var mode = ReplayMode.requeue

    @Flag(name: .long, help: "List what would be loaded again, and change nothing.")
    var dryRun = false

    func validate() throws {
        let hasWindow = window.start != nil || window.end != nil
        guard hasWindow == object.isEmpty else {
            throw ValidationError("Give --start, --end or both, or name objects with --object.")
        }
    }

    func run() async throws {
        let console = global.console
        let objects = try await global.withEngine(for: dryRun ? .reading : .working) { local, project in
            let chosen = try await selection.choose(from: project, local.engine)
            var entries: [LedgerEntry] = []
            for name in object {
                let pipeline = selection.select.isEmpty ? nil : chosen.pipelines.first
                entries.append(try await local.engine.object(named: name, of: pipeline))
            }
            if object.isEmpty, chosen.pipelines.isEmpty {
                throw IngotError(
                    .wrongUse,
                    "nothing that is selected has objects: they belong to pipelines",
                    hint: "-s with the name of a pipeline, or +MODEL for those that a model reads"
                )
            }
            if object.isEmpty {
                entries = try await local.engine.replayableObjects(of: chosen.pipelines, seen: window.nanoseconds)
            }
            return try await local.engine.replay(entries, mode: mode, isDryRun: dryRun)
        }
        try Self.listing(objects, isDryRun: dryRun).write(list, to: console)
        let count = objects.count { $0.fate == .waits }
        guard !objects.isEmpty else { return }
        let verb = dryRun ? "would wait" : count == 1 ? "waits" : "wait"
        console.message(
            "\(HumanText.count(count, "object")) \(verb) to be loaded again"
                + (dryRun || count == 0 ? "." : ": ingot run, unless a service does it.")
        )
    }

    private static func mode(named name: String) throws -> ReplayMode {
        if let mode = ReplayMode(rawValue: name) { return mode }
        throw ValidationError("\"\(name)\" is no mode; modes: requeue, copy")
    }

    private static func listing(_ objects: [ReplayedObject], isDryRun: Bool) -> Listing {
        Listing(
            columns: [
                .init("pipeline"), .init("key"), .init("was"), .init("action"), .init("seen"),
                .init("size", isRightAligned: true), .init("reason"), .hidden("is_copied"), .hidden("version"),
                .hidden("bronze"),
            ],
            rows: objects.map { object in
                let entry = object.entry
                let (action, reason): (String, String?) =
                    switch object.fate {
                    case .waits: (object.isCopied ? "copy" : "replay", nil)
                    case .skipped(let reason): ("skip", reason)
                    }
                return [
                    .text(entry.object.source), .text(entry.object.key), .text(entry.state.rawValue), .text(action),
                    .time(entry.seen), .bytes(entry.size), .text(reason), .flag(object.isCopied),
                    .text(entry.object.version), .text(entry.bronze),
                ]
            },
            emptyMessage: "No objects arrived in that time.",
            nameColumn: 1
        )
    }
}
