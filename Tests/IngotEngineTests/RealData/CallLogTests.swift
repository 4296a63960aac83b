import IngotCore
import IngotEngine
import Testing

/// A bank's calls of January 1999, separated by tabs.
@Suite("Call log", .sharedData, .timeLimit(.minutes(30)))
struct CallLogTests {
    private static let file = "callcentre_1999/january.txt"
    private static let raw = """
        read_csv('\(SharedData.path(file))', header = true, all_varchar = true, delim = '\\t', quote = '')
        """

    @Test("Numbers that a spreadsheet has shortened and negative waits are rejected, all else is kept")
    func calls() async throws {
        let project = try TestProject(["pipelines/calls.yml": Self.pipeline])
        try project.write(try SharedData.text(Self.file), to: "landing/january.txt")
        try await project.ingest()
        let isSound = "regexp_matches(customer_id, '^[0-9]+$') AND NOT starts_with(vru_time, '-')"
        let expected = try await RawData.query(
            """
            SELECT call_id::BIGINT AS id, customer_id, type, strptime("date", '%y%m%d')::DATE,
              vru_entry::TIME, vru_time::BIGINT, outcome, ser_start::TIME, ser_exit::TIME, server
            FROM \(Self.raw) WHERE \(isSound) ORDER BY ALL
            """
        )
        let silver = try await project.rows(
            "silver.calls",
            """
            SELECT call_id, customer_id, type, "date", vru_entry, vru_time, outcome, ser_start, ser_exit, server
            FROM t ORDER BY ALL
            """
        )
        #expect(silver.count == expected.count)
        #expect(silver == expected)
        // 24 customers are written as 2.78E+08, and 33 stays in the voice unit are negative.
        let rejections = try await project.rejections("quarantine.calls")
        #expect(rejections == [["matches", "customer_id", "24"], ["min", "vru_time", "33"]])
    }

    private static let pipeline = #"""
        pipeline: calls
        source: {path: landing, format: csv, delimiter: "\t"}
        columns:
          - {name: line, from: vru+line, data_type: varchar, transform: trim(line)}
          - {name: call_id, data_type: bigint, not_null: true}
          - {name: customer_id, data_type: varchar, matches: '^[0-9]+$'}
          - {name: priority, data_type: integer, min: 0, max: 2}
          - {name: type, data_type: varchar, accepted_values: [PS, NW, NE, PE, TT, IN, AA]}
          - {name: date, data_type: date, format: "%y%m%d", not_null: true}
          - {name: vru_entry, data_type: time}
          - {name: vru_exit, data_type: time}
          - {name: vru_time, data_type: bigint, min: 0}
          - {name: q_start, data_type: time}
          - {name: q_exit, data_type: time}
          - {name: q_time, data_type: bigint}
          - {name: outcome, data_type: varchar, accepted_values: [AGENT, HANG, PHANTOM]}
          - {name: ser_start, data_type: time}
          - {name: ser_exit, data_type: time}
          - {name: ser_time, data_type: bigint}
          - {name: server, data_type: varchar, transform: trim(server)}
        silver: {table: silver.calls, event_time: date, partition_by: [day(date)]}
        """#
}
