import Testing

/// The rejected records of large objects have the numbers that they have in the text, however it is written.
@Suite("Rejected records of large objects")
struct RejectedRecordsTests {
    private static func pipeline(_ encoding: String) -> String {
        """
        pipeline: things
        source: {path: landing, format: csv, encoding: \(encoding), comment: "#"}
        columns:
          - {name: id, data_type: bigint, not_null: true}
          - {name: note, data_type: varchar, accepted_values: [fine]}
          - {name: more, data_type: varchar}
        silver: {table: silver.things}
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

    /// Such a text is not read here, but once more by the engine.
    @Test("Text that is compressed with zstd")
    func zstd() async throws {
        // By the `zstd` tool: `id,note,more`, `1,bad,x`, `2,fine,y`, `3,bad,z`.
        let text: [UInt8] =
            [0x28, 0xB5, 0x2F, 0xFD, 0x04, 0x58, 0x31, 0x01, 0x00]
            + Array("id,note,more\n1,bad,x\n2,fine,y\n3,bad,z\n".utf8) + [0x50, 0xE6, 0xC0, 0x0E]
        try await Self.compare { try $0.write(text, to: "landing/a.csv.zst") }
    }

    private static func compare(
        encoding: String = "utf-8",
        _ fill: (TestProject) throws -> Void
    ) async throws {
        let files = ["ingot.yml": "name: test\n", "pipelines/things.yml": pipeline(encoding)]
        let held = try TestProject(files)
        let large = try TestProject(files, largeReadSize: 0)
        for project in [held, large] {
            try fill(project)
            try await project.ingest()
        }
        for table in ["silver.things", "quarantine.things"] {
            let columns = "SELECT * EXCLUDE (_load_id, _ingested_at) FROM t ORDER BY ALL"
            #expect(try await held.rows(table, columns) == large.rows(table, columns), "\(table)")
        }
        let rejected = try await large.rows("quarantine.things", "SELECT count(*) FROM t")
        #expect(rejected != [["0"]])
    }
}
