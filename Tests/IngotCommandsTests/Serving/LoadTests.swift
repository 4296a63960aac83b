import Foundation
import JSONTree
import Testing

/// Loads into real databases of every kind.
@Suite("Loads", .timeLimit(.minutes(30)))
struct LoadTests {
    private static let merge = "from: seeds.orders\nprimary_key: id\ncreate: true"

    @Test(.enabled(if: ServingKind.postgres.isPresent, "loads into PostgreSQL are NOT tested: install postgresql"))
    func `PostgreSQL is here to be loaded`() {
        #expect(ServingKind.present.contains(.postgres))
    }

    @Test(
        .enabled(
            if: ServingKind.mysql.isPresent,
            "loads into MariaDB are NOT tested: install mariadb-server-core and mariadb-client-core"
        )
    )
    func `MariaDB is here to be loaded`() {
        #expect(ServingKind.present.contains(.mysql))
    }

    @Test(arguments: ServingKind.present)
    func `A load of the same version changes nothing, and one of a new version takes in what changed`(
        kind: ServingKind
    ) async throws {
        let load = try LoadProject(kind, Self.merge)
        try await load.expect("succeeded", rows: 2)
        #expect(try await load.rows() == ["1|a", "2|b"])
        // What others change meanwhile shows whether anything is written.
        try await load.probe.execute("UPDATE \(load.table) SET name = 'theirs' WHERE id = 2")
        try await load.expect("up_to_date", rows: 2)
        #expect(try await load.rows() == ["1|a", "2|theirs"])
        try await load.expect("succeeded", rows: 2, "--force")
        #expect(try await load.rows() == ["1|a", "2|b"])
        try load.project.write("id,name\n2,c\n3,d\n", to: "seeds/orders.csv")
        try await load.expect("succeeded", rows: 2, "--select", "orders")
        #expect(try await load.rows() == ["1|a", "2|c", "3|d"])
        // Another definition of the load is another load of the same rows.
        try load.project.write(
            "load: orders\nconnection: serving\ntable: \(load.table)\nprimary_key: id\n"
                + "query: SELECT id, upper(name) AS name FROM seeds.orders",
            to: "loads/orders.yml"
        )
        try await load.expect("succeeded", rows: 2)
        #expect(try await load.rows() == ["1|a", "2|C", "3|D"])
        // A table that somebody dropped is loaded again.
        try await load.probe.execute("DROP TABLE \(load.table)")
        let missing = try await load.load()
        #expect(missing.status == 1 && missing.messages.contains("ING1003"), "\(missing.messages)")
        let program = load.program
        let runs = try await apart { try program.run("runs", "-s", "orders", "-o", "json") }
        let listed = try JSON(parsing: runs.output).arrayValue ?? []
        #expect(listed.compactMap { $0["kind"]?.stringValue } == [String](repeating: "load", count: 5))
        let states = listed.compactMap { $0["status"]?.stringValue }.sorted()
        #expect(states == ["failed"] + [String](repeating: "succeeded", count: 4))
    }

    @Test(arguments: ServingKind.present)
    func `Every type keeps its values, NULL and Unicode among them`(kind: ServingKind) async throws {
        let load = try LoadProject(
            kind,
            """
            primary_key: id
            create: true
            query: |
              SELECT i AS id, i % 2 = 0 AS flag, i::INTEGER AS small, i / 7::DOUBLE AS ratio,
                (i * 1.25)::DECIMAL(18, 2) AS amount, DATE '2026-02-28' + i::INTEGER AS day,
                TIMESTAMP '2026-01-01 12:00:00.123456' AS moment, TIMESTAMPTZ '2026-01-01 12:00:00.5+02' AS zoned,
                encode('é') AS bytes, CASE i WHEN 1 THEN NULL ELSE 'Ünï 🙂 '' \\ "' END AS name, [i, 2] AS list
              FROM range(1, 3) t(i)
            """
        )
        try await load.expect("succeeded", rows: 2)
        let found = try await load.rows("id, flag, small, amount, day, name").map {
            // How wide a truth value or a fraction is written is no matter of what it is.
            $0.replacing("|true|", with: "|1|").replacing("|false|", with: "|0|")
        }
        let amounts = kind == .sqlite ? ["1.25", "2.5"] : ["1.25", "2.50"]
        let second = "2|1|2|\(amounts[1])|2026-03-02|Ünï 🙂 ' \\ \""
        #expect(found == ["1|0|1|\(amounts[0])|2026-03-01|NULL", second])
        let times = try await load.rows("id, moment, zoned")[0]
        let zoned: String
        switch kind {
        case .sqlite: zoned = "1|2026-01-01T12:00:00.123456|2026-01-01T10:00:00.5Z"
        case .mysql: zoned = "1|2026-01-01 12:00:00.123456|2026-01-01 10:00:00.5"
        case .duckdb, .postgres: zoned = "1|2026-01-01 12:00:00.123456|2026-01-01 10:00:00.5+00"
        }
        #expect(times == zoned)
        let sameRatio = kind == .mysql ? "ratio = 1e0 / 7" : "ratio = 1.0 / 7"
        let same = try await load.probe.rows("SELECT count(*) AS n FROM \(load.table) WHERE id = 1 AND \(sameRatio)")
        #expect(same == ["1"])
        #expect(try await load.rows("id, list")[1].filter { $0 != " " } == "2|[2,2]")
    }

