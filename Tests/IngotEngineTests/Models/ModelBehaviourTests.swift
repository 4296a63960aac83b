import DuckDB
import Iceberg
import IngotCore
import IngotEngine
import IngotLocal
import Testing

@Suite("Models in a project", .timeLimit(.minutes(30)))
struct ModelBehaviourTests {
    private static let daily = IntervalModelTests.daily

    private func project(_ models: [String: String]) throws -> GoldProject {
        let project = try GoldProject(["pipelines/orders.yml": GoldProject.orders])
        for (name, text) in models { try project.write("models/gold/\(name).sql", text) }
        try project.write(
            "landing/orders/1.csv",
            "id,at,country,amount\n1,2026-01-01 10:00:00,DE,1.50\n2,2026-01-02 11:00:00,FR,2.00\n"
        )
        return project
    }

    @Test("a day computed again and again leaves one live file")
    func oneFile() async throws {
        let project = try project(["daily": Self.daily])
        for number in 1...25 {
            try project.write(
                "landing/orders/day.csv",
                "id,at,country,amount\n\(number),2026-01-05 10:00:00,DE,\(number)\n"
            )
            let report = try #require(try await project.run()["daily"])
            #expect(report.error == nil && report.isChanged)
        }
        #expect(try await project.liveFiles("gold.daily") == 3)
        #expect(try await project.query("SELECT total FROM gold.daily WHERE day = '2026-01-05'") == [["25.00"]])
    }

    @Test("rows that stay the same are not written, and models behind them are not computed")
    func unchanged() async throws {
        let project = try project([
            "daily": Self.daily,
            "countries": """
            /* @ingot
            materialized: incremental
            unique_key: country
            */
            SELECT country, count(*) AS days FROM gold.daily GROUP BY ALL
            """,
        ])
        try await project.run()
        // The same rows in another order are another version of the object.
        try project.write(
            "landing/orders/1.csv",
            "id,at,country,amount\n2,2026-01-02 11:00:00,FR,2.00\n1,2026-01-01 10:00:00,DE,1.50\n"
        )
        let reports = try await project.run()
        #expect(reports["daily"]?.status == .succeeded)
        #expect(reports["daily"]?.intervals == 2)
        #expect(reports["daily"]?.isChanged == false)
        #expect(reports["countries"]?.status == .upToDate)
    }

    @Test(
        "a key that the SELECT makes is none of the input's, so all is computed",
        arguments: [
            "SELECT lower(country) AS country, count(*) AS n FROM silver.orders GROUP BY ALL",
            "SELECT country, count(*) AS n FROM (SELECT * REPLACE (lower(country) AS country) FROM silver.orders) GROUP BY 1",
            "WITH o(country) AS (SELECT lower(country) FROM silver.orders) SELECT country, count(*) AS n FROM o GROUP BY 1",
            "SELECT country, count(*) AS n FROM gold.lowered GROUP BY 1",
        ]
    )
    func madeKeys(sql: String) async throws {
        let project = try project([
            "made": "/* @ingot\nmaterialized: incremental\nunique_key: country\n*/\n\(sql)",
            "lowered": "/* @ingot\nmaterialized: view\n*/\nSELECT lower(country) AS country FROM silver.orders",
            "kept": """
            /* @ingot
            materialized: incremental
            unique_key: country
            */
            SELECT o.country, count(*) AS n FROM silver.orders AS o GROUP BY ALL
            """,
        ])
        try await project.run()
        try project.write("landing/orders/2.csv", "id,at,country,amount\n3,2026-01-03 10:00:00,de,1.50\n")
        let reports = try await project.run()
        #expect(try await project.query("SELECT * FROM gold.made ORDER BY 1") == [["de", "2"], ["fr", "1"]])
        // One that copies the column still computes what changed only.
        #expect(reports["kept"]?.rows == 1)
    }

