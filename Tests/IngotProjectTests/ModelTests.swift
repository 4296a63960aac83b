import IngotCore
import IngotProject
import Testing

@Suite("Models")
struct ModelTests {
    @Test("Without a settings block a model is a table of its file's name")
    func plain() throws {
        let project = try Diagnosing.project(["models/gold/deep/totals.sql": "\n  SELECT 1\n"])
        let model = try #require(project.model(named: "totals"))
        #expect(model.table.value == TableName(namespace: "gold", name: "totals"))
        #expect(model.materialization == .table)
        #expect(model.sql.text == "SELECT 1\n")
        #expect(model.sql.location == SourceLocation(file: "models/gold/deep/totals.sql", line: 2, column: 3))
    }

    @Test("A settings block gives the whole contract, in dbt's words")
    func settings() throws {
        let sql = """
            /* @ingot
            description: Totals
            materialized: incremental
            event_time: day
            batch_size: week
            lookback: 2
            affects: 1
            begin: 2024-01-01
            partition_by: [month(day)]
            tags: daily
            inputs:
              silver.rates: {on_change: ignore}
              silver.users: {filter: false}
            columns:
              - name: day
                data_type: date
                data_tests: [not_null, unique, accepted_values: {values: [a, b]}]
              - {name: id, data_tests: [relationships: {to: silver.users, field: id}]}
            */

            SELECT day
            FROM x
            """
        let model = try Diagnosing.project(["models/totals.sql": sql]).models[0]
        guard case .incremental(let incremental) = model.materialization else {
            Issue.record("the model is not incremental")
            return
        }
        #expect(incremental.strategy == .deleteInsert)
        #expect(incremental.batchSize == .week)
        #expect(incremental.lookback == 2 && incremental.affects == 1)
        #expect(incremental.begin?.text == "2024-01-01")
        #expect(model.eventTime?.value == "day")
        #expect(model.tags == ["daily"])
        #expect(model.inputs.map(\.table.value.description) == ["silver.rates", "silver.users"])
        #expect(model.inputs.map(\.onChange) == [.ignore, .restate])
        #expect(model.inputs.map(\.filter) == [true, false])
        #expect(model.columns[0].tests.map(\.value.self).prefix(2) == [.notNull, .unique])
        #expect(model.columns[0].tests[2].location.line == 17)
        guard case .relationships(let to, let field) = model.columns[1].tests[0].value else {
            Issue.record("the test is another one")
            return
        }
        #expect(to.value.description == "silver.users" && field.value == "id")
        #expect(model.sql.text == "SELECT day\nFROM x")
        #expect(
            model.sql.location(line: 2, column: 6) == SourceLocation(file: "models/totals.sql", line: 22, column: 6)
        )
    }

    @Test("The settings can stand on one line, and other comments before the query are part of it")
    func oneLine() throws {
        let model = try Diagnosing.project(["models/m.sql": "/* @ingot materialized: view */ -- why\nSELECT 1"]).models[
            0
        ]
        #expect(model.materialization == .view)
        #expect(model.sql.text == "-- why\nSELECT 1")
        #expect(model.sql.location == SourceLocation(file: "models/m.sql", line: 1, column: 33))
        #expect(
            try Diagnosing.project(["models/m.sql": "/* why */ SELECT 1"]).models[0].sql.text == "/* why */ SELECT 1"
        )
    }

    @Test(
        "Mistakes are told with the line of the .sql file",
        arguments: [
            (
                "/* @ingot\nmaterialised: view\n*/ SELECT 1",
                """
                2:1: error[ING0105]: unknown key "materialised" in a model; known keys: description, tags, table, \
                materialized, incremental_strategy, event_time, batch_size, unique_key, lookback, affects, begin, \
                partition_by, columns, contract, inputs, properties
                  try: materialized
                """
            ),
            (
                "\n\n/* @ingot\ntags: [a\n*/ SELECT 1",
                """
                5:1: error[ING0103]: invalid YAML: did not find expected ',' or ']' (while parsing a flow sequence that \
                begins on line 4)
                  try: check quotes, brackets and indentation on this line and above it
                """
            ),
            (
                "/* @ingot\nmaterialized: view",
                "1:1: error[ING0120]: the settings block has no closing \"*/\""
            ),
            (
                "SELECT 1\n/* @ingot\nmaterialized: view */",
                """
                2:1: error[ING0120]: the settings block does not stand at the top of the file
                  try: move it before the first line of SQL
                """
            ),
            (
                "/* @ingot\nmaterialized: view\n*/\n  ",
                "4:3: error[ING0120]: the file holds no query\n  try: SELECT ..."
            ),
            (
                "/* @ingot\nmaterialized: incremental\n*/ SELECT 1",
                """
                2:1: error[ING0112]: an incremental model needs event_time and batch_size, or unique_key
                  try: unique_key: [column]
                """
            ),
            (
                "/* @ingot\nmaterialized: incremental\nincremental_strategy: merge\n*/ SELECT 1",
                """
                3:1: error[ING0112]: incremental_strategy: merge needs unique_key
                  try: unique_key: [column]
                """
            ),
            (
                "/* @ingot\nmaterialized: incremental\nincremental_strategy: delete+insert\n*/ SELECT 1",
                """
                3:1: error[ING0112]: incremental_strategy: delete+insert needs event_time and batch_size, or unique_key
                """
            ),
            (
                "/* @ingot\nmaterialized: incremental\nbatch_size: day\n*/ SELECT 1",
                "3:1: error[ING0112]: batch_size needs event_time, the column that places a row in an interval"
            ),
            (
                "/* @ingot\nmaterialized: incremental\nunique_key: a\nlookback: 2\n*/ SELECT 1",
                "4:1: error[ING0112]: lookback counts intervals, so it needs batch_size"
            ),
            (
                "/* @ingot\nmaterialized: view\nunique_key: a\n*/ SELECT 1",
                "3:1: error[ING0112]: a view takes no unique_key\n  try: materialized: incremental"
            ),
            (
                "/* @ingot\nmaterialized: view\npartition_by: a\n*/ SELECT 1",
                "3:1: error[ING0112]: a view takes no partition_by\n  try: materialized: table"
            ),
            (
                "/* @ingot\nbatch_size: fortnight\n*/ SELECT 1",
                """
                2:1: error[ING0112]: materialized: table takes no batch_size
                  try: materialized: incremental
                2:13: error[ING0108]: "fortnight" is not one of: hour, day, week, month, year
                """
            ),
            (
                "/* @ingot\ncontract: {enforced: true}\ncolumns: [{name: a}]\n*/ SELECT 1",
                "3:18: error[ING0106]: the contract is enforced, so the column \"a\" needs a data_type"
            ),
            (
                "/* @ingot\ncontract: {enforced: true}\npartition_by: country\ncolumns: [{name: a, data_type: date}]\n*/ SELECT 1",
                "3:15: error[ING0110]: partition_by: the contract has no column \"country\"; columns: a"
            ),
            (
                "/* @ingot\ncolumns: [{name: a, data_tests: [notnull]}]\n*/ SELECT 1",
                """
                2:34: error[ING0108]: unknown test "notnull"; tests: not_null, unique, accepted_values, relationships
                  try: not_null
                """
            ),
            (
                "/* @ingot\ncolumns: [{name: a, data_tests: [accepted_values]}]\n*/ SELECT 1",
                """
                2:34: error[ING0108]: the test "accepted_values" is not written like this
                  try: accepted_values: {values: [...]}
                """
            ),
            (
                "/* @ingot\ntable: gold.My Table\n*/ SELECT 1",
                """
                2:8: error[ING0109]: "gold.My Table" is not a table name here: gold.name or silver.name, the name in \
                lower-case letters, digits and "_"
                  try: gold.my_table
                """
            ),
            (
                "/* @ingot\ninputs: {rates: {on_change: ignore}}\n*/ SELECT 1",
                """
                2:10: error[ING0109]: "rates" is not a table name here: silver.name or gold.name or seeds.name or \
                quarantine.name or ops.name, the name in lower-case letters, digits and "_"
                  try: silver.rates
                """
            ),
        ]
    )
    func mistakes(sql: String, expected: String) {
        #expect(Diagnosing.model(sql) == expected)
    }

    @Test("A file's name that cannot be a table's is an error")
    func fileName() {
        #expect(
            Diagnosing.findings(["models/My Model.sql": "SELECT 1"]) == """
                models/My Model.sql: error[ING0109]: the file's name becomes the table's, so it is lower-case letters, \
                digits and "_"; found "My Model"
                  try: my_model.sql
                """
        )
    }

    @Test("Seeds have the columns of their header, with the types of their settings")
    func seeds() throws {
        let project = try Diagnosing.project([
            "seeds/rates.csv": "\u{FEFF}currency;\"rate; to AUD\"\r\nUSD;1.5\r\n",
            "seeds/rates.yml": "delimiter: ;\ncolumns: [{name: rate; to AUD, data_type: \"decimal(18,6)\"}]\n",
        ])
        let seed = project.seeds[0]
        #expect(seed.table.value.description == "seeds.rates")
        #expect(seed.columns.map(\.name.value) == ["currency", "rate; to AUD"])
        #expect(seed.columns.map(\.dataType?.value) == [nil, .decimal(precision: 18, scale: 6)])
    }

    @Test("Mistakes in seeds are told with the columns there are")
    func seedMistakes() {
        let columns = "columns: [{name: rat, data_type: double}]\n"
        #expect(
            Diagnosing.findings(["seeds/rates.csv": "currency,rate\n", "seeds/rates.yml": columns]) == """
                seeds/rates.yml:1:18: error[ING0110]: the file seeds/rates.csv has no column "rat"; columns: currency, rate
                  try: rate
                """
        )
        #expect(
            Diagnosing.findings(["seeds/rates.csv": "a,A\n"])
                == "seeds/rates.csv:1: error[ING0111]: the header has a column name twice: a,A"
        )
        let pipeline = Diagnosing.pipeline.replacing(
            "data_type: bigint",
            with: "data_type: bigint, relationships: {to: seeds.rates, field: code}"
        )
        #expect(
            Diagnosing.findings(["seeds/rates.csv": "currency,rate\n", "pipelines/p.yml": pipeline])
                == "pipelines/p.yml:4:75: error[ING0110]: the seed seeds.rates has no column \"code\"; columns: "
                + "currency, rate"
        )
    }
}