    @Test func `What a load reads is compiled before it runs`() async throws {
        let load = try LoadProject(.sqlite, Self.merge)
        let program = load.program
        func findings(_ settings: String) async throws -> String {
            let text = "load: orders\nconnection: serving\ntable: t\n\(settings)\n"
            try load.project.write(text, to: "loads/orders.yml")
            return try await apart { try program.run("validate") }.messages
        }
        #expect(try await findings("from: seeds.orders\nprimary_key: id").contains("1 load"))
        let table = try await findings("query: SELECT * FROM gold.nothing\nprimary_key: id")
        #expect(table.contains("loads/orders.yml:4:22: error[ING0501]"), "\(table)")
        let column = try await findings("query: SELECT nme FROM seeds.orders")
        #expect(column.contains("loads/orders.yml:4:15: error[ING0503]"), "\(column)")
        let key = try await findings("from: seeds.orders\nprimary_key: key")
        #expect(key.contains("loads/orders.yml:5:14: error[ING1005]"), "\(key)")
    }

    @Test(arguments: ServingKind.present)
    func `Rows without a key of their own change nothing`(kind: ServingKind) async throws {
        let load = try LoadProject(kind, Self.merge)
        try await load.expect("succeeded")
        for (seed, words) in [
            ("id,name\n1,x\n1,y\n", "1 primary keys (\"id\") are in more than one row"),
            ("id,name\n1,x\n,y\n", "1 rows of the source of the load orders have NULL"),
        ] {
            try load.project.write(seed, to: "seeds/orders.csv")
            let outcome = try await load.load()
            #expect(outcome.status == 1)
            #expect(outcome.messages.contains("loads/orders.yml:5:14: error[ING1006]"), "\(outcome.messages)")
            #expect(outcome.messages.contains(words), "\(outcome.messages)")
        }
        #expect(try await load.rows() == ["1|a", "2|b"])
    }

    @Test(arguments: ServingKind.present)
    func `A table that does not fit is refused as it is`(kind: ServingKind) async throws {
        let load = try LoadProject(kind, "from: seeds.orders\nprimary_key: id")
        // A file is made by the first who writes to it.
        try await load.probe.execute("CREATE TABLE \(load.table) (id int, nam varchar(20))")
        let column = try await load.load()
        #expect(column.status == 1 && column.messages.contains("ING1004"), "\(column.messages)")
        #expect(column.messages.contains("has no column \"name\"; columns: id, nam"), "\(column.messages)")
        try await load.probe.execute(
            "DROP TABLE \(load.table)",
            "CREATE TABLE \(load.table) (id int, name varchar(20))"
        )
        let key = try await load.load()
        #expect(key.messages.contains("has no primary key or unique index of just id"), "\(key.messages)")
        try await load.probe.execute("DROP TABLE \(load.table)")
        let missing = try await load.load()
        #expect(missing.messages.contains("there is no table \(load.table) in serving"), "\(missing.messages)")
    }

    @Test(.enabled(if: ServingKind.mysql.isPresent)) func `A table without transactions is refused`() async throws {
        let load = try LoadProject(.mysql, "from: seeds.orders\nprimary_key: id")
        try await load.probe.execute("CREATE TABLE \(load.table) (id int PRIMARY KEY, name text) ENGINE=MyISAM")
        let outcome = try await load.load()
        #expect(outcome.status == 1 && outcome.messages.contains("is kept by MyISAM"), "\(outcome.messages)")
    }

