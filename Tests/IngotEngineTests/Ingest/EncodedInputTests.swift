import Foundation
import IngotCore
import IngotEngine
import Testing

/// Bad records are rejected one by one also where the query engine cannot read the bytes by itself.
@Suite("Compressed and encoded input", .timeLimit(.minutes(30)))
struct EncodedInputTests {
    /// `id,name` with a ragged second record and a sound third, compressed by the `gzip` tool.
    private static let ragged =
        "H4sIAAAAAAACA8tM0clLzE3lMtRJ5DLSSdJJ5jLWSeECAEZapWQWAAAA"

    private static func utf16(_ text: String) -> [UInt8] {
        [0xFF, 0xFE] + text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    }

    private static let silver = "SELECT id, name FROM t ORDER BY id"
    private static let quarantine = "SELECT _source_file, _source_row, reasons[1].rule, raw FROM t ORDER BY ALL"

    @Test("A ragged record of a gzip file is rejected alone")
    func gzipRagged() async throws {
        let project = try TestProject.things(source: "format: csv")
        try project.write(Array(try #require(Data(base64Encoded: Self.ragged))), to: "landing/a.csv.gz")
        let report = try #require(try await project.ingest().first)
        #expect(report.rows == RowCounts(read: 3, silver: 2, quarantined: 1))
        #expect(try await project.rows("silver.things", Self.silver) == [["1", "a"], ["3", "d"]])
        #expect(
            try await project.rows("quarantine.things", Self.quarantine)
                == [["a.csv.gz", "2", "ragged_row", "2,b,c"]]
        )
    }

    @Test("A gzip file that breaks off is quarantined whole, and the others go on")
    func gzipCutOff() async throws {
        let project = try TestProject.things(source: "format: csv")
        let bytes = Array(try #require(Data(base64Encoded: Self.ragged)))
        try project.write(Array(bytes.dropLast(12)), to: "landing/cut.csv.gz")
        try project.write("id,name\n1,a\n", to: "landing/good.csv")
        let report = try #require(try await project.ingest().first)
        #expect(report.objects == .init(loaded: 1, quarantined: 1))
        #expect(try await project.rows("silver.things", Self.silver) == [["1", "a"]])
    }

    @Test("A gzip file whose checksum is wrong is quarantined whole, though it could be decompressed")
    func gzipChecksum() async throws {
        for format in ["csv", "jsonl"] {
            let project = try TestProject.things(source: "format: \(format)")
            var bytes = Array(try #require(Data(base64Encoded: Self.ragged)))
            bytes[bytes.count - 6] ^= 0x10
            try project.write(bytes, to: "landing/damaged.\(format).gz")
            let report = try #require(try await project.ingest().first)
            #expect(report.objects == .init(quarantined: 1))
            #expect(report.notices.map(\.message) == ["the gzip data is damaged"])
        }
    }

    @Test("UTF-16 CSV is read, and its ragged record rejected alone")
    func utf16CSV() async throws {
        let project = try TestProject.things(source: "format: csv, encoding: utf-16")
        try project.write(Self.utf16("id,name\n1,ä\n2,b,c\n3,\"d\n€\"\n"), to: "landing/a.csv")
        let report = try #require(try await project.ingest().first)
        #expect(report.objects == .init(loaded: 1))
        #expect(report.rows == RowCounts(read: 3, silver: 2, quarantined: 1))
        #expect(try await project.rows("silver.things", Self.silver) == [["1", "ä"], ["3", "d\n€"]])
        #expect(
            try await project.rows("quarantine.things", Self.quarantine) == [["a.csv", "2", "ragged_row", "2,b,c"]]
        )
    }

    @Test("JSON lines in UTF-16 are read")
    func utf16JSON() async throws {
        let project = try TestProject.things(source: "format: jsonl, encoding: utf-16")
        try project.write(Self.utf16("{\"id\": 1, \"name\": \"ä\"}\n{\"id\": 2,\n"), to: "landing/a.jsonl")
        let report = try #require(try await project.ingest().first)
        #expect(report.rows == RowCounts(read: 2, silver: 1, quarantined: 1))
        #expect(try await project.rows("silver.things", Self.silver) == [["1", "ä"]])
    }
}
