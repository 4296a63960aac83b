import Foundation
import IngotCore
import IngotEngine
import Testing

/// Talks of people with machines, as JSON arrays whose keys change from one day to the next.
@Suite("Dialogs", .sharedData, .timeLimit(.minutes(30)))
struct DialogTests {
    private static let days = (4...7).map { "export_2018-07-0\($0)_train.json" }
    private static let ratings = ["data_intermediate.json", "data_volunteers.json"]

    @Test("Profiles that appear on the third day become columns, whatever came first", arguments: [false, true])
    func drift(isReversed: Bool) async throws {
        let project = try TestProject(["pipelines/dialogs.yml": Self.pipeline(Self.dayColumns)])
        for name in isReversed ? Self.days.reversed() : Self.days {
            try Self.land(name, in: project)
            try await project.ingest()
        }
        let counts = try await project.rows(
            "silver.dialogs",
            """
            SELECT _source_file, count(*), count(bot_profile), count(eval_score), count(profile_match),
              sum(json_array_length(dialog)), sum(json_array_length(bot_profile))
            FROM t GROUP BY ALL ORDER BY ALL
            """
        )
        let expected = try Self.days.map { name in
            let dialogs = try Self.dialogs(name)
            let profiles = dialogs.compactMap { $0["bot_profile"] as? [Any] }
            return [
                name, "\(dialogs.count)", "\(profiles.count)",
                "\(dialogs.count { $0["eval_score"] is Int })", "\(dialogs.count { $0["profile_match"] is Int })",
                "\(dialogs.map { ($0["dialog"] as? [Any])?.count ?? 0 }.reduce(0, +))",
                profiles.isEmpty ? "NULL" : "\(profiles.map(\.count).reduce(0, +))",
            ]
        }
        #expect(counts == expected)
        #expect(try await project.rows("quarantine.dialogs") == [])
    }

    @Test("Every message survives to the letter: newlines, bars, emoji")
    func messages() async throws {
        let project = try TestProject(["pipelines/dialogs.yml": Self.pipeline(Self.ratedColumns)])
        for name in Self.ratings { try Self.land(name, in: project) }
        try await project.ingest()
        let stored = try await project.rows(
            "silver.dialogs",
            """
            SELECT text, sender_class, score FROM (
              SELECT unnest(dialog, recursive := true) FROM t
            ) AS m(id, sender, text, score, sender_class)
            """
        )
        var expected: [[String]] = []
        for name in Self.ratings {
            for dialog in try Self.dialogs(name) {
                for case let message as [String: Any] in dialog["dialog"] as? [Any] ?? [] {
                    let score = (message["evaluation_score"] as? Int).map(String.init) ?? "NULL"
                    expected.append([message["text"] as? String ?? "", message["sender_class"] as? String ?? "", score])
                }
            }
        }
        #expect(stored.count == 14_623 + 4_316)
        func lines(_ rows: [[String]]) -> [String] { rows.map { $0.joined(separator: "\u{0}") }.sorted() }
        #expect(lines(stored) == lines(expected))
        #expect(stored.count { $0[0].contains("\n") } == 41 + 45)
        #expect(stored.count { $0[0].contains("|") } == 1)
    }

    @Test("Times with and without microseconds are the same instants")
    func times() async throws {
        let project = try TestProject(["pipelines/dialogs.yml": Self.pipeline(Self.ratedColumns)])
        for name in Self.ratings { try Self.land(name, in: project) }
        try await project.ingest()
        let stored = try await project.rows("silver.dialogs", "SELECT start_time FROM t ORDER BY start_time")
        let written = try Self.ratings.flatMap { try Self.dialogs($0) }.compactMap { $0["start_time"] as? String }
        #expect(written.contains { !$0.contains(".") })
        // DuckDB writes no zeros at the end of a fraction.
        let plain = written.map { text -> String in
            guard text.contains(".") else { return text }
            return String(text.reversed().drop(while: { $0 == "0" }).drop(while: { $0 == "." }).reversed())
        }
        #expect(stored.map { $0[0] } == plain.sorted())
    }

    private static func dialogs(_ name: String) throws -> [[String: Any]] {
        let data = try Data(contentsOf: URL(fileURLWithPath: SharedData.path("convai_dialogs/\(name)")))
        return try JSONSerialization.jsonObject(with: data) as? [[String: Any]] ?? []
    }

    private static func land(_ name: String, in project: TestProject) throws {
        try project.write(try SharedData.text("convai_dialogs/\(name)"), to: "landing/\(name)")
    }

    private static func pipeline(_ columns: String) -> String {
        """
        pipeline: dialogs
        source: {path: landing, format: json}
        schema_evolution_mode: add_new_columns
        null_values: [""]
        columns:
        \(columns)
        silver: {table: silver.dialogs}
        """
    }

    private static let dayColumns = """
          - {name: dialog_id, data_type: varchar, not_null: true}
          - {name: dialog, data_type: json, not_null: true}
          - {name: eval_score, data_type: integer, min: 1, max: 5}
          - {name: profile_match, data_type: integer, accepted_values: [0, 1]}
        """

    private static let ratedColumns = """
          - name: dialog
            data_type: struct(id integer, sender varchar, text varchar, evaluation_score integer, sender_class varchar)[]
            not_null: true
          - {name: start_time, data_type: timestamp, not_null: true}
          - {name: end_time, data_type: timestamp, not_null: true}
          - {name: eval_score, data_type: integer, min: 1, max: 5}
          - {name: profile_match, data_type: integer, accepted_values: [0, 1]}
          - {name: person, from: $.participant1_id.class, data_type: varchar, accepted_values: [User, Bot]}
        """
}