    @Test(arguments: ServingKind.present)
    func `A value that a column would change is refused, and nothing is changed`(kind: ServingKind) async throws {
        let load = try LoadProject(
            kind,
            "query: SELECT id, 1234567890.123456::DECIMAL(18, 6) AS amount FROM seeds.orders\nprimary_key: id"
        )
        try await load.probe.execute(
            "CREATE TABLE \(load.table) (id int PRIMARY KEY, amount decimal(18, 2))",
            "INSERT INTO \(load.table) VALUES (7, 1)"
        )
        let outcome = try await load.load()
        #expect(outcome.status == 1 && outcome.messages.contains("ING1007"), "\(outcome.messages)")
        #expect(outcome.messages.contains("1234567890.123456"), "\(outcome.messages)")
        #expect(try await load.probe.rows("SELECT id FROM \(load.table)") == ["7"])
    }

    @Test(arguments: ServingKind.present)
    func `A table that was dropped is made and loaded again`(kind: ServingKind) async throws {
        let load = try LoadProject(kind, Self.merge)
        try await load.expect("succeeded", rows: 2)
        try await load.probe.execute("DROP TABLE \(load.table)")
        try await load.expect("succeeded", rows: 2)
        #expect(try await load.rows() == ["1|a", "2|b"])
        try await load.expect("up_to_date", rows: 2)
    }

    @Test(arguments: ServingKind.present)
    func `A whole number that a floating point column would round is refused`(kind: ServingKind) async throws {
        let load = try LoadProject(
            kind,
            "query: SELECT id, 9007199254740993::BIGINT AS amount FROM seeds.orders\nprimary_key: id"
        )
        try await load.probe.execute("CREATE TABLE \(load.table) (id int PRIMARY KEY, amount double precision)")
        let outcome = try await load.load()
        #expect(outcome.status == 1 && outcome.messages.contains("ING1007"), "\(outcome.messages)")
        #expect(outcome.messages.contains("9007199254740993"), "\(outcome.messages)")
        #expect(try await load.rows("id").isEmpty)
    }

    @Test(arguments: ServingKind.present)
    func `A text that a column of numbers would write in another way is refused`(kind: ServingKind) async throws {
        let load = try LoadProject(kind, "query: SELECT id, '007' AS code FROM seeds.orders\nprimary_key: id")
        try await load.probe.execute("CREATE TABLE \(load.table) (id int PRIMARY KEY, code int)")
        let outcome = try await load.load()
        let code = kind == .sqlite ? "ING1004" : "ING1007"
        #expect(outcome.status == 1 && outcome.messages.contains(code), "\(outcome.messages)")
        #expect(try await load.rows("id").isEmpty)
    }

    @Test(.enabled(if: ServingKind.postgres.isPresent))
    func `A floating point number keeps its digits in a numeric column`() async throws {
        let load = try LoadProject(
            .postgres,
            "query: SELECT id, 0.12345678901234568::DOUBLE AS amount FROM seeds.orders\nprimary_key: id"
        )
        try await load.probe.execute("CREATE TABLE \(load.table) (id int PRIMARY KEY, amount numeric)")
        try await load.expect("succeeded", rows: 2)
        let amounts = try await load.rows("id, amount::text AS amount")
        #expect(amounts == ["1|0.12345678901234568", "2|0.12345678901234568"])
    }

    @Test func `A text that SQLite would cut is refused`() async throws {
        let load = try LoadProject(
            .sqlite,
            "query: SELECT id, 'a' || chr(0) || 'b' AS name FROM seeds.orders\nprimary_key: id\ncreate: true"
        )
        let outcome = try await load.load()
        #expect(outcome.status == 1 && outcome.messages.contains("ING1007"), "\(outcome.messages)")
    }

    @Test func `Keys that are the same in the table are refused`() async throws {
        let load = try LoadProject(.sqlite, "from: seeds.orders\nprimary_key: name", seed: "id,name\n1,a\n2,A\n")
        try await load.probe.execute("CREATE TABLE \(load.table) (id int, name text COLLATE NOCASE PRIMARY KEY)")
        let outcome = try await load.load()
        #expect(outcome.status == 1 && outcome.messages.contains("ING1006"), "\(outcome.messages)")
        #expect(try await load.rows("id").isEmpty)
    }

