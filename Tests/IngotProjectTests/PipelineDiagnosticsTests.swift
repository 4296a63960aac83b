import IngotCore
import IngotProject
import Testing

@Suite("Mistakes in pipelines")
struct PipelineDiagnosticsTests {
    @Test(
        "in a column are told with the valid values and the nearest match",
        arguments: [
            (
                "{name: a, data_type: bigintt}",
                """
                "bigintt" is not a data type; types: boolean, integer, bigint, float, double, decimal(p,s), varchar, \
                date, time, timestamp, timestamptz, uuid, blob, json, type[], struct(name type, ...), map(key, value)
                  try: bigint
                """
            ),
            (
                "{name: a, data_type: varchar, not_nul: true}",
                """
                unknown key "not_nul" in a column; known keys: name, from, data_type, format, transform, expression, \
                default, not_null, matches, accepted_values, min, max, relationships, coerce, description
                  try: not_null
                """
            ),
            ("{name: a}", "a column needs the key \"data_type\": data type"),
            ("{name: a, data_type: date, not_null: maybe}", "expected true or false, found \"maybe\""),
            (
                "{name: a, data_type: date, format: dd/MM/yyyy}",
                """
                "dd/MM/yyyy" holds no "%", so it is not a format of strptime
                  try: %d/%m/%Y
                """
            ),
            (
                "{name: a, data_type: date, format: '%Q'}",
                "\"%Q\" is not known to strptime in the format \"%Q\""
            ),
            (
                "{name: a, data_type: bigint, format: '%Y'}",
                """
                format goes with date, time, timestamp and timestamptz columns; this one is bigint
                  try: remove format, or change data_type
                """
            ),
            (
                "{name: a, data_type: bigint, min: 1.5}",
                "min: \"1.5\" is not a value of the type bigint"
            ),
            (
                "{name: a, data_type: double, min: 2, max: 1}",
                "min 2 is greater than max 1\n  try: swap the two"
            ),
            (
                "{name: a, data_type: uuid, max: 1}",
                "max goes with numbers, texts, dates and times; this column is uuid"
            ),
            (
                "{name: a, data_type: date, accepted_values: [2024-13-01]}",
                "accepted_values: \"2024-13-01\" is not a value of the type date"
            ),
            (
                "{name: a, data_type: bigint, expression: id + 1, from: b}",
                """
                a derived column (expression) is not read from the source, so it takes no from
                  try: remove from, or expression
                """
            ),
            (
                "{name: _load_id, data_type: varchar}",
                """
                "_load_id" is the name of a column that Ingot adds; reserved names: _source_file, _source_version, \
                _source_row, _load_id, _ingested_at, _rescued_data, _source_time
                  try: load_id
                """
            ),
            ("{name: '', data_type: varchar}", "a name cannot be empty"),
            ("{name: ID, data_type: varchar}", "the column \"ID\" is given twice, first on line 4 as \"id\""),
            (
                "{name: a, data_type: varchar, relationships: {to: seeds.rates, field: currency}}",
                """
                there is no seed "seeds.rates"; the project has no seeds
                  try: seeds/rates.csv
                """
            ),
            (
                "{name: a, data_type: varchar, from: $.b.c}",
                "from: $.b.c is a path into JSON, and the source is csv"
            ),
            (
                "{name: a, data_type: decimal}",
                "a decimal needs its digits and those after the point\n  try: decimal(18,2)"
            ),
            (
                "{name: a, data_type: tinyint}",
                """
                Iceberg tables have no type "tinyint"; types: boolean, integer, bigint, float, double, decimal(p,s), \
                varchar, date, time, timestamp, timestamptz, uuid, blob, json, type[], struct(name type, ...), \
                map(key, value)
                  try: integer
                """
            ),
        ]
    )
    func columns(column: String, expected: String) {
        let yaml = Diagnosing.pipeline.replacing("silver:", with: "  - \(column)\nsilver:")
        let finding = Diagnosing.pipeline(yaml)
        #expect(finding.hasPrefix("6:"))
        #expect(Self.message(finding) == expected)
    }

