import IngotCore
import IngotEngine
import Testing

/// Fields whose names differ in case only: to SQL they are one column, to files they are two.
@Suite("Names that differ in case", .timeLimit(.minutes(30)))
struct FieldCaseTests {
    private static func project(_ format: String, _ more: String = "") throws -> TestProject {
        try TestProject.things(source: "format: \(format)", "schema_evolution_mode: add_new_columns\n\(more)")
    }

    @Test("A new field that comes with another case later goes into the same column", arguments: [false, true])
    func drift(atOnce: Bool) async throws {
        for (format, texts) in [
            ("csv", ["id,More\n1,a\n", "id,more\n2,b\n"]),
            ("jsonl", ["{\"id\":1,\"More\":\"a\"}", "{\"id\":2,\"more\":\"b\"}"]),
        ] {
            let project = try Self.project(format)
            for (number, text) in texts.enumerated() {
                try project.write(text, to: "landing/\(number).\(format)")
                if !atOnce { _ = try await project.ingestThings() }
            }
            _ = try await project.ingestThings()
            #expect(
                try await project.rows("silver.things", "SELECT id, more FROM t ORDER BY id") == [
                    ["1", "a"], ["2", "b"],
                ]
            )
        }
    }

    @Test("Two such fields in one CSV quarantine it, and the others go on")
    func csvTwins() async throws {
        let project = try Self.project("csv")
        try project.write("id,More,more\n1,a,b\n", to: "landing/new.csv")
        try project.write("id,ID\n1,2\n", to: "landing/known.csv")
        try project.write("id\n3\n", to: "landing/good.csv")
        let report = try await project.ingestThings()
        #expect(report.objects == .init(loaded: 1, quarantined: 2))
        #expect(
            try await project.reasons(of: "new.csv")
                == ["1|duplicate_columns||the fields \"More\", \"more\" differ in case only, and are one column"]
        )
        #expect(
            try await project.reasons(of: "known.csv")
                == ["1|duplicate_columns||the fields \"id\", \"ID\" differ in case only, and are one column"]
        )
        let raw = try await project.rows("quarantine.things", "SELECT raw FROM t ORDER BY _source_file")
        #expect(raw == [["{\"id\":\"1\",\"ID\":\"2\"}"], ["{\"id\":\"1\",\"More\":\"a\",\"more\":\"b\"}"]])
    }

    @Test("Two such fields in one object of JSON reject that record")
    func jsonTwins() async throws {
        let project = try Self.project("jsonl")
        let lines = [
            "{\"id\":1,\"More\":\"a\"}", "{\"id\":2,\"more\":\"b\",\"More\":\"c\"}",
            "{\"id\":3,\"more\":\"d\",\"More\":null}",
            "{\"id\":4,\"ID\":5}", "{\"id\":6}",
        ]
        try project.write(lines.joined(separator: "\n"), to: "landing/a.jsonl")
        let report = try await project.ingestThings()
        #expect(report.rows == RowCounts(read: 5, silver: 3, quarantined: 2))
        #expect(
            try await project.reasons(of: "a.jsonl") == [
                "2|duplicate_columns||the fields \"More\", \"more\" differ in case only, and are one column",
                "4|duplicate_columns||the field \"ID\" has the name of a column that reads another field",
            ]
        )
        let rows = try await project.rows("silver.things", "SELECT id, more FROM t ORDER BY id")
        #expect(rows == [["1", "a"], ["3", "d"], ["6", "NULL"]])
    }

    @Test("What no column can take is kept in the column for rescued data, where there is one")
    func rescued() async throws {
        let project = try Self.project("jsonl", "rescued_data_column: rescued")
        try project.write("{\"id\":4,\"ID\":5}\n{\"id\":6}\n", to: "landing/a.jsonl")
        let report = try await project.ingestThings()
        #expect(report.rows == RowCounts(read: 2, silver: 2))
        let rows = try await project.rows("silver.things", "SELECT id, rescued FROM t ORDER BY id")
        #expect(rows == [["4", "{\"ID\":\"5\"}"], ["6", "NULL"]])
    }

    @Test("Fields with the names of system columns become columns of another name")
    func systemNames() async throws {
        let project = try Self.project("csv")
        try project.write("id,_load_id,_Source_File\n1,x,y\n", to: "landing/a.csv")
        _ = try await project.ingestThings()
        let rows = try await project.rows(
            "silver.things",
            "SELECT id, field_load_id, \"field_Source_File\", _source_file FROM t"
        )
        #expect(rows == [["1", "x", "y", "a.csv"]])
    }
}
