import Foundation
import IngotCore
import IngotEngine
import Testing

/// Bucket partitions have the table format's own hashes, so that every other engine finds the rows.
@Suite("Bucket partitions", .timeLimit(.minutes(30)))
struct BucketPartitionTests {
    private static let columns = [
        "i": "integer", "l": "bigint", "d": "decimal(9,2)", "w": "decimal(38,10)", "day": "date", "t": "time",
        "ts": "timestamp", "tz": "timestamptz", "s": "varchar", "u": "uuid", "b": "blob",
    ]

    /// The values of the specification's appendix B, one wide decimal, and text for bytes, with their buckets of 1,000 as pyiceberg's
    /// `BucketTransform` computes them.
    private static let expected = [
        "i": ("34", "379"), "l": ("34", "379"), "d": ("14.20", "59"),
        "w": ("-1234567890123456789012345678.0123456789", "701"), "day": ("2017-11-16", "226"),
        "t": ("22:31:08", "659"), "ts": ("2017-11-16T22:31:08.000001", "838"),
        "tz": ("2017-11-16T14:31:08-08:00", "207"), "s": ("iceberg", "89"),
        "u": ("f79c3e09-677c-4bbd-a479-3f349cb785e7", "340"), "b": ("iceberg", "89"),
    ]

    @Test("Every type that has buckets goes to the specification's, and NULL to none", arguments: columns.keys.sorted())
    func bucket(column: String) async throws {
        let type = try #require(Self.columns[column])
        let (text, bucket) = try #require(Self.expected[column])
        let project = try TestProject([
            "pipelines/things.yml": """
            pipeline: things
            source: {path: landing, format: csv}
            columns:
              - {name: number, data_type: bigint}
              - {name: \(column), data_type: "\(type)"}
            silver: {table: silver.things, partition_by: ["bucket(1000, \(column))"]}
            """
        ])
        try project.write("number,\(column)\n1,\(text)\n2,\n", to: "landing/a.csv")
        let report = try #require(try await project.ingest().first)
        #expect(report.rows == RowCounts(read: 2, silver: 2))
        let rows = try await project.rows("silver.things", "SELECT number FROM t ORDER BY number")
        #expect(rows == [["1"], ["2"]])
        let files = FileManager.default.enumerator(atPath: "\(project.directory)/lake")?.compactMap { $0 as? String }
        let folders = (files ?? []).filter { $0.hasSuffix(".parquet") && $0.contains("silver/things/") }
            .compactMap { $0.split(separator: "/").first { $0.contains("_bucket=") } }
        #expect(folders.contains("\(column)_bucket=\(bucket)"))
        #expect(folders.count == 2)
    }
}