    @Test(
        "in other keys are told with the valid values and the nearest match",
        arguments: [
            (
                "on_row_error: quarantin", "7:15",
                "\"quarantin\" is not one of: quarantine, skip, fail\n  try: quarantine"
            ),
            (
                "schema_evolution_mode: addNewColumns", "7:24",
                """
                "addNewColumns" is not one of: add_new_columns, rescue, fail_on_new_columns, none
                  try: add_new_columns
                """
            ),
            ("max_error_rate: 25%", "7:17", "expected a number from 0 to 1, found \"25%\"\n  try: 0.25"),
            ("unique_key: [idd]", "7:14", "unique_key: there is no column \"idd\"; columns: id, created\n  try: id"),
            (
                "tags: [a b]", "7:8",
                "\"a b\" is not a name: letters, digits, \"_\" and \"-\", not beginning with a digit\n  try: a_b"
            ),
            (
                "dedup_sort: newest", "7:1",
                """
                dedup_sort says which row of one key stays, so it needs unique_key
                  try: unique_key: [column]
                """
            ),
            (
                "rules: [{name: r}]", "7:9", "a rule needs the key \"expression\": SQL expression"
            ),
            (
                "rules: [{name: r, expression: a}, {name: r, expression: b}]", "7:42",
                "the rule \"r\" is given twice, first on line 7"
            ),
            (
                "expectations: [expect_column_values_to_be_in_set: {column: id}]", "7:16",
                """
                the expectation "expect_column_values_to_be_in_set" is not available yet; available: \
                expect_table_row_count_to_be_between, expect_column_values_to_not_be_null, \
                expect_column_values_to_be_unique, expect_column_values_to_be_between
                  try: a rule with an SQL expression
                """
            ),
            (
                "expectations: [expect_column_values_to_be_unique: {column: id, scope: table}]", "7:51",
                """
                scope: table is not available yet; available: object
                  try: data_tests of a model that reads the table
                """
            ),
            (
                "expectations: [expect_column_values_to_be_uniqe: {column: id}]", "7:16",
                """
                unknown expectation "expect_column_values_to_be_uniqe"; available: \
                expect_table_row_count_to_be_between, expect_column_values_to_not_be_null, \
                expect_column_values_to_be_unique, expect_column_values_to_be_between
                  try: expect_column_values_to_be_unique
                """
            ),
            (
                "expectations: [expect_column_values_to_be_between: {column: id, min_value: x}]", "7:76",
                "expect_column_values_to_be_between: \"x\" is not a value of the type bigint"
            ),
            (
                "expectations: [expect_table_row_count_to_be_between: {}]", "7:54",
                "expect_table_row_count_to_be_between needs min_value, max_value or both"
            ),
            (
                "expectations: [expect_column_values_to_be_unique: {column: x}]", "7:60",
                "expect_column_values_to_be_unique: there is no column \"x\"; columns: id, created"
            ),
            (
                "expectations: [expect_column_values_to_be_unique: {column: id, mostly: 0}]", "7:72",
                "expected a number above 0, up to 1, found \"0\""
            ),
        ]
    )
    func keys(key: String, place: String, expected: String) {
        let finding = Diagnosing.pipeline(Diagnosing.pipeline + key + "\n")
        #expect(finding.hasPrefix(place + ": "))
        #expect(Self.message(finding) == expected)
    }

    @Test(
        "in the table's settings are told with the columns there are",
        arguments: [
            (
                "{table: users}",
                """
                "users" is not a table name here: silver.name, the name in lower-case letters, digits and "_"
                  try: silver.users
                """
            ),
            (
                "{table: siver.Users}",
                """
                "siver.Users" is not a table name here: silver.name, the name in lower-case letters, digits and "_"
                  try: silver.users
                """
            ),
            (
                "{table: silver.u, event_time: createed}",
                "event_time: there is no column \"createed\"; columns: id, created\n  try: created"
            ),
            (
                "{table: silver.u, event_time: id}",
                "event_time: the column \"id\" is bigint, not date, timestamp or timestamptz"
            ),
            (
                "{table: silver.u, partition_by: [days(created)]}",
                """
                "days" is not a partition transform; transforms: column, year(column), month(column), day(column), \
                hour(column), bucket(n, column), truncate(width, column)
                  try: day(created)
                """
            ),
            (
                "{table: silver.u, partition_by: [day(id)]}",
                "partition_by: day(id) does not go with the column's type bigint"
            ),
            (
                "{table: silver.u, partition_by: [\"bucket(0, id)\"]}",
                "\"bucket(0, id)\" is not bucket(number, column) with a number of 1 or more\n  try: bucket(16, column)"
            ),
            (
                "{table: silver.u, partition_by: [_source_row]}",
                """
                partition_by: there is no column "_source_row"; columns: id, created, _ingested_at, _load_id, \
                _source_file, _source_version
                """
            ),
            ("{}", "a pipeline needs the table that its rows go to\n  try: silver: {table: silver.name}"),
        ]
    )
    func silver(settings: String, expected: String) {
        let yaml = Diagnosing.pipeline.replacing("{table: silver.users}", with: settings)
        #expect(Self.message(Diagnosing.pipeline(yaml)) == expected)
    }

