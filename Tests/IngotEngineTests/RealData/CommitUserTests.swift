import IngotCore
import IngotEngine
import Testing

/// Names, addresses and times of 81,966 commits, written in 27 UTC offsets.
@Suite("Users of commits", .sharedData, .timeLimit(.minutes(30)))
struct CommitUserTests {
    private static let file = "git_commit_users/users_commits.csv"
    private static let raw = RawData.csv(file)
    private static let pattern = #"^[\w\.-]+@[\w\.-]+\.\w+$"#

    @Test("Times are compared as instants, addresses by the pattern, and every row is accounted for")
    func users() async throws {
        let project = try TestProject([
            "pipelines/users.yml": """
            pipeline: users
            source: {path: landing, format: csv}
            columns:
              - {name: id, data_type: varchar, not_null: true}
              - {name: name, data_type: varchar, transform: trim(name)}
              - {name: email, data_type: varchar, transform: "lower(trim(email))", not_null: true,
                 matches: '\(Self.pattern)'}
              - {name: create_ts, data_type: timestamptz, not_null: true}
              - {name: update_ts, data_type: timestamptz, not_null: true}
            rules:
              - {name: updated_after_created, expression: update_ts >= create_ts}
            silver: {table: silver.users, event_time: create_ts, partition_by: [year(create_ts)]}
            """
        ])
        try project.write(try SharedData.text(Self.file), to: "landing/users.csv")
        let report = try #require(try await project.ingest().first)
        #expect(report.rows == RowCounts(read: 81_966, silver: 81_966 - 159 - 14, quarantined: 159 + 14, skipped: 0))
        // As strings, 14,346 updates come before their creation; as instants, 14 do.
        #expect(
            try await project.rejections("quarantine.users") == [
                ["matches", "email", "159"], ["updated_after_created", "NULL", "14"],
            ]
        )

        let good = """
            regexp_matches(lower(trim(email)), '\(Self.pattern)')
            AND update_ts::TIMESTAMPTZ >= create_ts::TIMESTAMPTZ
            """
        let rejected = try await RawData.query("SELECT id FROM \(Self.raw) WHERE NOT (\(good)) ORDER BY id")
        let quarantined = try await project.rows(
            "quarantine.users",
            "SELECT raw::JSON ->> 'id' AS id FROM t ORDER BY id"
        )
        #expect(quarantined == rejected)

        // Name by name and instant by instant: 7,287 names are not ASCII, 40 hold commas, 6 hold quotes.
        let expected = try await RawData.query(
            """
            SELECT id, trim(name), lower(trim(email)), create_ts::TIMESTAMPTZ, update_ts::TIMESTAMPTZ
            FROM \(Self.raw) WHERE \(good) ORDER BY id
            """
        )
        let silver = try await project.rows(
            "silver.users",
            "SELECT id, name, email, create_ts, update_ts FROM t ORDER BY id"
        )
        #expect(silver == expected)
    }
}
