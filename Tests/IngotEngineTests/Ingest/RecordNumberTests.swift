import IngotCore
import IngotEngine
import Testing

/// `_source_row` is the number of the record in its object: a header, empty lines and comments are no records.
@Suite("Numbers of records", .timeLimit(.minutes(30)))
struct RecordNumberTests {
    @Test("Empty lines of JSON lines are no records, whether or not a record is broken", arguments: [false, true])
    func jsonLines(isBroken: Bool) async throws {
        let project = try TestProject.things(source: "format: jsonl")
        let text = "{\"id\":1}\n\n{\"id\":2}\n  \n\t\n\r\n{\"id\":3}\r\n\r\n{\"id\":\"x\"}\n\n{\"id\":5}\n\n"
        try project.write(text + (isBroken ? "{\"id\":6\n" : ""), to: "landing/a.jsonl")
        let report = try await project.ingestThings()
        #expect(report.rows.read == (isBroken ? 6 : 5))
        #expect(try await project.things(of: "a.jsonl") == ["1|1|-", "2|2|-", "3|3|-", "5|5|-"])
        #expect(
            try await project.reasons(of: "a.jsonl")
                == ["4|data_type|id|\"x\" is not a valid bigint"]
                + (isBroken ? ["6|malformed_json||is not valid JSON"] : [])
        )
    }

    @Test("Empty lines, comments and lines inside quotes of CSV count as they do for JSON", arguments: [false, true])
    func csv(isBroken: Bool) async throws {
        let project = try TestProject.things(source: "format: csv, comment: '#'")
        let text = "id,name\n1,a\n\n2,\"b\nb\"\n# note\n\r\n3,c\r\nx,d\n\n5,e\n"
        try project.write(text + (isBroken ? "6,f,g\n" : ""), to: "landing/a.csv")
        let report = try await project.ingestThings()
        #expect(report.rows.read == (isBroken ? 6 : 5))
        #expect(try await project.things(of: "a.csv") == ["1|1|a", "2|2|b\nb", "3|3|c", "5|5|e"])
        #expect(
            try await project.reasons(of: "a.csv")
                == ["4|data_type|id|\"x\" is not a valid bigint"]
                + (isBroken ? ["6|ragged_row||expected 2 fields, found 3"] : [])
        )
    }

    @Test("Empty lines are no records where records have one field, either", arguments: [false, true])
    func oneField(isBroken: Bool) async throws {
        let project = try TestProject.things(source: "format: csv")
        try project.write("id\n1\n\n2\n\nx\n" + (isBroken ? "1,\"2\n" : ""), to: "landing/a.csv")
        let report = try await project.ingestThings()
        #expect(report.rows.read == (isBroken ? 4 : 3))
        #expect(try await project.things(of: "a.csv") == ["1|1|-", "2|2|-"])
        let reasons = try await project.reasons(of: "a.csv")
        #expect(reasons.first == "3|data_type|id|\"x\" is not a valid bigint")
        #expect(reasons.count == (isBroken ? 2 : 1))
    }
}
