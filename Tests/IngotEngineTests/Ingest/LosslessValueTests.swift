import IngotCore
import IngotEngine
import Testing

/// What a cast would lose rejects the row: in nested values too, in numbers near zero, and beside zones by name.
@Suite("Casts that would lose something", .timeLimit(.minutes(30)))
struct LosslessValueTests {
    private static func project(_ type: String, _ format: String = "jsonl", _ more: String = "") throws -> TestProject {
        try TestProject([
            "ingot.yml": "name: test\n",
            "pipelines/things.yml": """
            pipeline: things
            source: {path: landing, format: \(format)}
            columns:
              - {name: id, data_type: bigint, not_null: true}
              - {name: value, data_type: "\(type)"\(more)}
            silver: {table: silver.things}
            """,
        ])
    }

    /// The values of a type that silver has after lines of JSON with these values were taken in, in their order.
    private static func kept(_ values: [String], as type: String, _ more: String = "") async throws -> [String] {
        let project = try project(type, "jsonl", more)
        let lines = values.enumerated().map { "{\"id\": \($0), \"value\": \($1)}\n" }
        try project.write(lines.joined(), to: "landing/a.jsonl")
        let reports = try await project.ingest()
        #expect(reports.first?.rows.isBalanced == true)
        let rows = try await project.rows("silver.things", "SELECT coalesce(value::VARCHAR, '-') FROM t ORDER BY id")
        let rules = try await project.rows(
            "quarantine.things",
            "SELECT DISTINCT r.rule FROM (SELECT unnest(reasons) AS r FROM t)"
        )
        #expect(rules.isEmpty || rules == [["data_type"]])
        return rows.map { $0[0] }
    }

    @Test("Elements of lists")
    func lists() async throws {
        let values = [
            "[1, 2]", "[]", "[null]", "null", "[1, \"x\"]", "[1.5]", "[99999999999]", "[\"7\"]", "[[1]]", "{}", "3",
        ]
        #expect(try await Self.kept(values, as: "integer[]") == ["[1, 2]", "[]", "[NULL]", "-", "[7]"])
        #expect(try await Self.kept(["[[1], [2.5]]", "[[1], []]", "[1]"], as: "integer[][]") == ["[[1], []]"])
    }

    @Test("Members of structures; those that the type does not name are left out")
    func structures() async throws {
        let values = [
            #"{"a": 1, "b": "x", "d": "2026-02-28", "m": 1.25}"#, #"{"a": "x"}"#, #"{"a": 1.5}"#,
            #"{"b": 7, "zzz": 1}"#,
            #"{"d": "2026-02-30"}"#, #"{"m": "1.005"}"#, #"{"m": 1.005}"#, "[1]", "7", #"{"a": [1]}"#,
        ]
        let kept = try await Self.kept(values, as: "struct(a integer, b varchar, d date, m decimal(5,2))")
        #expect(
            kept == [
                "{'a': 1, 'b': x, 'd': 2026-02-28, 'm': 1.25}", "{'a': NULL, 'b': 7, 'd': NULL, 'm': NULL}",
            ]
        )
    }

    @Test("Keys and values of maps")
    func maps() async throws {
        let values = [#"{"k/~": 1}"#, #"{"k": "x"}"#, #"{"k": 2.7}"#, "{}", "[]", #"{"k": null}"#]
        #expect(try await Self.kept(values, as: "map(varchar, integer)") == ["{k/~=1}", "{}", "{k=NULL}"])
        #expect(try await Self.kept([#"{"1": 1}"#, #"{"x": 1}"#], as: "map(integer, integer)") == ["{1=1}"])
    }

    @Test("A column that says `coerce` takes what the engine makes of them")
    func coerced() async throws {
        #expect(try await Self.kept(["[1.5, 2]"], as: "integer[]", ", coerce: true") == ["[2, 2]"])
    }

    @Test("A number that is too small to tell from zero", arguments: ["bigint", "decimal(38,0)", "decimal(5,2)"])
    func tinyNumbers(_ type: String) async throws {
        let project = try Self.project(type, "csv")
        try project.write("id,value\n1,1e-400\n2,-1e-400\n3,0e5\n4,0.0e-400\n5,0\n6,-0.0\n", to: "landing/a.csv")
        _ = try await project.ingest()
        let rows = try await project.rows("silver.things", "SELECT id FROM t WHERE value = 0 ORDER BY id")
        #expect(rows.map { $0[0] } == ["3", "4", "5", "6"])
    }

    /// PostgreSQL refuses them too; ISO 8601 has offsets of up to a day, and no place has more than 14 hours.
    @Test("An offset that no place has is no time", arguments: ["", ", format: '%Y-%m-%d %H:%M:%S%z'"])
    func offsets(_ format: String) async throws {
        let project = try Self.project("timestamptz", "csv", format)
        let offsets = [
            "+25:00", "+16:00", "-99", "+05:75", "+1660", "+05:30:60", "+15:59", "-12", "+0530", "+05:30", "+00:00",
        ]
        let lines = offsets.enumerated().map { "\($0),2026-01-01 10:00:00\($1)\n" }.joined()
        try project.write("id,value\n" + lines, to: "landing/a.csv")
        _ = try await project.ingest()
        let rows = try await project.rows("silver.things", "SELECT id FROM t ORDER BY id")
        #expect(rows.map { $0[0] } == ["6", "7", "8", "9", "10"])
        let reasons = try await project.rows(
            "quarantine.things",
            "SELECT reasons[1].message FROM t ORDER BY _source_row"
        )
        #expect(reasons.first == ["\"2026-01-01 10:00:00+25:00\" is not a valid timestamptz"])
    }

    @Test("Times without an offset are in UTC, whatever zone another row or file names")
    func zones() async throws {
        let project = try Self.project("timestamptz", "csv")
        try project.write(
            """
            id,value
            1,2026-01-01 10:00:00
            2,2026-01-01 10:00:00 Europe/Berlin
            3,2026-01-01 10:00:00
            4,2026-07-01
            5,2026-07-01T10:00:00.5
            6,2026-07-01 10:00:00+02:00
            7,2026-07-01 10:00

            """,
            to: "landing/a.csv"
        )
        try project.write("id,value\n11,2026-01-01 10:00:00\n12,2026-07-01\n", to: "landing/b.csv")
        _ = try await project.ingest()
        let rows = try await project.rows("silver.things", "SELECT id, epoch_ms(value) // 60000 FROM t ORDER BY id")
        let ten = 29_454_360
        let july = 29_714_400
        #expect(
            rows.map { "\($0[0]) \($0[1])" } == [
                "1 \(ten)", "2 \(ten - 60)", "3 \(ten)", "4 \(july)", "5 \(july + 600)",
                "6 \(july + 480)", "7 \(july + 600)", "11 \(ten)", "12 \(july)",
            ]
        )
    }
}
