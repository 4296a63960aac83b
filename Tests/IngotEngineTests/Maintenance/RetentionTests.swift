import Foundation
import IngotCore
import IngotProject
import Testing

@testable import IngotEngine
@testable import IngotLocal

/// What is older than the project keeps it goes, once, and what is still needed stays.
@Suite("Retention", .timeLimit(.minutes(30)))
struct RetentionTests {
    private static let day: Int64 = 86_400_000_000_000

    private static func clock(days: Int64) -> IngotClock {
        IngotClock(now: { IngotClock.system.now() + days * day }, random: IngotClock.system.random)
    }

    private static func sweep(_ project: TestProject, days: Int64) async throws -> [String] {
        try await project.withEngine(clock: clock(days: days)) { try await $0.sweepRetention() }.map { swept in
            "\(swept.kind) \(swept.name ?? "-") \(swept.count)"
        }.sorted()
    }

    private static func bronze(_ project: TestProject) -> [String] {
        let found = FileManager.default.enumerator(atPath: "\(project.directory)/bronze")?.allObjects ?? []
        return found.compactMap { ($0 as? String).flatMap { $0.contains("~") ? FileBronzeStore.key(of: $0) : nil } }
            .compactMap { $0.split(separator: "/").last.map(String.init) }.sorted()
    }

    @Test("Nothing is deleted unless the project says so")
    func off() async throws {
        let project = try TestProject.things(source: "format: csv", "max_error_rate: 1")
        try project.write("id,name\n1,a\nx,b\n", to: "landing/a.csv")
        _ = try await project.ingestThings()
        #expect(try await Self.sweep(project, days: 5_000) == [])
        #expect(Self.bronze(project) == ["a.csv"])
        #expect(try await project.rows("quarantine.things").count == 1)
    }

