import Foundation
import IngotCore
import IngotLocal
import IngotProject
import Testing

@testable import IngotEngine

/// Files leave their source only after the commit that loaded exactly them, and nothing else ever does.
@Suite("Cleaning of sources", .timeLimit(.minutes(30)))
struct CleanSourceTests {
    private static func project(_ clean: String, _ more: String = "") throws -> TestProject {
        try .things(source: "format: csv, clean_source: \(clean)", more)
    }

    private static func files(of project: TestProject, in folder: String = "landing") -> [String] {
        let found = FileManager.default.enumerator(atPath: "\(project.directory)/\(folder)")?.allObjects ?? []
        return found.compactMap { $0 as? String }.filter { $0.contains(".") }.sorted()
    }

    private static func cleanings(_ project: TestProject) async throws -> [String] {
        try await project.withEngine { try await $0.entries(LedgerFilter()) }.map { entry in
            "\(entry.object.key) \(entry.cleaning?.state.rawValue ?? "none")"
        }
    }

    @Test("delete takes away what is loaded or quarantined, and what failed stays")
    func deletes() async throws {
        let project = try Self.project("delete", "on_row_error: fail")
        try project.write("id,name\n1,a\n", to: "landing/deep/good.csv")
        try project.write("id,name\nx,b\n", to: "landing/bad.csv")
        try project.write("id\nname", to: "landing/odd.csv.gz")
        try await project.withEngine { _ = await $0.ingest() }
        #expect(Self.files(of: project) == ["bad.csv"])
        #expect(
            try await Self.cleanings(project).sorted() == [
                "bad.csv none", "deep/good.csv deleted", "odd.csv.gz deleted",
            ]
        )
        #expect(try await project.things(of: "deep/good.csv") == ["1|1|a"])
    }

    @Test("A file with the same bytes that arrives again brings no row twice, and is taken away again")
    func sameBytesAgain() async throws {
        let project = try Self.project("delete")
        for _ in 0..<3 {
            try project.write("id,name\n1,a\n", to: "landing/a.csv")
            _ = try await project.ingestThings()
            #expect(Self.files(of: project) == [])
            #expect(try await project.things(of: "a.csv") == ["1|1|a"])
        }
        #expect(try await project.withEngine { try await $0.entries(LedgerFilter()).count } == 1)
    }

    @Test("move keeps the folders, and a version that bears a name already stays beside the newer one")
    func moves() async throws {
        let project = try Self.project("move, clean_source_move_destination: archive")
        try project.write("id,name\n1,a\n", to: "landing/x/a.csv")
        _ = try await project.ingestThings()
        try project.write("id,name\n1,b\n", to: "landing/x/a.csv")
        _ = try await project.ingestThings()
        #expect(Self.files(of: project) == [])
        let archived = Self.files(of: project, in: "archive")
        #expect(archived.count == 2)
        #expect(archived.contains("x/a.csv"))
        let texts = try archived.map {
            try String(contentsOfFile: "\(project.directory)/archive/\($0)", encoding: .utf8)
        }
        #expect(Set(texts) == ["id,name\n1,a\n", "id,name\n1,b\n"])
        #expect(try await project.things(of: "x/a.csv") == ["1|1|b"])
        let entries = try await project.withEngine { try await $0.entries(LedgerFilter()) }
        #expect(entries.map(\.cleaning?.state) == [.moved, .moved])
        #expect(entries.compactMap(\.cleaning?.destination).allSatisfy(FileManager.default.fileExists))
    }

    @Test("A file that a replay put back is taken away again, and there is no second copy of it")
    func movedOnce() async throws {
        let project = try Self.project("move, clean_source_move_destination: archive")
        try project.write("id,name\n1,a\n", to: "landing/x/a.csv")
        _ = try await project.ingestThings()
        try await project.withEngine { engine in
            let objects = try await engine.replayableObjects(of: ["things"], seen: .min ..< .max)
            _ = try await engine.replay(objects, mode: .copy)
        }
        #expect(Self.files(of: project) == ["x/a.csv"])
        _ = try await project.ingestThings()
        #expect(Self.files(of: project) == [])
        #expect(Self.files(of: project, in: "archive") == ["x/a.csv"])
        #expect(try await Self.destinations(project) == ["x/a.csv moved \(project.directory)/archive/x/a.csv"])
        #expect(try await project.things(of: "x/a.csv") == ["1|1|a"])
    }

    @Test("A file stays until its retention is over")
    func retention() async throws {
        let project = try Self.project("delete, clean_source_retention_duration: 2 days")
        try project.write("id,name\n1,a\n", to: "landing/a.csv")
        _ = try await project.ingestThings()
        #expect(try await Self.cleanings(project) == ["a.csv waiting"])
        #expect(Self.files(of: project) == ["a.csv"])
        let day: Int64 = 86_400_000_000_000
        for (days, left) in [(Int64(1), ["a.csv"]), (3, [])] {
            let clock = IngotClock(now: { IngotClock.system.now() + days * day }, random: IngotClock.system.random)
            _ = try await project.withEngine(clock: clock) { await $0.ingest() }
            #expect(Self.files(of: project) == left)
        }
    }

    @Test("A file that was replaced or written to since it was loaded is loaded first")
    func newerFile() async throws {
        let project = try Self.project("delete, clean_source_retention_duration: 1 day")
        try project.write("id,name\n1,a\n", to: "landing/a.csv")
        _ = try await project.ingestThings()
        let (pipeline, late) = try await project.withEngine { engine in
            (
                try #require(engine.services.project.pipelines.first),
                engine.services.clock.now() + 2 * 86_400_000_000_000
            )
        }
        try project.write("id,name\n1,newer\n", to: "landing/a.csv")
        let clock = IngotClock(now: { late }, random: IngotClock.system.random)
        try await project.withEngine(clock: clock) { engine in
            let outcome = try await SourceCleaning(services: engine.services, pipeline: pipeline).clean(
                retriesAll: true
            )
            #expect(outcome.cleaned == 0)
            #expect(outcome.left.map(\.reason) == ["another version has its name"])
        }
        #expect(Self.files(of: project) == ["a.csv"])
        _ = try await project.ingestThings()
        #expect(try await project.things(of: "a.csv") == ["1|1|newer"])
    }

    @Test("A cleaning that was broken off after the commit is made good by the next run")
    func brokenOff() async throws {
        let project = try Self.project("delete")
        try project.write("id,name\n1,a\n", to: "landing/a.csv")
        // A process that ends right after the commit has cleaned nothing, or only hidden the file.
        for isHidden in [false, true] {
            try await project.withEngine { engine in
                var services = engine.services
                services.cleaner = nil
                let halting = Engine(services)
                _ = await halting.ingest()
                await halting.close()
            }
            #expect(try await Self.cleanings(project) == ["a.csv waiting"])
            if isHidden {
                let entry = try #require(try await project.withEngine { try await $0.entries(LedgerFilter()) }.first)
                let name = ".ingot-clean-\(entry.id)-\(entry.object.version.prefix(12))"
                let folder = "\(project.directory)/landing"
                try FileManager.default.moveItem(atPath: "\(folder)/a.csv", toPath: "\(folder)/\(name)")
            }
            _ = try await project.ingestThings()
            #expect(Self.files(of: project) == [])
            #expect(try await Self.cleanings(project) == ["a.csv deleted"])
            try project.write("id,name\n1,a\n", to: "landing/a.csv")
        }
    }

    @Test("An undo leaves the file where it is, and a replay takes it away")
    func undone() async throws {
        let project = try Self.project("move, clean_source_move_destination: archive")
        try project.write("id,name\n1,a\n", to: "landing/a.csv")
        _ = try await project.ingestThings()
        let archived = ["a.csv moved \(project.directory)/archive/a.csv"]
        #expect(try await Self.destinations(project) == archived)
        // The bytes are in bronze: a replay needs no file, and does not forget where it was moved to.
        try await project.withEngine { engine in
            _ = try await engine.replay(engine.replayableObjects(of: ["things"], seen: .min ..< .max))
        }
        _ = try await project.ingestThings()
        #expect(try await Self.destinations(project) == archived)
        #expect(try await project.things(of: "a.csv") == ["1|1|a"])

        // The same file arrives again; its object is undone before the service has taken the file away.
        try project.write("id,name\n1,a\n", to: "landing/a.csv")
        try await project.withEngine { engine in
            var services = engine.services
            services.cleaner = nil
            let halting = Engine(services)
            _ = await halting.ingest()
            _ = try await halting.undo(try await halting.object(named: "a.csv"))
            await halting.close()
        }
        _ = try await project.ingestThings()
        #expect(Self.files(of: project) == ["a.csv"])
        #expect(try await project.things(of: "a.csv") == [])
        try await project.withEngine { engine in
            _ = try await engine.replay([try await engine.object(named: "a.csv")])
        }
        _ = try await project.ingestThings()
        #expect(Self.files(of: project) == [])
        #expect(try await project.things(of: "a.csv") == ["1|1|a"])
    }

    private static func destinations(_ project: TestProject) async throws -> [String] {
        try await project.withEngine { try await $0.entries(LedgerFilter()) }.map { entry in
            "\(entry.object.key) \(entry.cleaning?.state.rawValue ?? "none") \(entry.cleaning?.destination ?? "-")"
        }
    }

    @Test("What is moved never comes to lie in its own source")
    func destinationInSource() async throws {
        let project = try Self.project("move, clean_source_move_destination: \"${HERE}\"")
        try project.write("id,name\n1,a\n", to: "landing/a.csv")
        let report = try await project.withEngine { engine in
            var services = engine.services
            services.resolve = { $0.description == "${HERE}" ? "\(project.directory)/landing/done" : $0.description }
            let own = Engine(services)
            let reports = await own.ingest()
            await own.close()
            return reports.first
        }
        #expect(report?.problems.map(\.code) == [.conflictingKeys])
        #expect(Self.files(of: project) == ["a.csv"])
    }
}
