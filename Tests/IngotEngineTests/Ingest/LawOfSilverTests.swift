import Foundation
import IngotCore
import IngotEngine
import Testing

/// Silver and quarantine are a function of the live object versions and the contract, whatever the order, number and
/// batching of arrivals.
@Suite("The law of silver", .timeLimit(.minutes(30)))
struct LawOfSilverTests {
    /// One version of a file: its content, and the time that it bears.
    struct Version {
        var key: String
        var text: String
        var modified: Date
    }

    static let contracts = [
        "unique_key: [id]",
        "unique_key: [id]\ndedup_sort: oldest",
        "unique_key: [id, kind]\ndedup_sort: [amount desc, _source_file asc, _source_row asc]",
        "unique_key: [id]\ndedup_sort: [_source_row asc, _source_file desc]",
        "on_row_error: quarantine",
    ]

    @Test("Any history gives the tables of one load of everything", arguments: contracts, 1...3)
    func anyHistory(contract: String, seed: Int) async throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let history = Self.history(&random)
        let lived = try Self.project(contract)
        for version in history {
            try Self.write(version, to: lived)
            if Bool.random(using: &random) { try await lived.ingest() }
            if Int.random(in: 0..<4, using: &random) == 0 { try await lived.ingest() }
        }
        try await lived.ingest()

        let fresh = try Self.project(contract)
        var last: [String: Version] = [:]
        for version in history { last[version.key] = version }
        for version in last.values { try Self.write(version, to: fresh) }
        try await fresh.ingest()

        for table in ["silver.things", "quarantine.things"] {
            let columns = "SELECT * EXCLUDE (_load_id, _ingested_at) FROM t ORDER BY ALL"
            #expect(try await lived.rows(table, columns) == fresh.rows(table, columns), "\(table), seed \(seed)")
        }
        try await lived.expectBalancedThings()
    }

    @Test(
        "Objects whose accepted rows are written as they are read give the same tables",
        arguments: zip(1...4, ["[month(day)]", nil, "[kind, day(day)]", "['bucket(3, id)', kind]"])
    )
    func writtenAhead(seed: Int, partitions: String?) async throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let history = Self.history(&random)
        let contract = "max_error_rate: 0.6\nexpectations: [{expect_table_row_count_to_be_between: {min_value: 1}}]"
        let held = try Self.project(contract, partitions: partitions)
        let large = try Self.project(contract, partitions: partitions, largeReadSize: 0)
        let many = try Self.project(contract, partitions: partitions, largeReadSize: 0, rejectedSizeMax: 0)
        for version in history {
            for project in [held, large, many] {
                try Self.write(version, to: project)
                try await project.ingest()
            }
        }
        for project in [large, many] {
            for table in ["silver.things", "quarantine.things"] {
                let columns = "SELECT * EXCLUDE (_load_id, _ingested_at) FROM t ORDER BY ALL"
                #expect(try await held.rows(table, columns) == project.rows(table, columns), "\(table), seed \(seed)")
            }
            try await project.expectBalancedThings()
        }
    }

    static func project(
        _ contract: String,
        partitions: String? = "[month(day)]",
        largeReadSize: Int64? = nil,
        rejectedSizeMax: Int? = nil
    ) throws -> TestProject {
        try TestProject(
            [
                "ingot.yml": "name: test\nsettings: {max_files_per_trigger: 2}\n",
                "pipelines/things.yml": """
                pipeline: things
                source: {path: landing, format: csv}
                columns:
                  - {name: id, data_type: bigint}
                  - {name: kind, data_type: varchar, accepted_values: [a, b]}
                  - {name: amount, data_type: "decimal(8,2)", min: 0}
                  - {name: day, data_type: date}
                \(contract)
                silver: {table: silver.things\(partitions.map { ", partition_by: \($0)" } ?? "")}
                """,
            ],
            largeReadSize: largeReadSize,
            rejectedSizeMax: rejectedSizeMax
        )
    }

    static func write(_ version: Version, to project: TestProject) throws {
        let path = "landing/\(version.key)"
        try project.write(version.text, to: path)
        try FileManager.default.setAttributes(
            [.modificationDate: version.modified],
            ofItemAtPath: "\(project.directory)/\(path)"
        )
    }

    /// Some files, each in up to three versions; few ids, so that rows meet.
    static func history(_ random: inout SeededGenerator) -> [Version] {
        var versions: [Version] = []
        for number in 0..<Int.random(in: 2...5, using: &random) {
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                var text = "id,kind,amount,day\n"
                for _ in 0..<Int.random(in: 0...6, using: &random) {
                    let id = Int.random(in: 1...4, using: &random)
                    let kind = ["a", "b", "x"].randomElement(using: &random) ?? "a"
                    let amount = ["1", "2.50", "-3", "2.555", ""].randomElement(using: &random) ?? ""
                    let month = Int.random(in: 1...3, using: &random)
                    let idText = Int.random(in: 0..<8, using: &random) == 0 ? "" : String(id)
                    text += "\(idText),\(kind),\(amount),2026-0\(month)-01\n"
                }
                let seconds = Double(Int.random(in: 0..<5, using: &random))
                let modified = Date(timeIntervalSince1970: 1_700_000_000 + seconds)
                versions.append(Version(key: "f\(number).csv", text: text, modified: modified))
            }
        }
        return versions.shuffled(using: &random)
    }
}