    @Test(
        "in the source are told with the keys that go together",
        arguments: [
            (
                "path: in/, format: cvs",
                "\"cvs\" is not one of: csv, json, jsonl, parquet\n  try: csv"
            ),
            (
                "path: ../in/, format: csv",
                """
                the path "../in/" leads out of the project folder
                  try: a path without "..", or an absolute one
                """
            ),
            (
                "path: s3a://bucket/in/, format: csv",
                """
                "s3a://" is not a place that Ingot reads; places: a folder, a file, s3://
                  try: s3://bucket/in/
                """
            ),
            ("path: in/, format: json, header: true", "header goes with csv sources only\n  try: remove the key"),
            (
                "path: in/, format: parquet, encoding: latin-1",
                "encoding goes with text sources only\n  try: remove the key"
            ),
            (
                "path: in/, format: csv, clean_source: move",
                """
                clean_source: move needs clean_source_move_destination
                  try: clean_source_move_destination: archive/
                """
            ),
            (
                "path: in/, format: csv, clean_source_move_destination: x/",
                """
                clean_source_move_destination goes with clean_source: move only
                  try: clean_source: move
                """
            ),
            (
                "path: in/, format: csv, delimiter: tab-tab",
                "expected one to four characters that are no line end, found \"tab-tab\""
            ),
            (
                "path: in/, format: csv, delimiter: '\"'",
                "the delimiter and the quote or comment character are both \"\"\""
            ),
            ("path: in/, format: csv, quote: ab", "expected one character, found \"ab\""),
            (
                "path: in/, format: csv, names: [a]",
                "names goes with header: false only\n  try: header: false, or a column's from"
            ),
            (
                "path: \"${secret:bucket}\", format: csv",
                """
                a secret cannot be used here: the value is shown in messages
                  try: ${VAR} for a value that is not secret
                """
            ),
            (
                "path: \"${BUCKET\", format: csv",
                "\"${\" has no closing \"}\"\n  try: $${ for the two characters themselves"
            ),
            (
                "path: lake/in/, format: csv",
                """
                the source lake/in/ and the lake lake/ of the environment "dev" lie inside each other
                  try: a folder of its own, for example landing/users/
                """
            ),
            (
                "path: /project/bronze/in, format: csv",
                """
                the source /project/bronze/in and the bronze bronze/ of the environment "dev" lie inside each other
                  try: a folder of its own, for example landing/users/
                """
            ),
            (
                "path: in/, format: csv, clean_source: move, clean_source_move_destination: in/done/",
                """
                the folder in/done/ that files are moved to and the source in/ lie inside each other
                  try: a folder of its own, for example archive/users/
                """
            ),
            (
                "path: in/deep/, format: csv, clean_source: move, clean_source_move_destination: in",
                """
                the folder in that files are moved to and the source in/deep/ lie inside each other
                  try: a folder of its own, for example archive/users/
                """
            ),
            (
                "path: in/, format: csv, clean_source: move, clean_source_move_destination: bronze/old",
                """
                the folder bronze/old that files are moved to and the bronze bronze/ of the environment "dev" lie inside \
                each other
                  try: a folder of its own, for example archive/users/
                """
            ),
            (
                "path: in/, format: csv, max_line_size: 16",
                "the size \"16\" has no unit\n  try: 16 B, MB, MiB, GB or GiB"
            ),
        ]
    )
    func source(keys: String, expected: String) {
        let yaml = Diagnosing.pipeline.replacing("path: landing/users/, format: csv", with: keys)
        #expect(Self.message(Diagnosing.pipeline(yaml)) == expected)
    }

    @Test(
        "A folder in the source from which nothing arrives may take what is moved",
        arguments: [
            "clean_source_move_destination: in/.done", "clean_source_move_destination: archive/",
            "clean_source_move_destination: in/done/, ignore_patterns: ['done/**']",
        ]
    )
    func destination(keys: String) throws {
        let source = "path: in/, format: csv, clean_source: move, \(keys)"
        let yaml = Diagnosing.pipeline.replacing("path: landing/users/, format: csv", with: source)
        _ = try Diagnosing.project(["ingot.yml": "name: x\n", "pipelines/users.yml": yaml])
    }

