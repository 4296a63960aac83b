import Foundation
import Iceberg
import IngotCore
import IngotLocal
import IngotProject
import Testing

@testable import IngotEngine

/// A state that is lost is made anew from the lake, and what follows is as if it had never been lost.
@Suite("Rebuilding the state", .timeLimit(.minutes(30)))
struct StateRebuildTests {
    private static func sales(_ number: Int, day: Int, count: Int = 3) -> String {
        let rows = (0..<count).map { "\(number + $0 * 2),2026-01-0\(day),\(number * 10 + $0)\n" }
        return "id,day,amount\n" + rows.joined() + "none,2026-01-01,1\n"
    }

    /// A project with a history: versions, rivals for keys, refused and unreadable objects.
    private static func lived(refusing: Bool = true) async throws -> TestProject {
        let project = try TestProject(TestProject.histories)
        try project.write(sales(1, day: 1), to: "landing/sales/a.csv")
        try project.write(sales(3, day: 2), to: "landing/sales/deep/[b] =1.csv")
        try project.write("{\"id\": 1}\n", to: "landing/strict/good.jsonl")
        if refusing { try project.write("{\"id\": \"x\"}\n", to: "landing/strict/bad.jsonl") }
        try await project.runAll()
        try project.write(sales(5, day: 3), to: "landing/sales/a.csv")
        try project.write([0x1F, 0x8B, 8, 0, 0], to: "landing/sales/broken.csv.gz")
        try await project.runAll()
        try project.write(sales(1, day: 1), to: "landing/sales/a.csv")
        try project.write("id,day,amount\nnothing,good,here\n", to: "landing/sales/c.csv")
        try await project.runAll()
        try project.write(sales(9, day: 4, count: 1), to: "landing/sales/c.csv")
        try await project.runAll()
        return project
    }

    @Test("The ledger, the tables and what the next run does are the same")
    func sameLedger() async throws {
        let project = try await Self.lived()
        let (ledger, contents) = (try await project.ledger(), try await project.contents())
        #expect(Set(ledger.map { $0.split(separator: "|")[3] }) == ["loaded", "quarantined", "superseded", "failed"])
        try FileManager.default.removeItem(atPath: "\(project.directory)/.ingot")
        let (report, aside) = try await project.rebuild(isForced: false)
        #expect(aside == nil)
        #expect(report.problems == [])
        #expect(report.tables == 5)
        let rebuilt = try await project.ledger()
        #expect(rebuilt.sorted() == ledger.sorted())
        #expect(rebuilt == ledger)
        // The refused object is tried again by every run, and refused again.
        #expect(try await project.runAll().map { $0.prefix { $0 != "@" } } == ["bad.jsonl"])
        #expect(try await project.contents() == contents)
        // What comes later is taken in as ever.
        try project.write(Self.sales(5, day: 5), to: "landing/sales/a.csv")
        try project.write("{\"id\": 2}\n", to: "landing/strict/bad.jsonl")
        try await project.runAll()
        let fresh = try TestProject(TestProject.histories)
        for path in ["sales/a.csv", "sales/deep/[b] =1.csv", "sales/broken.csv.gz", "sales/c.csv"] {
            try await Self.copy("landing/\(path)", from: project, to: fresh)
        }
        try await Self.copy("landing/strict/good.jsonl", from: project, to: fresh)
        try await Self.copy("landing/strict/bad.jsonl", from: project, to: fresh)
        try await fresh.runAll()
        #expect(try await project.contents() == fresh.contents())
    }