    @Test(arguments: ServingKind.present)
    func `Columns that a load does not name keep their values`(kind: ServingKind) async throws {
        let load = try LoadProject(
            kind,
            "from: seeds.orders\nprimary_key: [id]\ncolumns: [id, name]",
            seed: "id,name,more\n1,a,x\n2,b,y\n"
        )
        try await load.probe.execute(
            "CREATE TABLE \(load.table) (id int PRIMARY KEY, NAME varchar(20), note varchar(20) DEFAULT 'new')",
            "INSERT INTO \(load.table) VALUES (1, 'old', 'kept'), (9, 'other', 'kept')"
        )
        try await load.expect("succeeded", rows: 2)
        #expect(try await load.rows("id, name, note") == ["1|a|kept", "2|b|new", "9|other|kept"])
    }

    @Test(arguments: ServingKind.present)
    func `Rows that are marked are deleted, also where others load nothing`(kind: ServingKind) async throws {
        let seed = "id,name,gone\n1,a,false\n2,b,\n3,c,true\n"
        let load = try LoadProject(kind, "\(Self.merge)\nhard_delete: gone", seed: seed)
        try await load.expect("succeeded", rows: 2)
        #expect(try await load.rows() == ["1|a", "2|b"])
        try load.project.write("id,name,gone\n1,a,true\n4,d,false\n", to: "seeds/orders.csv")
        let outcome = try await load.load()
        #expect(outcome.report?["deletions"]?.intValue == 1, "\(outcome.messages)")
        #expect(outcome.report?["rows"]?.intValue == 1)
        #expect(try await load.rows() == ["2|b", "4|d"])
    }

    @Test(arguments: ServingKind.present)
    func `Rows are replaced as a whole, or added once for each version`(kind: ServingKind) async throws {
        let replaced = try LoadProject(kind, "\(Self.merge)\nwrite_disposition: replace")
        try await replaced.expect("succeeded", rows: 2)
        try replaced.project.write("id,name\n2,z\n", to: "seeds/orders.csv")
        try await replaced.expect("succeeded", rows: 1)
        #expect(try await replaced.rows() == ["2|z"])
        // A table without rows is a version like any other.
        try replaced.project.write(
            "load: orders\nconnection: serving\ntable: \(replaced.table)\nprimary_key: id\nwrite_disposition: replace\n"
                + "query: SELECT * FROM seeds.orders WHERE id > 100",
            to: "loads/orders.yml"
        )
        try await replaced.expect("succeeded", rows: 0)
        #expect(try await replaced.rows().isEmpty)

        let added = try LoadProject(kind, "from: seeds.orders\nwrite_disposition: append\ncreate: true")
        try await added.expect("succeeded", rows: 2)
        try await added.expect("up_to_date")
        try added.project.write("id,name\n1,a\n", to: "seeds/orders.csv")
        try await added.expect("succeeded", rows: 1)
        #expect(try await added.rows() == ["1|a", "1|a", "2|b"])
    }

    @Test func `A table of which only the files are new is no new version`() async throws {
        let load = try LoadProject(
            .sqlite,
            "from: silver.things\ncolumns: [id, name]\nwrite_disposition: append\ncreate: true"
        )
        try load.project.write(
            """
            pipeline: things
            source: {path: landing/, format: csv}
            columns: [{name: id, data_type: bigint}, {name: name, data_type: varchar}]
            silver: {table: silver.things}
            """,
            to: "pipelines/things.yml"
        )
        for number in 0..<2 {
            try load.project.write("id,name\n\(number),a\n", to: "landing/\(number).csv")
            try #require(try load.program.run("run").status == 0)
        }
        try await load.expect("succeeded", rows: 2)
        let compacted = try load.program.run("tables", "compact", "--output", "json")
        #expect(try JSON(parsing: compacted.output)[0]?["table"] == "ops.objects")
        #expect(try JSON(parsing: compacted.output)[1]?["table"] == "silver.things")
        try await load.expect("up_to_date")
        #expect(try await load.rows() == ["0|a", "1|a"])
    }

    @Test(arguments: ServingKind.present)
    func `Names may hold anything`(kind: ServingKind) async throws {
        let name = "o\"d'd `n\\ame \(UUID().uuidString.prefix(6))"
        let load = try LoadProject(kind, "")
        try load.project.write(
            """
            load: orders
            connection: serving
            table: '\(name.replacing("'", with: "''"))'
            query: SELECT id AS "se""lect", name AS "ü `b'c\\d" FROM seeds.orders
            primary_key: 'se"lect'
            create: true
            """,
            to: "loads/orders.yml"
        )
        try await load.expect("succeeded", rows: 2)
        try await load.expect("up_to_date", rows: 2)
        try await load.expect("succeeded", rows: 2, "--force")
        let column = kind.quoted("ü `b'c\\d")
        let rows = try await load.probe.rows("SELECT \(column) AS c FROM \(kind.quoted(name)) ORDER BY 1")
        #expect(rows == ["a", "b"])
    }

