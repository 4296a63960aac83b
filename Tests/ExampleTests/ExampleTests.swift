import Foundation
import IngotCore
import IngotEngine
import IngotProject
import JSONTree
import Testing

/// The examples, run as a user runs them, against results that were worked out by hand.
@Suite("Examples", .timeLimit(.minutes(30)))
struct ExampleTests {
    static let names = ["agent-activity", "shipments", "users", "conversations", "customer-purchases"]

    @Test("Every table and query of an example gives what is expected of it", arguments: names)
    func results(name: String) async throws {
        let project = try ExampleProject(name)
        try await project.run()
        let tables = try await ExpectedTable.all(of: project)
        #expect(!tables.isEmpty)
        for table in tables { try await table.expectEqual(in: project) }
    }

    @Test("A second run finds nothing new", arguments: names)
    func secondRun(name: String) async throws {
        let project = try ExampleProject(name)
        try await project.run()
        let again = try await project.run()
        for pipeline in again.pipelines { #expect(pipeline.status == "up_to_date", "\(pipeline.pipeline)") }
        for model in again.models { #expect(model.status == .upToDate, "\(model.model)") }
    }

    @Test("One file at a time, the last first, gives the same results", arguments: names)
    func anyOrder(name: String) async throws {
        let project = try ExampleProject(name)
        let waiting = try project.putAside("landing")
        for file in waiting.sorted().reversed() {
            try project.land(file)
            try await project.run()
        }
        for table in try await ExpectedTable.all(of: project) { try await table.expectEqual(in: project) }
    }

    @Test("The half hours that the README of agent-activity counts are missing")
    func missingHalfHours() async throws {
        let project = try ExampleProject("agent-activity")
        try await project.run()
        let (read, _) = try Project.load(directory: project.directory)
        let check = try #require(read.check(named: "half_hours"))
        // The 5th of March 2026, 00:00 UTC.
        let time: Int64 = 1_772_668_800_000_000_000
        let report = try await project.withEngine { try await CheckService($0, router: nil).run(check, at: time) }
        #expect(report.status == .fail)
        let found = try #require(report.findings["completeness"])
        #expect(found["expected_slots"] == 96 && found["missing_slots"] == 74 && found["missing_keys"] == 2)
        let ranges = found["missing"]?.arrayValue ?? []
        #expect(ranges.map { $0["key"]?["extension"] } == ["2001", "2002"])
        #expect(ranges.map { $0["from"] } == ["2026-03-04T00:00:00.000000Z", "2026-03-04T11:00:00.000000Z"])
        #expect(ranges.map { $0["slots"] } == [48, 26])
    }

    @Test("No row vanishes: every record is in silver or in quarantine", arguments: names)
    func balance(name: String) async throws {
        let project = try ExampleProject(name)
        let reports = try await project.run()
        for report in reports.pipelines {
            #expect(report.rows.read > 0)
            #expect(report.rows.isBalanced)
        }
    }
}

extension ExampleProject {
    /// Takes the inputs out of the project, whose folders stay, and names them.
    func putAside(_ folder: String) throws -> [String] {
        let (source, aside) = ("\(directory)/\(folder)", "\(directory)/aside")
        try FileManager.default.moveItem(atPath: source, toPath: aside)
        var files: [String] = []
        for path in try FileManager.default.subpathsOfDirectory(atPath: aside) {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: "\(aside)/\(path)", isDirectory: &isFolder) else { continue }
            if isFolder.boolValue {
                try FileManager.default.createDirectory(atPath: "\(source)/\(path)", withIntermediateDirectories: true)
            } else {
                files.append(path)
            }
        }
        return files
    }

    /// Puts one input back.
    func land(_ file: String) throws {
        try FileManager.default.moveItem(
            atPath: "\(directory)/aside/\(file)",
            toPath: "\(directory)/landing/\(file)"
        )
    }
}
