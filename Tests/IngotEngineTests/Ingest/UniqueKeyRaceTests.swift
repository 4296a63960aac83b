import IngotCore
import IngotEngine
import Testing

/// Rows of one key that several runs take in at once.
@Suite(.timeLimit(.minutes(15)))
struct UniqueKeyRaceTests {
    @Test("Of the rows of a key that runs take in at once one is in silver, and all others in quarantine")
    func runsAtOnce() async throws {
        let project = try TestProject([
            "ingot.yml": "name: test\nsettings: {max_files_per_trigger: 1}\n",
            "pipelines/things.yml": """
            pipeline: things
            source: {path: landing, format: csv}
            columns: [{name: id, data_type: bigint}]
            unique_key: [id]
            silver: {table: silver.things}
            """,
        ])
        try project.write("id\n1000\n", to: "landing/first.csv")
        try await project.ingest()
        for number in 0..<30 { try project.write("id\n\(number / 3)\n", to: "landing/\(number + 100).csv") }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<3 { group.addTask { _ = try await project.withEngine { await $0.ingest() } } }
            try await group.waitForAll()
        }
        try await project.ingest()
        let silver = try await project.rows("silver.things", "SELECT count(*), count(DISTINCT id) FROM t")
        let quarantine = try await project.rows("quarantine.things", "SELECT count(*) FROM t")
        #expect(silver == [["11", "11"]])
        #expect(quarantine == [["20"]])
    }
}