    @Test(
        "days of another zone are not those of the input, so all is computed unless the model says how far it reaches",
        arguments: [
            ("", "SELECT CAST(\"at\" AT TIME ZONE 'UTC' AT TIME ZONE 'Asia/Tokyo' AS DATE)", true),
            ("", "SELECT CAST(local AS DATE)", true),
            ("lookback: 1", "SELECT CAST(local AS DATE)", false),
            ("", "SELECT CAST(\"at\" AT TIME ZONE 'UTC' AS DATE)", false),
        ]
    )
    func zones(reach: String, select: String, isWhole: Bool) async throws {
        let project = try project([
            "days": """
            /* @ingot
            materialized: incremental
            event_time: day
            batch_size: day
            \(reach)
            */
            WITH o AS (SELECT "at", "at" AT TIME ZONE 'UTC' AT TIME ZONE 'Asia/Tokyo' AS local FROM silver.orders)
            \(select) AS day, count(*) AS n FROM o GROUP BY ALL
            """
        ])
        try await project.run()
        // The 5th of January in Tokyo begins at 15:00 of the 4th.
        for (name, row) in [("2", "3,2026-01-04 20:00:00,DE,1"), ("3", "4,2026-01-05 01:00:00,DE,1")] {
            try project.write("landing/orders/\(name).csv", "id,at,country,amount\n\(row)\n")
            let report = try #require(try await project.run()["days"])
            #expect(report.error == nil && (report.intervals == 0) == isWhole)
        }
        let rows = try await project.query("SELECT * FROM gold.days ORDER BY 1")
        try await project.run(isFullRefresh: true)
        #expect(try await project.query("SELECT * FROM gold.days ORDER BY 1") == rows)
    }

    @Test("a failed model skips those behind it, others go on, and nothing of it is committed")
    func failure() async throws {
        let project = try project([
            "bad": "SELECT id, CAST(country AS INTEGER) AS n FROM silver.orders",
            "behind": "SELECT * FROM gold.bad",
            "far": "SELECT * FROM gold.behind",
            "good": "SELECT count(*) AS n FROM silver.orders",
        ])
        let reports = try await project.run()
        #expect(reports["bad"]?.status == .failed)
        #expect(reports["behind"]?.status == .skipped)
        #expect(reports["far"]?.status == .skipped)
        #expect(reports["good"]?.status == .succeeded)
        try project.write("models/gold/bad.sql", "SELECT id FROM silver.orders")
        #expect(try await project.run().values.allSatisfy { $0.error == nil })
        #expect(try await project.query("SELECT count(*) FROM gold.far") == [["2"]])
    }

    @Test("what a model missed while its file was broken is made up for")
    func brokenForAWhile() async throws {
        let project = try project(["daily": Self.daily])
        try await project.run()
        try project.write("models/gold/daily.sql", Self.daily + " WHER")
        try project.write("landing/orders/2.csv", "id,at,country,amount\n3,2026-01-03 10:00:00,DE,4\n")
        let broken = try #require(try await project.run()["daily"])
        #expect(broken.error?.code == .invalidSQL)
        try project.write("models/gold/daily.sql", Self.daily)
        try await project.run()
        #expect(try await project.query("SELECT sum(total) FROM gold.daily") == [["7.50"]])
    }

    @Test("what came in before a crash between silver and gold is computed by the next run")
    func crashBetweenCommits() async throws {
        let project = try project(["daily": Self.daily])
        try await project.run()
        try project.write("landing/orders/2.csv", "id,at,country,amount\n3,2026-01-01 12:00:00,DE,4\n")
        let engine = try project.engine()
        _ = await engine.ingest()
        await engine.close()
        let report = try #require(try await project.run()["daily"])
        #expect(report.intervals == 1)
        #expect(try await project.query("SELECT total FROM gold.daily WHERE day = '2026-01-01'") == [["5.50"]])
    }

