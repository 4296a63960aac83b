import IngotEngine
import Testing

/// The rejected records of large objects have the numbers that they have in the text, however it is written.
@Suite("Rejected records of large objects")
struct RejectedRecordsTests {
    private static func pipeline(_ encoding: String, _ settings: String, skip: Int = 0) -> String {
        """
        pipeline: things
        source: {path: landing, format: csv, encoding: \(encoding), comment: "#", skip_rows: \(skip)}
        columns:
          - {name: id, data_type: bigint, not_null: true}
          - {name: note, data_type: varchar, accepted_values: [fine]}
          - {name: more, data_type: varchar}
        silver: {table: silver.things}
        \(settings)
        """
    }

    private static let texts = [
        "rejected records that are the same": "id,note,more\n1,bad,x\n2,fine,y\n1,bad,x\n,fine,z\n1,bad,x\n",
        "quotes, line breaks and delimiters in fields":
            "id,note,more\r\n1,\"bad\",\"a,b\"\r\n2,\"fi\nne\",\"say \"\"no\"\"\"\r\n3,fine,\"a\r\nb\"\r\n4,bad,a\r\n",
        "the same fields in other quotes": "id,note,more\n1,bad,x\n\"1\",\"bad\",\"x\"\n2,fine,\n1, \"bad\",x\n",
        "fields that differ in where they end": "id,note,more\n1,\"bad,x\",\n1,bad,\"x,\"\n1,\"bad\",\",x\"\n",
        "comments and empty lines": "# first\nid,note,more\n\n1,bad,x # why\n# 2,bad,y\n\n\n3,bad,z\n4,fine,z\n",
        "mixed line breaks, and none at the end": "id,note,more\r1,bad,x\r\n2,bad,y\n3,fine,z\r4,bad,ü€😀",
        "NULL and an empty text": "id,note,more\n1,bad,\n1,bad,\"\"\n,,\n\"\",\"\",\"\"\n",
        "one more empty field": "id,note,more\n1,bad,x,\n2,fine,y\n3,bad,z\n",
        "longer than a word of memory":
            "id,note,more\n"
            + (1...300).map { "\($0),\($0 % 7 == 0 ? "bad" : "fine"),\(String(repeating: "é", count: $0))\n" }.joined(),
    ]

    @Test("The same as of objects that are held", arguments: texts.keys.sorted())
    func sameAsHeld(_ name: String) async throws {
        let text = try #require(Self.texts[name])
        try await Self.compare { try $0.write(text, to: "landing/a.csv") }
    }

    @Test("Several objects in one reading")
    func several() async throws {
        try await Self.compare { project in
            for (number, text) in Self.texts.values.sorted().enumerated() {
                try project.write(text, to: "landing/\(number).csv")
            }
        }
    }

    @Test("Text in another encoding")
    func latin1() async throws {
        let text = "id,note,more\n1,bad,é\n2,fine,x\n3,bü,\n".unicodeScalars.map { UInt8($0.value) }
        try await Self.compare(encoding: "latin-1") { try $0.write(text, to: "landing/a.csv") }
    }

    @Test("Records that are skipped")
    func skipped() async throws {
        let notes = (1...20).map { "note \($0)\n" }.joined()
        try await Self.compare(skip: 20) { project in
            try project.write(notes + "id,note,more\n1,bad,x\n2,fine,y\n3,bad,z\n", to: "landing/a.csv")
        }
    }

    /// Such a text is not read here, but once more by the engine.
    @Test("Text that is compressed with zstd")
    func zstd() async throws {
        // By the `zstd` tool: `id,note,more`, `1,bad,x`, `2,fine,y`, `3,bad,z`.
        let text: [UInt8] =
            [0x28, 0xB5, 0x2F, 0xFD, 0x04, 0x58, 0x31, 0x01, 0x00]
            + Array("id,note,more\n1,bad,x\n2,fine,y\n3,bad,z\n".utf8) + [0x50, 0xE6, 0xC0, 0x0E]
        try await Self.compare { try $0.write(text, to: "landing/a.csv.zst") }
    }

