import IngotCore
import IngotLocal
import Testing

@testable import IngotEngine

/// What tells a state that was lost from one whose very first commit never came about.
struct LostStateTests {
    private static let history = "ops.objects"

    /// A project that took in so many files, one by one, and whose state then forgets the table of their history.
    private static func forgetful(runs: Int) async throws -> TestProject {
        let project = try TestProject(TestProject.histories)
        for run in 1...runs {
            try project.write("id,day,amount\n\(run),2026-01-01,1\n", to: "landing/sales/\(run).csv")
            try await project.ingest()
        }
        let state = try SQLiteState(path: "\(project.directory)/.ingot/state.db")
        #expect(try await state.drop(namespace: "ops", table: "objects") != nil)
        try state.close()
        return project
    }

    @Test("A process that died within the first commit leaves metadata, and work goes on")
    func diedWithinFirstCommit() async throws {
        let project = try await Self.forgetful(runs: 1)
        #expect(try project.metadata(of: Self.history).count == 1)
        try await project.withEngine { try await $0.checkState() }
    }

    @Test("Metadata that follows the first is of a table that there was")
    func lostAfterCommits() async throws {
        let project = try await Self.forgetful(runs: 2)
        #expect(try project.metadata(of: Self.history).count > 1)
        let error = await #expect(throws: IngotError.self) {
            try await project.withEngine { try await $0.checkState() }
        }
        #expect(error?.code == .stateLost)
    }
}