    @Test("models computed by several runs at the same time have each row once")
    func concurrentRuns() async throws {
        let project = try project([
            "daily": Self.daily,
            "lines":
                "/* @ingot\nmaterialized: incremental\nincremental_strategy: append\n*/\nSELECT id FROM silver.orders",
        ])
        for round in 2...4 {
            try project.write(
                "landing/orders/\(round).csv",
                "id,at,country,amount\n\(round)0,2026-01-0\(round) 10:00:00,DE,1\n"
            )
            let engine = try project.engine()
            _ = await engine.ingest()
            await engine.close()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<3 {
                    group.addTask {
                        let engine = try project.engine()
                        for report in try await engine.runModels() {
                            if let error = report.error { throw error }
                        }
                        await engine.close()
                    }
                }
                try await group.waitForAll()
            }
            let expected = ["\(round + 1)", "\(round + 1)"]
            let counts = try await project.query("SELECT count(*), count(DISTINCT id) FROM gold.lines")
            #expect(counts == [expected])
            #expect(try await project.query("SELECT sum(orders) FROM gold.daily") == [["\(round + 1)"]])
        }
    }

    @Test("a changed model, view or seed is computed anew, a changed comment is not")
    func definitions() async throws {
        let project = try project([
            "german": "/* @ingot\nmaterialized: view\n*/\nSELECT * FROM silver.orders WHERE country = 'DE'",
            "count": "SELECT count(*) AS n, any_value(rate) AS rate FROM gold.german JOIN seeds.rates USING (country)",
        ])
        try project.write("seeds/rates.csv", "country,rate\nDE,2\nFR,3\n")
        try await project.run()
        #expect(try await project.query("SELECT * FROM gold.count") == [["1", "2"]])
        try project.write(
            "models/gold/count.sql",
            "-- counts\nSELECT count(*) AS n, any_value(rate)   AS rate\nFROM gold.german JOIN seeds.rates USING (country)"
        )
        #expect(try await project.run()["count"]?.status == .upToDate)
        try project.write("models/gold/german.sql", "/* @ingot\nmaterialized: view\n*/\nFROM silver.orders")
        #expect(try await project.run()["count"]?.reasons == ["the model changed"])
        #expect(try await project.query("SELECT n FROM gold.count") == [["2"]])
        try project.write("seeds/rates.csv", "country,rate\nDE,7\nFR,7\n")
        #expect(try await project.run()["count"]?.reasons == ["seeds.rates changed"])
        #expect(try await project.query("SELECT rate FROM gold.count") == [["7"]])
        // Other columns, and one of another type: the table takes the new shape.
        try project.write("models/gold/count.sql", "SELECT 'many' AS n, true AS is_new FROM silver.orders LIMIT 1")
        #expect(try await project.run()["count"]?.error == nil)
        #expect(try await project.query("SELECT * FROM gold.count") == [["many", "true"]])
    }

    @Test("what another engine writes restates the models that read it")
    func foreignWriter() async throws {
        let project = try project(["daily": Self.daily])
        try await project.run()
        try await Self.append(
            "SELECT 9 AS id, TIMESTAMP '2026-01-09 09:00:00' AS \"at\", 'IT' AS country, 3.00::DECIMAL(18,2) AS amount",
            project
        )
        let report = try #require(try await project.run()["daily"])
        #expect(report.reasons == ["another engine wrote silver.orders"])
        #expect(try await project.query("SELECT sum(total) FROM gold.daily") == [["6.50"]])
        #expect(try await project.run()["daily"]?.status == .upToDate)
    }

    @Test("rows that another engine deletes by position are gone")
    func foreignDeletes() async throws {
        let project = try project(["daily": Self.daily])
        try await project.run()
        let row =
            "SELECT %d AS id, TIMESTAMP '2026-01-09 09:00:00' AS \"at\", 'IT' AS country, 3.00::DECIMAL(18,2) AS amount"
        let rows = [7, 8, 9].map { row.replacing("%d", with: "\($0)") }.joined(separator: " UNION ALL ")
        try await Self.append(rows, project)
        let data = "\(project.folder)/lake/silver/orders/data/foreign.parquet"
        try await Self.append("SELECT '\(data)' AS file_path, 1::BIGINT AS pos", project, deletesRows: true)
        #expect(
            try await project.query("SELECT id FROM silver.orders WHERE country = 'IT' ORDER BY id") == [["7"], ["9"]]
        )
        #expect(try await project.run()["daily"]?.error == nil)
        #expect(try await project.query("SELECT orders FROM gold.daily WHERE country = 'IT'") == [["2"]])
    }

    /// Appends rows to `silver.orders` as another engine does: a snapshot that says nothing of a load.
    ///
    /// - Parameters:
    ///   - select: The rows.
    ///   - project: The project.
    ///   - deletesRows: Whether the rows are positions to delete.
    ///   - day: The partition, as days since 1970; 2026-01-09 without one.
    ///   - location: How the table is to name the file, by its path.
    /// - Throws: What the library and the state say.
    static func append(
        _ select: String,
        _ project: GoldProject,
        deletesRows: Bool = false,
        day: Int32 = 20_462,
        location: (String) -> String = { $0 }
    ) async throws {
        let state = try project.state()
        let pointer = try #require(try await state.pointer(namespace: "silver", table: "orders"))
        let files = TableFiles(io: LocalFileIO(), environment: .system)
        let metadata = try await files.metadata(at: pointer)
        let name = deletesRows ? "foreign-deletes" : "foreign"
        let path = "\(project.folder)/lake/silver/orders/data/\(name).parquet"
        var ids = metadata.currentSchema.fields.map { "\"\($0.name)\": \($0.id)" }.joined(separator: ", ")
        var columns = metadata.currentSchema.fields.map {
            ["id", "at", "country", "amount"].contains($0.name) ? "\"\($0.name)\"" : "NULL::VARCHAR AS \($0.name)"
        }.joined(separator: ", ").replacing("NULL::VARCHAR AS _ingested_at", with: "now() AS _ingested_at")
        if deletesRows { (ids, columns) = ("file_path: 2147483546, pos: 2147483545", "file_path, pos") }
        let connection = try await Database().connect()
        let count = try await connection.query(
            "COPY (SELECT \(columns) FROM (\(select))) TO '\(path)' (FORMAT parquet, FIELD_IDS {\(ids)})"
        )
        let bytes = try await LocalFileIO().read(path)
        #expect(metadata.defaultSpec.fields.map(\.name) == ["at_day"])
        let file = DataFile(
            content: deletesRows ? .positionDeletes : .data,
            path: location(path),
            specID: metadata.defaultSpecID,
            partition: [.date(day)],
            recordCount: Int64(count.rowsChanged),
            fileSize: Int64(bytes.count)
        )
        let prepared = try await TableCommitter(files).prepare(
            SnapshotChange(adding: [file]),
            of: TableIdentifier(Namespace("silver"), "orders"),
            base: pointer,
            updates: []
        )
        let isSwapped = try await state.swap([
            PointerSwap(namespace: "silver", table: "orders", expected: pointer, replacement: prepared.location)
        ])
        #expect(isSwapped)
    }

    @Test("a result larger than memory spills")
    func spilling() async throws {
        let project = try project(["many": "SELECT range AS id, md5(range::VARCHAR) AS digest FROM range(6000000)"])
        try project.write("ingot.yml", "name: shop\nsettings: {memory_limit: 300MiB, threads: 1}\n")
        let report = try #require(try await project.run()["many"])
        #expect(report.error == nil)
        #expect(
            try await project.query("SELECT count(*), count(DISTINCT digest[1:2]) FROM gold.many") == [
                ["6000000", "256"]
            ]
        )
    }

    @Test("an ignored input changes nothing by itself; one that is not filtered is read whole")
    func inputs() async throws {
        let project = try project([
            "share": """
            /* @ingot
            materialized: incremental
            event_time: day
            batch_size: day
            inputs: {gold.countries: {on_change: ignore}}
            */
            SELECT "at"::date AS day, country, any_value(n) AS of FROM silver.orders JOIN gold.countries USING (country)
            GROUP BY ALL
            """,
            "countries": "SELECT country, count(*) AS n FROM silver.orders GROUP BY ALL",
        ])
        try await project.run()
        try project.write("landing/orders/2.csv", "id,at,country,amount\n3,2026-01-05 10:00:00,DE,4\n")
        let report = try #require(try await project.run()["share"])
        #expect(report.intervals == 1)
        let rows = try await project.query("SELECT day, of FROM gold.share WHERE country = 'DE' ORDER BY day")
        #expect(rows == [["2026-01-01", "1"], ["2026-01-05", "2"]])
    }

    @Test("types that tables lack become the nearest, and comments reach the table")
    func types() async throws {
        let project = try project([
            "types": """
            /* @ingot
            description: All kinds of things.
            columns:
              - {name: total, description: A sum.}
            */
            SELECT sum(id) AS total, 1::UTINYINT AS tiny, 1::UBIGINT AS big, 'a'::ENUM('a', 'b') AS letter,
              TIMESTAMP_NS '2026-01-01 00:00:00.123456789' AS precise, {'a': [1, 2]} AS nested,
              map {'k': 1} AS pairs, '[1]'::JSON AS document
            FROM silver.orders
            """
        ])
        #expect(try await project.run()["types"]?.error == nil)
        let columns = try await project.query("DESCRIBE SELECT * FROM gold.types")
        #expect(
            columns.map { $0[1] } == [
                "DECIMAL(38,0)", "INTEGER", "DECIMAL(20,0)", "VARCHAR", "TIMESTAMP", "STRUCT(a INTEGER[])",
                "MAP(VARCHAR, INTEGER)", "VARCHAR",
            ]
        )
        let state = try project.state()
        let pointer = try #require(try await state.pointer(namespace: "gold", table: "types"))
        let metadata = try await TableFiles(io: LocalFileIO(), environment: .system).metadata(at: pointer)
        #expect(metadata.properties["comment"] == "All kinds of things.")
        #expect(metadata.currentSchema.field(named: "total")?.doc == "A sum.")
    }

    @Test("a table can be named by the project, as by the name of a database elsewhere")
    func projectName() async throws {
        let project = try project(["orders_all": "SELECT count(*) AS n FROM silver.orders"])
        try await project.run()
        #expect(try await project.query("SELECT n FROM \"shop\".orders_all") == [["2"]])
        #expect(try await project.query("SELECT count(*) FROM shop.orders") == [["2"]])
    }
}
