import IngotCore
import IngotProject
import Testing

@Suite("Values of keys")
struct ValueTests {
    @Test(
        "Data types are DuckDB's names, and print as the type they are",
        arguments: [
            ("int", "integer"), ("INT4", "integer"), ("long", "bigint"), ("real", "float"),
            ("double precision", "double"), ("numeric( 10 , 2 )", "decimal(10,2)"), ("decimal(5)", "decimal(5,0)"),
            ("text", "varchar"), ("varchar(20)", "varchar"), ("datetime", "timestamp"),
            ("timestamp with time zone", "timestamptz"), ("timestamp without time zone", "timestamp"),
            ("binary", "blob"), ("bigint[][]", "bigint[][]"), ("list<varchar>", "varchar[]"),
            ("map(varchar, double[])", "map(varchar, double[])"),
            ("struct(a int, \"b \"\"c\" date[])", "struct(\"a\" integer, \"b \"\"c\" date[])"),
        ]
    )
    func dataTypes(text: String, expected: String) throws {
        #expect(try Self.column("data_type: '\(text)'").dataType.value.description == expected)
    }

    @Test(
        "What is no data type is an error",
        arguments: [
            "", "decimal(39,1)", "decimal(5,6)", "decimal(x)", "varchar]", "int[", "int[3]", "map(int)", "struct()",
            "struct(a)", "struct(a int, a int)", "list(int, int)", "int int", "map(int[], int)", "hugeint", "enum",
            String(repeating: "list(", count: 5_000),
        ]
    )
    func notDataTypes(text: String) {
        #expect(throws: DiagnosticsError.self) { try Self.column("data_type: '\(text)'") }
    }

    @Test(
        "Durations",
        arguments: [
            ("90 s", 90.0), ("12h", 43_200), ("7 days", 604_800), ("1.5 h", 5_400), ("1 hour 30 minutes", 5_400),
            ("2w", 1_209_600), ("250ms", 0.25), ("0 s", 0),
        ]
    )
    func durations(text: String, seconds: Double) throws {
        let project = try Diagnosing.project(["ingot.yml": "name: a\nsettings: {gc_min_age: \(text)}\n"])
        #expect(project.environment.settings.gcMinAge == .milliseconds(Int(seconds * 1_000)))
    }

    @Test(
        "What is no duration is an error",
        arguments: [
            "12", "h", "-1 h", "1 fortnight", "1h2", "1..5h", "99999999999999999999 d", "1 h,",
            "1 s 9223372036854775807 ms", "0.0001 ms",
        ]
    )
    func notDurations(text: String) {
        #expect(throws: DiagnosticsError.self) {
            try Diagnosing.project(["ingot.yml": "name: a\nsettings: {gc_min_age: \"\(text)\"}\n"])
        }
    }

    @Test(
        "Sizes",
        arguments: [
            ("512MiB", 536_870_912), ("2GB", 2_000_000_000), ("1.5 GiB", 1_610_612_736), ("2g", 2_000_000_000),
            ("100_000 kB", 100_000_000), ("1TiB", 1_099_511_627_776),
        ]
    )
    func sizes(text: String, bytes: Int) throws {
        let project = try Diagnosing.project(["ingot.yml": "name: a\nsettings: {memory_limit: \(text)}\n"])
        #expect(project.environment.settings.memoryLimit == ByteSize(bytes: bytes))
    }

    @Test("What is no size is an error", arguments: ["80%", "GB", "1 2 GB", "9999999999 TB", "1.23456 B"])
    func notSizes(text: String) {
        #expect(throws: DiagnosticsError.self) {
            try Diagnosing.project(["ingot.yml": "name: a\nsettings: {max_batch_bytes: \"\(text)\"}\n"])
        }
    }

    @Test("Literals keep their text and kind")
    func literals() throws {
        let column = try Self.column("data_type: varchar, accepted_values: [1.50, '1.50', yes, TRUE, 0x1F, .5, '']")
        #expect(column.acceptedValues.map(\.text) == ["1.50", "1.50", "yes", "TRUE", "0x1F", ".5", ""])
        #expect(column.acceptedValues.map(\.kind) == [.number, .text, .text, .boolean, .text, .number, .text])
    }

    @Test("CSV options: characters, tabs and none")
    func csvOptions() throws {
        let yaml = Diagnosing.pipeline.replacing(
            "format: csv",
            with: "format: csv, delimiter: \"\\t\", quote: none, comment: \"#\", header: no, skip_rows: 2"
        )
        let options = try #require(try Diagnosing.project(["pipelines/p.yml": yaml]).pipelines[0].source.csv)
        #expect(options.delimiter == "\t")
        #expect(options.quote == nil && options.escape == nil)
        #expect(options.comment == "#")
        #expect(!options.header && options.skipRows == 2)
    }

    @Test("An expression leads back to its place in the file, whatever YAML does to its text")
    func expressionPlaces() throws {
        let yaml = """
            pipeline: p
            source: {path: in/, format: csv}
            columns:
              - {name: a, data_type: bigint, transform: a + oops}
              - {name: b, data_type: varchar, transform: 'replace(b, '''', oops)'}
              - {name: c, data_type: varchar, transform: "replace(c, \\"x\\", oops)"}
              - name: d
                data_type: bigint
                transform: |
                  d
                    + oops
              - name: e
                data_type: bigint
                transform: >-
                  e
                  + 1 +
                  oops
              - name: f
                data_type: bigint
                transform: f +
                  oops
            silver: {table: silver.p}
            """
        let columns = try Diagnosing.project(["pipelines/p.yml": yaml]).pipelines[0].tables[0].columns
        let lines = yaml.split(separator: "\n", omittingEmptySubsequences: false)
        for column in columns {
            let sql = try #require(column.transform)
            let sqlLines = sql.text.split(separator: "\n", omittingEmptySubsequences: false)
            let row = try #require(sqlLines.firstIndex { $0.contains("oops") })
            let start = try #require(sqlLines[row].firstRange(of: "oops")).lowerBound
            let offset = sqlLines[row].distance(from: sqlLines[row].startIndex, to: start)
            let place = sql.location(line: row + 1, column: offset + 1)
            let line = lines[try #require(place.line) - 1]
            #expect(line.dropFirst(try #require(place.column) - 1).hasPrefix("oops"), "\(column.name) \(place)")
        }
    }

    @Test("Partition transforms print as they are written")
    func partitions() throws {
        let fields =
            "[id, year(created), month(created), day(created), hour(created), 'bucket(4, id)', 'truncate(2, id)']"
        let yaml = Diagnosing.pipeline.replacing("silver.users}", with: "silver.users, partition_by: \(fields)}")
        let table = try Diagnosing.project(["pipelines/p.yml": yaml]).pipelines[0].tables[0]
        #expect(
            table.partitionBy.map(\.description) == [
                "id", "year(created)", "month(created)", "day(created)", "hour(created)", "bucket(4, id)",
                "truncate(2, id)",
            ]
        )
    }

    /// A column with some keys.
    private static func column(_ keys: String) throws -> Column {
        let yaml = Diagnosing.pipeline.replacing("silver:", with: "  - {name: x, \(keys)}\nsilver:")
        return try Diagnosing.project(["pipelines/p.yml": yaml]).pipelines[0].tables[0].columns[2]
    }
}