    @Test(arguments: ServingKind.present)
    func `Keys may be texts beyond ASCII, and other texts end in blanks`(kind: ServingKind) async throws {
        let load = try LoadProject(kind, Self.merge, seed: "id,name\né😀,\"a  \"\nz,ß\n")
        try await load.expect("succeeded", rows: 2)
        #expect(try await load.rows() == ["z|ß", "é😀|a  "])
        let bounded = try LoadProject(kind, Self.merge, seed: "id,name\né😀,ß😀\n")
        // The server's own character set need not have them.
        let characters = kind == .mysql ? " CHARACTER SET utf8mb4" : ""
        try await bounded.probe.execute(
            "CREATE TABLE \(bounded.table) (id varchar(9) PRIMARY KEY, name varchar(3))\(characters)"
        )
        try await bounded.expect("succeeded", rows: 1)
        #expect(try await bounded.rows() == ["é😀|ß😀"])
    }

    @Test(arguments: ServingKind.present)
    func `Many rows are loaded, and loaded again`(kind: ServingKind) async throws {
        // The debug build takes its time for rows that it handles itself.
        let count = kind == .sqlite ? 100_000 : 1_000_000
        let load = try LoadProject(
            kind,
            "query: SELECT i AS id, 'name ' || i AS name, v.id AS v FROM range(\(count)) t(i), seeds.orders v\n"
                + "primary_key: id\ncreate: true",
            seed: "id,name\n1,x\n"
        )
        try await load.expect("succeeded", rows: count)
        try load.project.write("id,name\n2,x\n", to: "seeds/orders.csv")
        try await load.expect("succeeded", rows: count)
        let totals = try await load.probe.rows("SELECT count(*) AS n, min(v) AS a, max(v) AS b FROM \(load.table)")
        #expect(totals == ["\(count)|2|2"])
    }

    @Test(arguments: ServingKind.present)
    func `Two loads of one table at once load it once`(kind: ServingKind) async throws {
        let load = try LoadProject(
            kind,
            "query: SELECT i AS id, name FROM range(20000) t(i), seeds.orders\nwrite_disposition: append\ncreate: true",
            seed: "id,name\n1,x\n"
        )
        let program = load.program
        let outcomes = try await apart {
            let running = try (0..<3).map { _ in try program.start("load", "-o", "json") }
            return try running.map { try $0.finish() }
        }
        for outcome in outcomes { #expect(outcome.status == 0, "\(outcome.messages)") }
        let states = try outcomes.map { try JSON(parsing: $0.output)[0]?["status"]?.stringValue ?? "" }
        #expect(states.sorted() == ["succeeded", "up_to_date", "up_to_date"])
        #expect(try await load.probe.rows("SELECT count(*) AS n FROM \(load.table)") == ["20000"])
    }

    @Test(arguments: ServingKind.present.filter { $0.server != nil })
    func `A password shows nowhere`(kind: ServingKind) async throws {
        let load = try LoadProject(kind, Self.merge)
        let wrong = "Wr0ng'secret"
        let scheme = kind.rawValue
        let place = "127.0.0.1:\(kind.server?.port ?? 0)/nowhere"
        let address = "\(scheme)://\(ServingServerProcess.user):${secret:serving}@\(place)"
        for connection in [kind.connection, "serving: {type: \(scheme), url: \"\(address)\"}"] {
            try load.project.write("name: accounts\nconnections:\n  \(connection)\n", to: "ingot.yml")
            let escaped = connection.contains("url:") ? "Wr0ng%27secret" : wrong
            let program = Program(folder: load.project.folder, variables: ["INGOT_SECRET_SERVING": escaped])
            let outcome = try await apart { try program.run("load", "--verbose", "-o", "json") }
            #expect(outcome.status == 1 && outcome.messages.contains("ING1001"), "\(outcome.messages)")
            #expect(outcome.messages.contains("loads/orders.yml:1:"), "\(outcome.messages)")
            let runs = try await apart { try program.run("runs", "-o", "json") }
            for text in [outcome.output, outcome.messages, runs.output] {
                #expect(!text.contains(wrong) && !text.contains(escaped) && !text.contains("secret@"), "\(text)")
            }
        }
    }
}
