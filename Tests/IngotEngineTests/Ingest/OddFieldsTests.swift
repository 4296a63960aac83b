import IngotCore
import IngotEngine
import Testing

/// Fields that no contract foresaw, of any name and any number.
@Suite("Odd fields", .timeLimit(.minutes(30)))
struct OddFieldsTests {
    private static let keys = ["/path", "$.a", "$", "$schema", "$oid", " ", "a~b/c", "q\"q", "b\\s", "*", "0", "日本 é"]

    private static func record(_ id: Int, _ key: String, _ value: String) -> String {
        let escaped = key.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : "\($0)" }.joined()
        return "{\"id\":\(id),\"\(escaped)\":\"\(value)\"}\n"
    }

    @Test("A key of JSON is a name, whatever it looks like", arguments: keys)
    func anyKey(_ key: String) async throws {
        let text = Self.record(1, key, "kept") + "{\"id\":2}\n"
        let project = try TestProject.things(source: "format: jsonl", "schema_evolution_mode: add_new_columns")
        try project.write(text, to: "landing/a.jsonl")
        #expect(try await project.ingestThings().rows == RowCounts(read: 2, silver: 2))
        let column = key == " " ? "field" : key
        let name = "\"\(column.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
        #expect(try await project.rows("silver.things", "SELECT \(name) FROM t ORDER BY id") == [["kept"], ["NULL"]])

        let rescuing = try TestProject.things(
            source: "format: jsonl",
            "schema_evolution_mode: rescue\nrescued_data_column: _rescued_data"
        )
        try rescuing.write(text, to: "landing/a.jsonl")
        #expect(try await rescuing.ingestThings().rows == RowCounts(read: 2, silver: 2))
        let rescued = try await rescuing.rows(
            "silver.things",
            "SELECT map_values(_rescued_data::JSON::MAP(VARCHAR, VARCHAR)) FROM t ORDER BY id"
        )
        #expect(rescued == [["[kept]"], ["NULL"]])
    }

    @Test("The empty key is a field as well, and one with a NUL rejects its record alone")
    func unspeakableKeys() async throws {
        let project = try TestProject.things(source: "format: jsonl", "schema_evolution_mode: add_new_columns")
        let text = "{\"id\":1,\"\":\"x\"}\n{\"id\":2,\"a\\u0000b\":1}\n{\"id\":3}\n"
        try project.write(text, to: "landing/a.jsonl")
        #expect(try await project.ingestThings().rows == RowCounts(read: 3, silver: 2, quarantined: 1))
        #expect(try await project.rows("silver.things", "SELECT field FROM t ORDER BY id") == [["x"], ["NULL"]])
        let reason = "2|malformed_json||has a key with a NUL character, which no column can be named for"
        #expect(try await project.reasons(of: "a.jsonl") == [reason])
    }

    @Test("An object whose fields make SQL that the engine refuses fails alone")
    func fieldsBeyondSQL() async throws {
        let project = try TestProject.things(source: "format: jsonl", "schema_evolution_mode: add_new_columns")
        // The engine's expressions nest to a depth of 1000; so many spellings of one name go beyond that.
        let spellings = (0..<1_100).map { number in
            String((0..<11).map { number >> $0 & 1 == 1 ? Character("A") : Character("a") })
        }
        let lines = spellings.enumerated().map { "{\"id\":\($0),\"\($1)\":\"x\"}\n" }.joined()
        try project.write(lines, to: "landing/odd.jsonl")
        for number in 1...3 { try project.write("{\"id\":\(number)}\n", to: "landing/\(number).jsonl") }
        let report = try await project.ingestThings()
        #expect(report.error == nil)
        #expect(report.objects == .init(loaded: 3, failed: 1))
        let reason = "its fields cannot be put into SQL: Max expression depth"
        #expect(report.notices.first?.message.hasPrefix(reason) == true)
        #expect(try await project.rows("silver.things", "SELECT id FROM t ORDER BY id") == [["1"], ["2"], ["3"]])
    }

    @Test("fail_on_new_columns holds for JSON: a field below a declared path is not new")
    func failOnNewColumns() async throws {
        let project = try TestProject([
            "ingot.yml": "name: test\n",
            "pipelines/things.yml": """
            pipeline: things
            source: {path: landing, format: jsonl}
            schema_evolution_mode: fail_on_new_columns
            columns:
              - {name: id, data_type: bigint}
              - {name: name, data_type: varchar, from: $.deep.name}
            silver: {table: silver.things, source_row: true}
            """,
        ])
        try project.write("{\"id\":1,\"deep\":{\"name\":\"a\",\"x\":1}}\n", to: "landing/good.jsonl")
        try project.write("{\"id\":2}\n{\"id\":3,\"extra\":1,\"also\":2}\n", to: "landing/new.jsonl")
        let report = try await project.ingestThings()
        #expect(report.rows == RowCounts(read: 3, silver: 1, quarantined: 2))
        #expect(try await project.things(of: "good.jsonl") == ["1|1|a"])
        let message = "new_columns||unknown fields: \"also\", \"extra\""
        #expect(try await project.reasons(of: "new.jsonl") == ["1|\(message)", "2|\(message)"])
    }

    @Test("Large objects are loaded beside others that have more fields, in any order", arguments: ["0.csv", "z.csv"])
    func largeBesideWider(name: String) async throws {
        let files = [
            "ingot.yml": "name: test\n",
            "pipelines/things.yml": """
            pipeline: things
            source: {path: landing, format: csv}
            columns:
              - {name: id, data_type: bigint, min: 2}
              - {name: name, data_type: varchar}
            silver: {table: silver.things}
            """,
        ]
        let held = try TestProject(files)
        let large = try TestProject(files, largeReadSize: 200)
        let lines = (1...100).map { "\($0),n\($0),x\($0)\n" }.joined()
        for project in [held, large] {
            try project.write("id,name,note\n1,b,hello\n2,c,world\n", to: "landing/\(name)")
            try project.write("id,name,other\n" + lines, to: "landing/m.csv")
            let report = try await project.ingest().first
            #expect(report?.rows == RowCounts(read: 102, silver: 100, quarantined: 2))
        }
        for table in ["silver.things", "quarantine.things"] {
            func select(_ columns: String) -> String { "SELECT \(columns) FROM t ORDER BY ALL" }
            let columns = table == "silver.things" ? "id, name, note, other" : "_source_file, _source_row, raw"
            #expect(try await held.rows(table, select(columns)) == large.rows(table, select(columns)), "\(table)")
        }
    }

    @Test("Hundreds of new fields take seconds", arguments: ["csv", "jsonl"])
    func manyFields(format: String) async throws {
        let project = try TestProject.things(
            source: "format: \(format)",
            "schema_evolution_mode: add_new_columns"
        )
        let names = (0..<150).map { "k\($0)" }
        let text =
            format == "csv"
            ? "id,\(names.joined(separator: ","))\n1,\(names.joined(separator: ","))\n"
            : "{\"id\":1,\(names.map { "\"\($0)\":\"\($0)\"" }.joined(separator: ","))}\n"
        try project.write(text, to: "landing/a.\(format)")
        #expect(try await project.ingestThings().rows == RowCounts(read: 1, silver: 1))
        #expect(try await project.rows("silver.things", "SELECT k0, k149 FROM t") == [["k0", "k149"]])
    }

    @Test("Words, and times that no clock shows, are refused", arguments: ["date", "timestamp", "timestamptz"])
    func wordsAreNoTimes(type: String) async throws {
        let project = try TestProject([
            "ingot.yml": "name: test\n",
            "pipelines/things.yml": """
            pipeline: things
            source: {path: landing, format: csv}
            columns:
              - {name: id, data_type: bigint}
              - {name: day, data_type: \(type)}
              - {name: hour, data_type: time}
            silver: {table: silver.things}
            """,
        ])
        let rows = ["epoch,", "infinity,", "now,", "today,", ",24:00:00", ",24:00", "2026-01-02,23:59:59"]
        let text = "id,day,hour\n" + rows.enumerated().map { "\($0),\($1)\n" }.joined()
        try project.write(text, to: "landing/a.csv")
        #expect(try await project.ingest().first?.rows == RowCounts(read: 7, silver: 1, quarantined: 6))
        #expect(try await project.rows("silver.things", "SELECT id, hour FROM t") == [["6", "23:59:59"]])
    }
}