    private static func copy(_ path: String, from project: TestProject, to other: TestProject) async throws {
        let file = "\(project.directory)/\(path)"
        try other.write([UInt8](try Data(contentsOf: URL(fileURLWithPath: file))), to: path)
        let times = try FileManager.default.attributesOfItem(atPath: file)
        try FileManager.default.setAttributes(
            [.modificationDate: try #require(times[.modificationDate])],
            ofItemAtPath: "\(other.directory)/\(path)"
        )
    }

    @Test("A state that remembers something is put aside only if asked, and kept")
    func putsAside() async throws {
        let project = try await Self.lived()
        let ledger = try await project.ledger()
        let error = await #expect(throws: IngotError.self) { try await project.rebuild(isForced: false) }
        #expect(error?.code == .stateExists)
        #expect(try await project.ledger() == ledger)
        let aside = try #require(try await project.rebuild().aside)
        #expect(try await project.ledger() == ledger)
        let old = try SQLiteState(path: aside)
        #expect(try await old.entries(matching: LedgerFilter()).count == ledger.count)
        try old.close()
    }

    @Test("A state that somebody uses is not put aside")
    func inUse() async throws {
        let project = try await Self.lived()
        let state = try SQLiteState(path: "\(project.directory)/.ingot/state.db")
        _ = try await state.runs(name: nil, limit: 1)
        let error = await #expect(throws: IngotError.self) { try await project.rebuild() }
        #expect(error?.code == .stateUnusable)
        try state.close()
        try await project.rebuild()
    }

    @Test("States that are put aside in the same second are all kept")
    func sameSecond() async throws {
        let project = try await Self.lived()
        let place = StatePlace(path: "\(project.directory)/.ingot/state.db", time: "x")
        var kept: [String] = []
        for _ in 0..<3 {
            try place.prepare(isForced: true)
            try SQLiteState(path: place.draft).close()
            kept.append(try #require(try place.take()))
        }
        #expect(kept.map { $0.split(separator: "/").last } == ["state-x.db", "state-x-2.db", "state-x-3.db"])
        let first = try SQLiteState(path: kept[0])
        #expect(try await first.runs(name: nil, limit: 1).count == 1)
        try first.close()
    }

    @Test("A rebuild that is broken off changes nothing, and the next one does it")
    func brokenOff() async throws {
        let project = try await Self.lived()
        let ledger = try await project.ledger()
        try FileManager.default.removeItem(atPath: "\(project.directory)/.ingot")
        let place = StatePlace(path: "\(project.directory)/.ingot/state.db", time: "x")
        try place.prepare(isForced: false)
        let draft = try SQLiteState(path: place.draft)
        try await draft.add([.namespace(name: "half", properties: [:])])
        // Nothing closes it, as nothing does when the process is killed.
        #expect(!FileManager.default.fileExists(atPath: place.path))
        try await project.rebuild(isForced: false)
        #expect(try await project.ledger() == ledger)
        #expect(try await project.withEngine { try await $0.tables().count } == 5)
    }

    @Test("An object that waited, whose file is gone, waits again; what was outdated before it was loaded stays so")
    func waiting() async throws {
        let project = try await Self.lived()
        try await project.withEngine { engine in
            let pipeline = try #require(engine.services.project.pipelines.first { $0.name.value == "sales" })
            let discovery = ObjectDiscovery(services: engine.services, pipeline: pipeline)
            try project.write(Self.sales(20, day: 6), to: "landing/sales/late.csv")
            _ = try await discovery.discover()
            try project.write(Self.sales(30, day: 6), to: "landing/sales/late.csv")
            _ = try await discovery.discover()
        }
        try project.remove("landing/sales/late.csv")
        func states(_ ledger: [String]) -> [String] {
            ledger.filter { $0.contains("late.csv") }.map { String($0.split(separator: "|")[3]) }
        }
        #expect(states(try await project.ledger()) == ["superseded", "seen"])
        try await project.rebuild()
        #expect(states(try await project.ledger()) == ["superseded", "seen"])
        let taken = try await project.runAll()
        #expect(taken.contains { $0.hasPrefix("late.csv@") })
        let late = try await project.rows("silver.sales", "SELECT id FROM t WHERE _source_file = 'late.csv' ORDER BY 1")
        #expect(late == [["30"], ["32"], ["34"]])
    }

    /// What a run that was killed may have left of its last batch.
    enum Remains: CaseIterable {
        case silverOnly, historyOnly, tornMetadata, tornData, everything
    }

    @Test("A batch whose commit was broken off counts as a whole or not at all", arguments: Remains.allCases)
    func brokenCommit(remains: Remains) async throws {
        let project = try await Self.lived(refusing: false)
        let before = try await project.ledger().count
        try project.write(Self.sales(40, day: 7), to: "landing/sales/last.csv")
        try await project.runAll()
        let contents = try await project.contents()
        let (silver, history) = (try project.metadata(of: "silver.sales"), try project.metadata(of: "ops.objects"))
        let (newest, newestHistory) = (try #require(silver.last), try #require(history.last))
        switch remains {
        case .silverOnly: try FileManager.default.removeItem(atPath: newestHistory)
        case .historyOnly: try FileManager.default.removeItem(atPath: newest)
        case .tornMetadata: try FileHandle(forWritingTo: URL(fileURLWithPath: newest)).truncate(atOffset: 100)
        case .tornData:
            let files = try await project.withEngine { engine -> [String] in
                guard let table = try await engine.lake.table(TableName(namespace: "silver", name: "sales")) else {
                    return []
                }
                let loadID = table.metadata.currentSnapshot?.summary["ingot.load-id"] ?? ""
                return try await TableScan(engine.lake.files, metadata: table.metadata).dataFiles().map(\.path)
                    .filter { $0.contains(loadID) }
            }
            let file = try #require(files.first)
            try FileHandle(forWritingTo: URL(fileURLWithPath: file)).truncate(atOffset: 10)
        case .everything: break
        }
        try await project.rebuild()
        #expect(try await project.ledger().count == (remains == .everything ? before + 1 : before))
        // The file is still in its source, so it is loaded again where the batch does not count.
        let taken = try await project.runAll()
        #expect(taken.contains { $0.hasPrefix("last.csv@") } == (remains != .everything))
        #expect(try await project.contents() == contents)
    }

    @Test("Of metadata files that no other was made from, each may be of a commit that never happened")
    func candidates() {
        func file(_ name: String, _ number: Int, _ updated: Int64, after previous: Set<String>) -> FoundMetadata {
            FoundMetadata(
                location: "/t/metadata/\(name)",
                number: number,
                updated: updated,
                loadID: name,
                previous: previous
            )
        }
        let files = [
            file("a", 0, 1, after: []), file("b", 1, 2, after: ["a"]), file("lost", 1, 9, after: ["a"]),
            file("c", 2, 3, after: ["a", "b"]), file("d", 2, 4, after: ["a", "b"]),
            file("compaction.e", 2, 5, after: ["a", "b"]),
        ]
        let found = FoundMetadata.candidates(files)
        #expect(found.map(\.file.name) == ["d", "c", "compaction.e", "b", "a"])
        #expect(found.map(\.wasCurrent) == [false, false, false, true, true])
    }

    @Test("A compaction that was killed while a batch was committed takes no place of the batch")
    func rivalCompaction() async throws {
        let project = try await Self.lived(refusing: false)
        for number in 50..<53 {
            try project.write(Self.sales(number * 10, day: 1), to: "landing/sales/\(number).csv")
            try await project.runAll()
        }
        let (state, files) = ("\(project.directory)/.ingot", FileManager.default)
        try files.copyItem(atPath: state, toPath: "\(state).before")
        try project.write(Self.sales(40, day: 1), to: "landing/sales/last.csv")
        try await project.runAll()
        let (ledger, contents) = (try await project.ledger(), try await project.contents())
        // The compaction begins before the batch and writes after it; nothing of it happens but its files.
        try files.removeItem(atPath: state)
        try files.moveItem(atPath: "\(state).before", toPath: state)
        let compacted = try await project.withEngine { try await $0.compact(isWhole: true).compacted }
        #expect(compacted.map(\.table.description) == ["ops.objects", "quarantine.sales", "silver.sales"])
        try files.removeItem(atPath: state)
        let report = try await project.rebuild(isForced: false).report
        #expect(report.problems == [])
        #expect(try await project.ledger() == ledger)
        #expect(try await project.contents() == contents)
    }
}