    @Test("in dedup_sort are told with what it misses")
    func dedupSort() {
        let yaml = Diagnosing.pipeline + "unique_key: id\ndedup_sort: [created, creatd desc]\n"
        #expect(
            Diagnosing.pipeline(yaml) == """
                8:14: error[ING0108]: "created" does not say in which direction it is sorted
                  try: created desc, or created asc
                """
        )
        #expect(
            Diagnosing.pipeline(yaml.replacing("[created, ", with: "[")) == """
                8:14: error[ING0110]: dedup_sort: there is no column "creatd"; columns: id, created, _source_time, \
                _source_file, _source_row
                  try: created
                """
        )
    }

    @Test("in a route are told where its targets stand")
    func route() {
        let source = "pipeline: p\nsource: {path: in/, format: jsonl}\n"
        let columns = "columns: [{name: a, data_type: varchar}]\n"
        #expect(
            Diagnosing.pipeline(source + columns + "route: {by: kind, to: {}}\n")
                == "4:23: error[ING0108]: the route has no targets"
        )
        #expect(
            Diagnosing.pipeline(source + "route: {by: kind, to: {x: silver.x, y: {silver: {}}}}\n") == """
                3:27: error[ING0106]: the route's target "x" has no columns, and the pipeline has none for all targets
                3:40: error[ING0106]: the route's target "y" has no columns, and the pipeline has none for all targets
                3:49: error[ING0106]: the route's target "y" names no table
                  try: silver: {table: silver.y}
                """
        )
        #expect(
            Diagnosing.pipeline(
                source + columns + "silver: {table: silver.all}\nroute: {by: kind, to: {x: silver.x}}\n"
            ) == """
                4:17: error[ING0112]: with a route each target names its own table, so silver.table cannot stand beside it
                  try: move the table under the route's value
                """
        )
    }

    @Test("name a key of another tool's vocabulary by what it is called here")
    func vocabulary() {
        let yaml = Diagnosing.pipeline.replacing(
            "format: csv",
            with: "format: csv, sep: ;, cloudFiles.cleanSource: off"
        )
        let finding = Diagnosing.pipeline(yaml)
        #expect(finding.contains("unknown key \"sep\" in a source"))
        #expect(finding.contains("\n  try: delimiter\n"))
        #expect(finding.contains("unknown key \"cloudFiles.cleanSource\" in a source"))
        #expect(finding.hasSuffix("\n  try: clean_source"))
    }

    @Test("are all reported at once, each file's in the order of lines, and none follows from another")
    func allAtOnce() {
        let findings = Diagnosing.findings([
            "pipelines/b.yml": """
            pipeline: b
            source: {path: in/, format: csv, header: perhaps}
            colums:
              - {name: id, data_type: bigint}
            unique_key: [id]
            silver: {tabel: silver.b, event_time: id}
            """,
            "pipelines/a.yml": "pipeline: 1a\nsorce: {}\ncolumns: []\n",
        ])
        let places = findings.split(separator: "\n").filter { !$0.hasPrefix("  ") }
            .map { $0.prefix { $0 != "[" } }
        #expect(
            places == [
                "pipelines/a.yml:1:1: error", "pipelines/a.yml:1:11: error", "pipelines/a.yml:2:1: error",
                "pipelines/a.yml:3:10: error", "pipelines/b.yml:2:42: error", "pipelines/b.yml:3:1: error",
                "pipelines/b.yml:6:10: error",
            ]
        )
    }

    @Test("that concern two files name both")
    func twoFiles() {
        let copy = Diagnosing.pipeline.replacing("table: silver.users", with: "table: silver.people")
        #expect(
            Diagnosing.findings(["pipelines/a.yml": Diagnosing.pipeline, "pipelines/b.yml": copy])
                == "pipelines/b.yml:1:11: error[ING0111]: the pipeline \"users\" is declared twice, first as a pipeline "
                + "at pipelines/a.yml:1:11"
        )
        #expect(
            Diagnosing.findings([
                "pipelines/a.yml": Diagnosing.pipeline,
                "pipelines/b.yml": Diagnosing.pipeline.replacing("pipeline: users", with: "pipeline: people"),
            ])
                == "pipelines/a.yml:6:17: error[ING0111]: the table \"silver.users\" is declared twice, first as a table "
                + "at pipelines/b.yml:6:17"
        )
    }

    /// What a single finding says behind its place and number.
    private static func message(_ finding: String) -> String {
        guard let start = finding.firstRange(of: "]: ") else { return finding }
        return String(finding[start.upperBound...])
    }
}