    @Test("Old bytes, rejected rows and runs go, what waits stays, and a second sweep finds nothing")
    func sweeps() async throws {
        let settings = "retention: {bronze: 10 d, quarantine: 20 d, logs: 30 d, dead_letters: 1 d}\n"
        let project = try TestProject.things(source: "format: csv", "on_row_error: quarantine", settings: settings)
        try project.write("id,name\n1,a\nx,b\n", to: "landing/a.csv")
        _ = try await project.ingestThings()
        try project.write("id,name\n2,a\n", to: "landing/a.csv")
        try project.write("id,name\n3,a\ny,b\n", to: "landing/b.csv")
        _ = try await project.ingestThings()
        // This one waits.
        try project.write("id,name\n4,a\n", to: "landing/c.csv")
        try await project.withEngine { engine in
            try await engine.keepOnly("c.csv")
        }
        #expect(try await Self.sweep(project, days: 9) == [])
        #expect(Self.bronze(project) == ["a.csv", "a.csv", "b.csv", "c.csv"])
        #expect(try await Self.sweep(project, days: 12) == ["bronze things 3"])
        #expect(Self.bronze(project) == ["c.csv"])
        #expect(try await project.rows("quarantine.things").count == 1)
        #expect(try await Self.sweep(project, days: 21) == ["quarantine quarantine.things 1"])
        #expect(try await project.rows("quarantine.things").count == 0)
        #expect(try await Self.sweep(project, days: 21) == [])
        let runs = try await project.withEngine { try await $0.runs(of: nil, limit: 10) }
        #expect(
            runs.filter { $0.kind == .retention }.map(\.name).sorted() == [
                "bronze things", "quarantine quarantine.things",
            ]
        )
        #expect(runs.allSatisfy { $0.status == .succeeded })
        #expect(try await Self.sweep(project, days: 31) == ["logs - 2"])
        // The object that waited is loaded from its copy.
        try project.remove("landing/c.csv")
        try await project.ingest()
        #expect(try await project.rows("silver.things", "SELECT id FROM t ORDER BY 1") == [["2"], ["3"], ["4"]])
        // The versions that are loaded are still known, so nothing is loaded again.
        #expect(try await project.ingest().map(\.objects.loaded) == [0])
    }

    @Test("What a unique key may still need stays, and a row that lost its place comes back after all")
    func uniqueKeys() async throws {
        let settings = "retention: {bronze: 1 d, quarantine: 1 d}\n"
        let project = try TestProject.things(
            source: "format: csv",
            "unique_key: [id]\nmax_error_rate: 1",
            settings: settings
        )
        try project.write("id,name\n1,first\nx,bad\n", to: "landing/a.csv")
        _ = try await project.ingestThings()
        try await Task.sleep(for: .milliseconds(20))
        try project.write("id,name\n1,second\n", to: "landing/b.csv")
        _ = try await project.ingestThings()
        #expect(try await Self.sweep(project, days: 3) == ["quarantine quarantine.things 1"])
        #expect(Self.bronze(project) == ["a.csv", "b.csv"])
        #expect(try await project.reasons(of: "a.csv").count == 1)
        try project.write("id,name\n2,third\n", to: "landing/b.csv")
        try await project.ingest()
        #expect(try await project.things(of: "a.csv") == ["1|1|first"])
        // A row of silver that loses its place now is read again from bronze.
        try await Task.sleep(for: .milliseconds(20))
        try project.write("id,name\n1,fourth\n", to: "landing/c.csv")
        try await project.ingest()
        #expect(try await project.reasons(of: "a.csv").contains { $0.contains("unique_key") })
    }

    @Test("Executions go that ended long ago, however many, and those stay that run or that starts have to hear of")
    func executions() async throws {
        let settings = "retention: {executions: 90 d}\n"
        let project = try TestProject.things(source: "format: csv", "max_error_rate: 1", settings: settings)
        let state = try SQLiteState(path: "\(project.directory)/.ingot/state.db")
        let now = IngotClock.system.now()
        func add(_ name: String, workflow: String = "w", ended: Bool = true) async throws {
            let start = ExecutionStart(
                workflow: workflow,
                name: name,
                input: "{}",
                definition: "{}",
                interpreter: 1,
                seed: 1,
                started: now,
                journal: [JournalEntry(position: 1, time: now, input: "{}")]
            )
            let made = try await state.create(start)
            guard ended else { return }
            let owner = LeaseOwner(host: "test", process: 1, start: "0")
            let lease = try #require(try await state.leaseExecution(made.id, owner: owner) { _ in false })
            var progress = ExecutionProgress()
            progress.ending = .init(status: .succeeded, time: now, output: "1", error: nil, cause: nil)
            try await state.append(progress, lease: lease)
        }
        try await add("runs", ended: false)
        for index in 0..<250 { try await add("e\(index)") }
        try await state.listen([StartListener(rule: "after", kind: .execution, subject: "heard")])
        try await add("told", workflow: "heard")
        #expect(try await Self.sweep(project, days: 89) == [])
        #expect(try await Self.sweep(project, days: 91) == ["executions - 250"])
        #expect(try await Self.sweep(project, days: 91) == [])
        #expect(try await state.executions(matching: ExecutionFilter()).map(\.name) == ["told", "runs"])
        let runs = try await project.withEngine { try await $0.runs(of: nil, limit: 10) }
        #expect(runs.filter { $0.kind == .retention }.map(\.name) == ["executions"])
    }

    @Test("A table whose rows were swept is found as it is when the state is rebuilt")
    func rebuilt() async throws {
        let settings = "retention: {quarantine: 1 d}\n"
        let project = try TestProject.things(source: "format: csv", "max_error_rate: 1", settings: settings)
        try project.write("id,name\n1,a\nx,b\n", to: "landing/a.csv")
        _ = try await project.ingestThings()
        #expect(try await Self.sweep(project, days: 3) == ["quarantine quarantine.things 1"])
        try await project.rebuild()
        #expect(try await project.rows("quarantine.things").count == 0)
        #expect(try await project.rows("silver.things").count == 1)
    }
}

extension Engine {
    /// Keeps the bytes of one file and records it, as a run does that is broken off before it loads.
    fileprivate func keepOnly(_ key: String) async throws {
        let pipeline = try #require(services.project.pipelines.first)
        let discovery = ObjectDiscovery(services: services, pipeline: pipeline)
        _ = try await discovery.keep(try await discovery.list().new.filter { $0.key == key })
    }
}
