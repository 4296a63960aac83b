import IngotCore
import IngotEngine
import Testing

/// What users read when a model is wrong: the exact text.
@Suite("Errors of models", .timeLimit(.minutes(30)))
struct ModelErrorTests {
    /// The error of the only model of a project, as the command line prints it.
    private func error(_ text: String, others: [String: String] = [:]) async throws -> String {
        let project = try GoldProject(["pipelines/orders.yml": GoldProject.orders, "models/gold/m.sql": text])
        for (path, text) in others { try project.write(path, text) }
        try project.write(
            "landing/orders/1.csv",
            "id,at,country,amount\n1,2026-01-01 10:00:00,DE,1.50\n2,2026-01-02 11:00:00,DE,2.00\n"
        )
        return try await project.run()["m"]?.error?.description ?? "no error"
    }

    @Test("an unknown table stands at its place, with the nearest name")
    func unknownTable() async throws {
        let error = try await error("SELECT 1 AS one\nFROM silver.order AS o\n")
        #expect(
            error == """
                models/gold/m.sql:2:6: error[ING0501]: there is no table "silver.order"
                  cause: 2 | FROM silver.order AS o
                  cause:   |      ^
                  try: silver.orders
                """
        )
        let unqualified = try await self.error("SELECT 1 AS one FROM orders")
        #expect(unqualified.hasSuffix("try: silver.orders"))
    }

    @Test("an unknown column stands at its place, below the settings")
    func unknownColumn() async throws {
        let error = try await error(
            "/* @ingot\nmaterialized: table\n*/\nSELECT id,\n\tamoun * 2 AS twice\nFROM silver.orders;\n"
        )
        #expect(
            error == """
                models/gold/m.sql:5:2: error[ING0503]: Referenced column "amoun" not found in FROM clause!
                  cause: 5 | \tamoun * 2 AS twice
                  cause:   | \t^
                  try: amount
                """
        )
    }

    @Test("SQL that is not SQL stands at its place, behind letters of several bytes too")
    func syntax() async throws {
        let error = try await error("SELECT 'äöü' AS a,, 2 AS b FROM silver.orders")
        #expect(
            error == """
                models/gold/m.sql:1:19: error[ING0503]: syntax error at or near ","
                  cause: 1 | SELECT 'äöü' AS a,, 2 AS b FROM silver.orders
                  cause:   |                   ^
                """
        )
    }

    @Test("only one SELECT is a model")
    func notOneSelect() async throws {
        let two = try await error("SELECT 1 AS a;\nSELECT 2 AS b;\n")
        #expect(
            two == """
                models/gold/m.sql:2:1: error[ING0504]: one SELECT is wanted, and here begins statement 2 of 2
                  cause: 2 | SELECT 2 AS b;
                  cause:   | ^
                """
        )
        let other = try await error("CREATE TABLE a AS SELECT 1 AS b")
        #expect(
            other == """
                models/gold/m.sql:1:1: error[ING0504]: the statement is not a SELECT
                  try: a SELECT; Ingot itself writes what it gives
                """
        )
    }

    @Test("models in a circle say so")
    func cycle() async throws {
        let error = try await error(
            "SELECT * FROM gold.n",
            others: ["models/gold/n.sql": "SELECT *\nFROM gold.o", "models/gold/o.sql": "SELECT * FROM gold.m"]
        )
        #expect(
            error == """
                models/gold/o.sql:1:15: error[ING0502]: models read each other: m -> n -> o -> m
                  cause: 1 | SELECT * FROM gold.m
                  cause:   |               ^
                """
        )
    }

    @Test("a value that cannot be computed names the place in the SELECT")
    func runtime() async throws {
        let error = try await error("SELECT id,\n  CAST(country AS DATE) AS d\nFROM silver.orders")
        #expect(error.hasPrefix("models/gold/m.sql:2:3: error[ING0503]: invalid date field format: \"DE\""))
        let tooLarge = try await self.error(
            "SELECT\n  sum(9223372036854775807::BIGINT)::BIGINT AS s\nFROM silver.orders"
        )
        #expect(tooLarge.hasPrefix("models/gold/m.sql:2:35: error[ING0503]: Type INT128"), "\(tooLarge)")
        #expect(tooLarge.contains("cause: 2 |   sum(9223372036854775807::BIGINT)::BIGINT AS s"))
    }

    @Test("a failure of which the query engine tells no place stands where the SELECT of its file begins")
    func runtimeWithoutPlace() async throws {
        let settings = "/* @ingot\nmaterialized: table\n*/\n"
        let own = try await error(settings + "SELECT error('no rate for ' || country) AS e FROM silver.orders")
        #expect(own == "models/gold/m.sql:4:1: error[ING0503]: no rate for DE", "\(own)")
        let rows = try await error("SELECT (SELECT id FROM silver.orders) AS id")
        #expect(rows.hasPrefix("models/gold/m.sql:1:1: error[ING0503]: More than one row returned"), "\(rows)")
        let type = try await error("SELECT 1::VARIANT AS v")
        #expect(type.hasPrefix("models/gold/m.sql:1:1: error[ING0505]: the column \"v\" is VARIANT"), "\(type)")
    }

    @Test("files outside the lake cannot be read, nor other databases")
    func fence() async throws {
        let file = try await error("SELECT * FROM read_csv('/etc/passwd')")
        #expect(file.hasPrefix("models/gold/m.sql:1:15: error[ING0503]: Cannot access file \"/etc/passwd\""))
        let text = try await error("SELECT count(*) AS n FROM read_text('/etc/host*')")
        #expect(text.contains("disabled by configuration"))
        let direct = try await error("SELECT * FROM '/etc/passwd'")
        #expect(direct.hasPrefix("models/gold/m.sql:1:15: error[ING0501]: files cannot be read here: \"/etc/passwd\""))
        let nested = try await error("FROM query('COPY (SELECT 1) TO ''/tmp/ingot-fence''')")
        #expect(nested.contains("ING0503"))
    }

    @Test("a contract is exact about names and types")
    func contract() async throws {
        let settings = "/* @ingot\ncontract: {enforced: true}\ncolumns:\n  - {name: n, data_type: bigint}\n*/\n"
        let type = try await error(settings + "SELECT sum(id) AS n FROM silver.orders")
        #expect(
            type == """
                models/gold/m.sql:4:26: error[ING0506]: the column "n" is decimal(38,0), and the contract says bigint
                  try: CAST(... AS BIGINT) AS n
                """
        )
        let extra = try await error(settings + "SELECT count(*) AS n, 1 AS more FROM silver.orders")
        #expect(extra.contains("error[ING0506]: the SELECT gives a column \"more\" that the contract does not have"))
        let missing = try await error(settings + "SELECT count(*) AS m FROM silver.orders")
        #expect(
            missing.hasPrefix(
                "models/gold/m.sql:4:12: error[ING0506]: columns: the SELECT gives no column \"n\"; it gives: m"
            )
        )
        let fine = try await error(settings + "SELECT count(*) AS n FROM silver.orders")
        #expect(fine == "no error")
    }

    @Test("columns that a table cannot keep are named")
    func columns() async throws {
        let interval = try await error("SELECT INTERVAL 1 DAY AS length")
        #expect(
            interval == """
                models/gold/m.sql:1:1: error[ING0505]: the column "length" is INTERVAL, a type that tables do not have
                  try: CAST(... AS VARCHAR) AS length
                """
        )
        let twice = try await error("SELECT id, country AS ID FROM silver.orders")
        #expect(twice.contains("error[ING0506]: the SELECT gives two columns \"ID\""))
    }

    @Test("an event time must be there, be a time, and be in every row")
    func eventTime() async throws {
        let settings = "/* @ingot\nmaterialized: incremental\nevent_time: day\nbatch_size: day\n*/\n"
        let absent = try await error(settings + "SELECT id AS days FROM silver.orders")
        #expect(
            absent == """
                models/gold/m.sql:3:13: error[ING0507]: event_time: the SELECT gives no column "day"; it gives: days
                  try: days
                """
        )
        let text = try await error(settings + "SELECT country AS day FROM silver.orders")
        #expect(text.contains("error[ING0507]: the column \"day\" is no date or timestamp"))
        let null = try await error(settings + "SELECT if(id = 1, NULL, \"at\") AS day FROM silver.orders")
        #expect(null.contains("error[ING0507]: day is NULL in 1 rows of the result, so they belong to no interval"))
    }

    @Test("data tests name the test, the column, how many rows, and some of their values")
    func dataTests() async throws {
        func failure(_ test: String, _ sql: String = "SELECT id, country FROM silver.orders") async throws -> String {
            try await error("/* @ingot\ncolumns:\n  - {name: country, data_tests: [\(test)]}\n*/\n\(sql)")
        }
        #expect(
            try await failure("unique")
                == "models/gold/m.sql:3:34: error[ING0508]: unique of the column \"country\" of gold.m failed for 2 rows, "
                + "for example 'DE'"
        )
        #expect(
            try await failure("not_null", "SELECT id, nullif(country, 'DE') AS country FROM silver.orders")
                == "models/gold/m.sql:3:34: error[ING0508]: not_null of the column \"country\" of gold.m failed for 2 rows"
        )
        #expect(try await failure("accepted_values: {values: [FR, IT]}").contains("accepted_values of the column"))
        #expect(try await failure("accepted_values: {values: [DE]}") == "no error")
        let relationship = try await error(
            "/* @ingot\ncolumns:\n  - {name: country, data_tests: [{relationships: {to: seeds.rates, field: country}}]}\n*/\n"
                + "SELECT country FROM silver.orders",
            others: ["seeds/rates.csv": "country,rate\nFR,1\n"]
        )
        #expect(
            relationship.contains(
                "relationships of the column \"country\" of gold.m failed for 2 rows, for example 'DE'"
            )
        )
    }

    @Test("merge wants one row a key")
    func merge() async throws {
        let error = try await error(
            "/* @ingot\nmaterialized: incremental\nunique_key: country\n*/\nSELECT country, id FROM silver.orders"
        )
        #expect(
            error.hasPrefix(
                "models/gold/m.sql:3:13: error[ING0509]: 1 keys stand in several rows of the result, for example (DE)"
            )
        )
    }
}
