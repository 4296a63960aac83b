import ArgumentParser
import Foundation
import IngotCore
import IngotEngine
import IngotLocal
import IngotProject

/// `ingot state`.
struct StateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "state",
        abstract: "Export, import or rebuild what Ingot remembers of the project.",
        subcommands: [Export.self, Import.self, Rebuild.self]
    )

    /// The place of the project's state, ready for one that is made anew.
    fileprivate static func place(of project: Project, isForced: Bool) throws -> StatePlace {
        let locations = try LocalEngine.locations(of: project, variables: ProcessInfo.processInfo.environment)
        let time = Timestamps.iso(IngotClock.system.now()).filter { $0.isNumber || $0 == "T" }
        let place = StatePlace(path: locations.database, time: String(time.prefix(15)))
        try place.prepare(isForced: isForced)
        return place
    }

    fileprivate static func tell(_ aside: String?, _ console: Console) {
        if let aside { console.message("The state that was there is now \(aside).") }
    }

    /// `ingot state export`.
    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the state as lines of JSON.",
            discussion: """
                The state is written as it is at one moment; runs may go on. It holds no values of secrets. Leases are left \
                out: what a run holds waits in the export.
                """
        )

        @OptionGroup var global: GlobalOptions

        @Argument(
            help: ArgumentHelp("The file to write; without it, the standard output.", valueName: "file"),
            completion: .file()
        )
        var file: String?

        func run() async throws {
            let console = global.console
            let count = try await global.withEngine { local, _ in
                guard let file else { return try await local.stateExport.write { try console.write($0) } }
                return try await Self.write(to: file, local.stateExport)
            }
            console.message("\(count) rows were written.")
        }

        /// Writes a file that appears only when it is complete.
        private static func write(to file: String, _ export: StateExport) async throws -> Int {
            let draft = file + ".new"
            let failed = { @Sendable (error: any Error) in
                IngotError(.outputFailed, "the file \(file) cannot be written", cause: error.localizedDescription)
            }
            guard !FileManager.default.fileExists(atPath: file) else {
                throw IngotError(.fileExists, "there is a file \(file) already", hint: "another name, or remove it")
            }
            guard FileManager.default.createFile(atPath: draft, contents: nil),
                let handle = FileHandle(forWritingAtPath: draft)
            else { throw IngotError(.outputFailed, "the file \(draft) cannot be made") }
            do {
                let count = try await export.write { text in
                    do { try handle.write(contentsOf: Data(text.utf8)) } catch { throw failed(error) }
                }
                do {
                    try handle.synchronize()
                    try handle.close()
                    try FileManager.default.moveItem(atPath: draft, toPath: file)
                } catch { throw failed(error) }
                return count
            } catch {
                try? FileManager.default.removeItem(atPath: draft)
                throw error
            }
        }
    }

    /// `ingot state import`.
    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read a state that was exported, into one that remembers nothing yet.",
            discussion: """
                All of it or nothing is read. The lake and bronze have to be where they were. Stop `ingot serve` and other \
                commands of the project first.
                """
        )

        @OptionGroup var global: GlobalOptions

        @Argument(
            help: ArgumentHelp("The file to read; without it, the standard input.", valueName: "file"),
            completion: .file()
        )
        var file: String?

        func run() async throws {
            let console = global.console
            let place = try StateCommand.place(of: try global.project(), isForced: false)
            let count = try place.filled {
                let input: FileHandle
                if let file {
                    guard let handle = FileHandle(forReadingAtPath: file) else {
                        throw IngotError(.wrongUse, "there is no file \(file) that can be read")
                    }
                    input = handle
                } else {
                    input = .standardInput
                }
                return try StateImport(into: place.draft).run { try input.read(upToCount: 1 << 20) }
            }
            console.message("\(count) rows were read.")
        }
    }

    /// `ingot state rebuild`.
    struct Rebuild: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make the state anew from the lake, bronze and the sources.",
            discussion: """
                Finds the tables and what became of each object. Models are computed as a whole by the next run. Attempts, \
                dead letters, workflow executions, runs that committed nothing, versions that were superseded before they \
                were loaded, and where cleaned files went are not known to the lake. Stop `ingot serve` and other commands \
                of the project first.
                """
        )

        @OptionGroup var global: GlobalOptions
        @OptionGroup var record: RecordOptions

        @Flag(name: .long, help: "Put a state that remembers something aside, and keep it under another name.")
        var force = false

        func run() async throws {
            let console = global.console
            let project = try global.project()
            let place = try StateCommand.place(of: project, isForced: force)
            let report: RebuildReport
            do {
                let variables = ProcessInfo.processInfo.environment
                let local = try LocalEngine(project, variables: variables, for: .working, draft: place)
                do {
                    report = try await local.engine.rebuildState(into: local.stateBuilder)
                } catch {
                    await local.close()
                    throw error
                }
                await local.close()
            } catch {
                try? place.discard()
                throw error
            }
            StateCommand.tell(try place.take(), console)
            for problem in report.problems { console.message("warning: \(problem)") }
            try Record(Self.members(report)).write(record.output, to: console)
        }

        private static func members(_ report: RebuildReport) -> [Record.Member] {
            let states = ObjectState.allCases.compactMap { state in
                report.objects[state].map { Record.Member(state.rawValue, .number(Int64($0))) }
            }
            return [.init("tables", .number(Int64(report.tables)))] + states + [
                .init("files_known", .number(Int64(report.looks))), .init("runs", .number(Int64(report.runs))),
                .init("problems", .list(report.problems)),
            ]
        }
    }
}

extension StatePlace {
    /// Makes the draft, and takes the place with it; whatever fails leaves the place as it was.
    fileprivate func filled(_ work: () throws -> Int) throws -> Int {
        let count: Int
        do {
            count = try work()
        } catch {
            try? discard()
            throw error
        }
        try take()
        return count
    }
}
