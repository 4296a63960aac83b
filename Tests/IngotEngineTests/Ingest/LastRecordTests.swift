import IngotCore
import IngotEngine
import Testing

/// The query engine leaves out a last record that is longer than its buffer; such a record is rejected here.
@Suite("A last record that is too long", .timeLimit(.minutes(30)))
struct LastRecordTests {
    /// Longer than any buffer, whose least is 32 MiB.
    private static let long = [UInt8](repeating: UInt8(ascii: "x"), count: 40 << 20)

    private static let source = [
        "plain": "", "with a line break": "\n", "in quotes": "\"", "in quotes, broken": "\"\n",
    ]

    @Test("It is rejected, and the others are taken in", arguments: source.keys.sorted(), [nil, 0])
    func isRejected(_ name: String, largeReadSize: Int64?) async throws {
        let end = try #require(Self.source[name])
        let project = try TestProject(
            [
                "ingot.yml": "name: test\n",
                "pipelines/things.yml": """
                pipeline: things
                source: {path: landing, format: csv, max_line_size: 1MiB}
                columns:
                  - {name: id, data_type: bigint, not_null: true}
                  - {name: name, data_type: varchar}
                silver: {table: silver.things}
                """,
            ],
            largeReadSize: largeReadSize
        )
        try project.write(
            Array("id,name\n1,a\n2,".utf8) + (end.first == "\"" ? [UInt8(ascii: "\"")] : []) + Self.long
                + Array(end.utf8),
            to: "landing/long.csv"
        )
        try project.write("id,name\n3,good\n", to: "landing/good.csv")
        let reports = try await project.ingest()
        #expect(reports.first?.objects == .init(loaded: 2))
        #expect(reports.first?.rows == RowCounts(read: 3, silver: 2, quarantined: 1))
        #expect(try await project.reasons(of: "long.csv").map { $0.prefix(13) } == ["2|line_too_lo"])
    }
}
