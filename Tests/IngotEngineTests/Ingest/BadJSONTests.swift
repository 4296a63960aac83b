import IngotCore
import IngotEngine
import Testing

/// JSON that breaks off, nests without end, or is something else than objects.
@Suite("Bad JSON", .timeLimit(.minutes(30)))
struct BadJSONTests {
    private static func nested(_ depth: Int, _ isObject: Bool) -> String {
        let (open, close) = isObject ? ("{\"a\":", "}") : ("[", "]")
        return String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
    }

    @Test(
        "A value that is nested without end is kept as text to its last bracket, and nothing else suffers",
        arguments: [10_000, 1_000_000],
        [false, true]
    )
    func deepValue(depth: Int, isObject: Bool) async throws {
        let deep = Self.nested(depth, isObject)
        for format in ["json", "jsonl"] {
            let project = try TestProject.things(
                source: "format: \(format)",
                "schema_evolution_mode: add_new_columns"
            )
            let records = [
                "{\"id\":1,\"name\":\"a\"}", "{\"id\":2,\"name\":\(deep)}", "{\"id\":\(deep)}",
                "{\"id\":4,\"more\":\(deep)}", "{\"id\":5}",
            ]
            let text = format == "json" ? "[\(records.joined(separator: ","))]" : records.joined(separator: "\n")
            try project.write(text, to: "landing/deep.\(format)")
            let report = try await project.ingestThings()
            #expect(report.rows == RowCounts(read: 5, silver: 4, quarantined: 1))
            let silver = try await project.rows("silver.things", "SELECT id, name, more FROM t ORDER BY id")
            #expect(silver.map { $0[0] } == ["1", "2", "4", "5"])
            #expect(silver[1][1] == deep)
            #expect(silver[2][2] == deep)
            let reasons = try await project.reasons(of: "deep.\(format)")
            #expect(reasons.count == 1 && reasons[0].hasPrefix("3|data_type|id|") && reasons[0].utf8.count < 1_000)
            #expect(try await project.rows("quarantine.things", "SELECT raw FROM t") == [["{\"id\":\(deep)}"]])
        }
    }

    @Test("A line that is nothing but brackets without end is one rejected row", arguments: [10_000, 1_000_000])
    func deepLine(depth: Int) async throws {
        let project = try TestProject.things(source: "format: jsonl")
        let open = String(repeating: "[", count: depth)
        let closed = Self.nested(depth, false)
        try project.write("{\"id\":1}\n\(open)\n\(closed)\n{\"id\":4}\n", to: "landing/deep.jsonl")
        let report = try await project.ingestThings()
        #expect(report.rows == RowCounts(read: 4, silver: 2, quarantined: 2))
        #expect(
            try await project.reasons(of: "deep.jsonl") == [
                "2|malformed_json||is not valid JSON", "3|not_an_object||is not a JSON object",
            ]
        )
        let raw = try await project.rows("quarantine.things", "SELECT raw FROM t ORDER BY _source_row")
        #expect(raw == [[open], [closed]])
    }

    @Test("An object that goes over several lines is quarantined whole, with a hint", arguments: ["json", "jsonl"])
    func spread(format: String) async throws {
        let project = try TestProject.things(source: "format: \(format)")
        try project.write("{\n  \"id\": 1,\n  \"name\": \"a\"\n}\n", to: "landing/spread.\(format)")
        try project.write("{\r\n\t\"id\": 1}", to: "landing/cr.\(format)")
        // A line that is cut off is a rejected row like any other.
        try project.write("{\n{\"id\": 2}\n", to: "landing/cut.\(format)")
        try project.write("{\"id\": 3}\n", to: "landing/good.\(format)")
        let report = try await project.ingestThings()
        #expect(report.objects == .init(loaded: 2, quarantined: 2))
        #expect(report.rows == RowCounts(read: 3, silver: 2, quarantined: 1))
        for name in ["spread", "cr"] {
            let reasons = try await project.reasons(of: "\(name).\(format)")
            #expect(reasons.count == 1)
            #expect(reasons[0].hasPrefix("0|unreadable||it is a JSON object that goes over several lines"))
            #expect(reasons[0].contains("jq -c"))
        }
    }

    @Test("JSON lines that break off lose the last line only; an array that breaks off is unreadable, with its place")
    func cut() async throws {
        let project = try TestProject.things(source: "format: json")
        try project.write("{\"id\":1}\n{\"id\":2}\n{\"id\":3,\"na", to: "landing/lines.json")
        try project.write("[{\"id\":1},\n{\"id\":2},\n{\"id\":3,\"na", to: "landing/array.json")
        try project.write("[{\"id\":1}] and more", to: "landing/more.json")
        try project.write("[{\"id\":9}]", to: "landing/good.json")
        let report = try await project.ingestThings()
        #expect(report.objects == .init(loaded: 2, quarantined: 2))
        #expect(report.rows == RowCounts(read: 4, silver: 3, quarantined: 1))
        #expect(try await project.reasons(of: "lines.json") == ["3|malformed_json||is not valid JSON"])
        let raw = try await project.rows("quarantine.things", "SELECT raw FROM t WHERE _source_row = 3")
        #expect(raw == [["{\"id\":3,\"na"]])
        for key in ["array.json", "more.json"] {
            let reasons = try await project.reasons(of: key)
            #expect(reasons.count == 1 && reasons[0].hasPrefix("0|unreadable||cannot be read as JSON: "), "\(reasons)")
            #expect(reasons.first?.contains("\"\(key)\"") == true, "the reason names the file: \(reasons)")
            #expect(reasons.first?.contains("record/value") == true, "the reason names the place: \(reasons)")
        }
        #expect(try await project.things(of: "good.json") == ["1|9|-"])
    }

    @Test("What is no object is one rejected row, in lines and in arrays")
    func noObjects() async throws {
        let project = try TestProject.things(source: "format: json")
        try project.write("{\"id\":1}\nnull\n5\n\"x\"\n[]\n{\"id\":2}\n", to: "landing/lines.json")
        try project.write("[null,{\"id\":1},5,[{\"id\":3}],{\"id\":2}]", to: "landing/array.json")
        try project.write("", to: "landing/empty.json")
        try project.write(" \n ", to: "landing/blank.json")
        try project.write("[]", to: "landing/none.json")
        let report = try await project.ingestThings()
        #expect(report.objects == .init(loaded: 5))
        #expect(report.rows == RowCounts(read: 11, silver: 4, quarantined: 7))
        let rejected = try await project.rows("quarantine.things", "SELECT raw FROM t ORDER BY ALL")
        #expect(rejected.map { $0[0] } == ["\"x\"", "5", "5", "[]", "[{\"id\":3}]", "null", "null"])
        #expect(try await project.things(of: "array.json") == ["2|1|-", "5|2|-"])
    }

    @Test("A record of an array that is longer than the limit makes the object unreadable, and the limit is named")
    func longRecord() async throws {
        let project = try TestProject.things(source: "format: json")
        // The reader lets a record through that fits into its buffer, which is twice as large as the limit.
        let long = String(repeating: "x", count: 40 << 20)
        try project.write("[{\"id\":1},{\"id\":2,\"name\":\"\(long)\"}]", to: "landing/long.json")
        try project.write("[{\"id\":9}]", to: "landing/good.json")
        let report = try await project.ingestThings()
        #expect(report.objects == .init(loaded: 1, quarantined: 1))
        #expect(
            try await project.reasons(of: "long.json") == [
                "0|unreadable||cannot be read as JSON: a record is longer than 16777216 bytes; "
                    + "a larger max_line_size of the source lets it in"
            ]
        )
    }
}