    /// Objects that the engine refuses are split, so that each record has a number from the start.
    @Test("Records that cannot be read", arguments: ["", "max_error_rate: 0.5", "max_error_rate: 0.2"])
    func ragged(_ settings: String) async throws {
        try await Self.compare(settings: settings) { project in
            try project.write(
                "id,note,more\n1,fine,x\n2\n3,bad,y\n4,fine,z,z,z\n5,fine,é\n6,fine,\n",
                to: "landing/a.csv"
            )
            try project.write("id,note,more\n1,fine,x\n2,bad,y\n", to: "landing/b.csv")
            try project.write("id,note,more\n1\n2\n", to: "landing/c.csv")
        }
    }

    @Test(
        "What is decided of an object holds for those of its rows that are written",
        arguments: [
            "max_error_rate: 0.3", "on_row_error: skip", "{on_row_error: skip, max_error_rate: 0.3}",
            "on_row_error: fail", "schema_evolution_mode: fail_on_new_columns",
            "expectations: [{expect_table_row_count_to_be_between: {min_value: 3}}]",
        ]
    )
    func decisions(_ settings: String) async throws {
        let lines = settings.hasPrefix("{") ? "on_row_error: skip\nmax_error_rate: 0.3" : settings
        try await Self.compare(settings: lines, rejects: false) { project in
            try project.write("id,note,more\n1,fine,x\n2,bad,y\n3,fine,z\n4,fine,z\n", to: "landing/few.csv")
            try project.write("id,note,more\n1,fine,x\n2,bad,y\n,fine,z\nx,fine,\n", to: "landing/most.csv")
            try project.write("id,note,more\n,fine,x\n2,bad,y\n", to: "landing/all.csv")
            try project.write("id,note,more\n1,fine,x\n2,fine,y\n", to: "landing/none.csv")
            guard settings.hasPrefix("schema") else { return }
            try project.write("id,note,more,new\n1,fine,x,u\n2,bad,y,v\n", to: "landing/new.csv")
        }
    }

    /// A condition that answers differently each time is asked once of each row.
    @Test("Every row goes to one of both tables, whatever a rule answers")
    func volatile() async throws {
        let rule = "rules: [{name: lucky, expression: random() < 0.5}]"
        let files = ["ingot.yml": "name: test\n", "pipelines/things.yml": Self.pipeline("utf-8", rule)]
        let project = try TestProject(files, largeReadSize: 0, rejectedSizeMax: 0)
        let lines = (1...2_000).map { "\($0),fine,x\n" }.joined()
        try project.write("id,note,more\n" + lines, to: "landing/a.csv")
        try project.write("id,note,more\n" + lines + "1\n", to: "landing/b.csv")
        try await project.ingest()
        let silver = try await project.rows("silver.things", "SELECT id, _source_file FROM t")
        let rejected = try await project.rows(
            "quarantine.things",
            "SELECT json_extract_string(raw, '$.id'), _source_file FROM t WHERE raw LIKE '%fine%'"
        )
        #expect(silver.count + rejected.count == 4_000)
        #expect(Set(silver + rejected).count == 4_000)
    }

    private static func compare(
        encoding: String = "utf-8",
        settings: String = "",
        skip: Int = 0,
        rejects: Bool = true,
        _ fill: (TestProject) throws -> Void
    ) async throws {
        let files = [
            "ingot.yml": "name: test\nsettings: {threads: 5}\n",
            "pipelines/things.yml": pipeline(encoding, settings, skip: skip),
        ]
        let held = try TestProject(files)
        let large = try TestProject(files, largeReadSize: 0)
        let cut = try TestProject(files, largeReadSize: 0, stretchSize: 9)
        let many = try TestProject(files, largeReadSize: 0, rejectedSizeMax: 0)
        var outcomes: [[String]] = []
        for project in [held, large, cut, many] {
            try fill(project)
            let reports = try await project.ingest()
            outcomes.append(reports.map { "\($0.objects) \($0.rows) \($0.notices)" })
        }
        for (project, outcome) in zip([large, cut, many], outcomes.dropFirst()) {
            for table in ["silver.things", "quarantine.things"] {
                let columns = "SELECT * EXCLUDE (_load_id, _ingested_at) FROM t ORDER BY ALL"
                #expect(try await held.rows(table, columns) == project.rows(table, columns), "\(table)")
            }
            #expect(outcome == outcomes[0])
        }
        let rejected = try await large.rows("quarantine.things", "SELECT count(*) FROM t")
        if rejects { #expect(rejected != [["0"]]) }
    }
}
