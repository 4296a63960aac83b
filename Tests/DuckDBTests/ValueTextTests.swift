import DuckDB
import Testing

/// DuckDB's own casts are the oracle here: every value, and every type, has the text that DuckDB gives it.
@Suite struct ValueTextTests {
    static let expressions = [
        "NULL", "true", "(-128)::TINYINT", "127::TINYINT", "(-32768)::SMALLINT", "(-2147483648)::INTEGER",
        "(-9223372036854775808)::BIGINT", "9223372036854775807", "255::UTINYINT", "65535::USMALLINT",
        "4294967295::UINTEGER", "18446744073709551615::UBIGINT", "(-170141183460469231731687303715884105728)::HUGEINT",
        "170141183460469231731687303715884105727::HUGEINT", "340282366920938463463374607431768211455::UHUGEINT",
        // Numbers with and without a point.
        "1e15::DOUBLE", "1e16::DOUBLE", "123456789012345678::DOUBLE", "0.0001::DOUBLE", "0.00001::DOUBLE",
        "'-0.0'::DOUBLE", "0.1::DOUBLE", "1e22::DOUBLE", "1234567.5::DOUBLE", "'nan'::DOUBLE", "'-inf'::DOUBLE",
        "'inf'::FLOAT", "16777217::FLOAT", "123456789012345.6::FLOAT", "1.17549435e-38::FLOAT", "5e-324::DOUBLE",
        "1.7976931348623157e308::DOUBLE", "100::DOUBLE", "1.5e-7::FLOAT", "123456.789::FLOAT", "0.3::FLOAT::DOUBLE",
        "(-0.05)::DECIMAL(2,2)", "0.5::DECIMAL(1,1)", "(-12.5)::DECIMAL(38,10)", "1::DECIMAL(5,0)",
        "0.01::DECIMAL(4,2)", "(-999999999.999999999)::DECIMAL(18,9)", "12345.6789::DECIMAL(9,4)",
        "repeat('9', 38)::DECIMAL(38,0)", "('-' || repeat('9', 38))::DECIMAL(38,0)", "0::DECIMAL(3,3)",
        // Integers of any size.
        "0::BIGNUM", "(-1)::BIGNUM", "256::BIGNUM", "(repeat('9', 80))::BIGNUM", "('-1' || repeat('0', 60))::BIGNUM",
        // Texts and bytes.
        "''", "'x' || chr(0) || 'y'", "'ünïcødé 🦆 e' || chr(769)", #"'\x00\xFFab''"\x5C ~'::BLOB"#, "''::BLOB",
        "'0'::BIT", "'101'::BIT", "'0101010101010101'::BIT", "'00000000011111111'::BIT",
        "'a4f8e0c2-0000-ffff-8000-123456789abc'::UUID", "'00000000-0000-0000-0000-000000000001'::UUID",
        // Dates and times.
        "DATE 'infinity'", "DATE '-infinity'", "'5877642-06-25 (BC)'::DATE", "'5881580-07-10'::DATE",
        "'0044-03-15 (BC)'::DATE", "'0001-01-01 (BC)'::DATE", "'0001-01-01'::DATE", "'2000-02-29'::DATE",
        "'1900-02-28'::DATE", "'12345-12-31'::DATE", "'1969-12-31'::DATE", "'0000-03-01'::DATE",
        "TIMESTAMP 'infinity'", "TIMESTAMP '-infinity'", "'290309-12-22 (BC) 00:00:00'::TIMESTAMP",
        "'294247-01-10 04:00:54.775806'::TIMESTAMP", "'44-03-15 (BC) 01:02:03.5'::TIMESTAMP",
        "'1969-12-31 23:59:59.999999'::TIMESTAMP", "'2020-01-01 01:02:03.123456789'::TIMESTAMP_NS",
        "'1969-12-31 23:59:59.000000001'::TIMESTAMP_NS", "'2020-01-01 01:02:03.12'::TIMESTAMP_MS",
        "'infinity'::TIMESTAMP_MS", "'infinity'::TIMESTAMP_NS", "'-infinity'::TIMESTAMP_S",
        "'2020-01-01 01:02:03'::TIMESTAMP_S", "'0044-03-15 (BC) 01:02:03.5+00'::TIMESTAMPTZ",
        "'2020-06-01 00:00:00+02'::TIMESTAMPTZ", "'infinity'::TIMESTAMPTZ", "'24:00:00'::TIME",
        "'23:59:59.000001'::TIME", "'00:00:00.100'::TIME", "'01:02:03.123456789'::TIME_NS", "'12:00:00'::TIME_NS",
        "'01:02:03.12+05:30'::TIMETZ", "'01:02:03-15:59:59'::TIMETZ", "'24:00:00+15:59'::TIMETZ",
        "'00:00:00+00'::TIMETZ",
        "INTERVAL '1 year 14 months -3 days 25:00:01.5'", "INTERVAL '-1 hours'", "INTERVAL 0 DAY",
        "INTERVAL '-1 month -1 day -00:00:00.000001'", "INTERVAL '100000 hours'", "INTERVAL '-13 months'",
        "to_microseconds(-9223372036854775807)", "INTERVAL '1 day'", "INTERVAL '-1 year'",
        // Nested values and their quotes.
        #"{'a': 1, 'b c': 'x y', 'd''e': NULL, 'f': '', 'g': ' x', 'h': 'null', 'i': 'a,b', 'j': 'a\b', 'k': 'it''s'}"#,
        "ROW(1, 'a')", "MAP {'a': [1, NULL], 'b=': NULL}", "['a', NULL, 'b''c', 'd]', 'e:', 'f\"', 'NuLL', ' ', '(']",
        "[['x y'], NULL, []]", "union_value(a := 'x, y')", "[union_value(a := 'x, y')]", "[DATE '2020-01-01']",
        "[TIMESTAMP '2020-01-01 00:00:00']", "[INTERVAL 1 DAY]", "[BLOB 'a''b']", "array_value('a', 'b(')",
        #"[{'a': 1}]"#, #"{'a': {'b': 'c"d'}}"#, "[1.5::DOUBLE]", "[TIME '10:00:00']", #"{'a': '\t'}"#, "[true, false]",
        "[1.50::DECIMAL(5,2)]", "MAP {{'a': 1}: ['z']}", "MAP {}", "[]", #"'{"a": [1, null]}'::JSON"#,
        #"['{"a":1}'::JSON, NULL]"#, #"{'j': '{"a":1}'::JSON}"#, "[[1, 2], [3, 4]]::INTEGER[2][2]", "[chr(0)]",
        "['a' || chr(10)]", "[chr(9) || 'a']", "{'SELECT': 1, 'Mixed Case': 2, '1st': 3, 'é': 4, 'plain_1': 5}",
        "'b''c'::ENUM('a', 'b''c')", "['a'::ENUM('a', 'b')]", "{'u': '00000000-0000-0000-0000-000000000001'::UUID}",
    ]

    @Test("A value and its type have the text that DuckDB gives them")
    func text() async throws {
        try await withConnection { (connection) async throws in
            for expression in Self.expressions {
                let sql = "SELECT x, CAST(x AS VARCHAR) AS text, typeof(x) AS type FROM (SELECT \(expression) AS x)"
                let row = try #require(try await connection.query(sql).first)
                let text = try row.get("text", as: String?.self)
                #expect(row[0].description == text ?? "NULL", "\(expression)")
                // A result's column is never of the type of a bare NULL: DuckDB makes it an INTEGER.
                let type = try row.string("type").replacing("\"NULL\"", with: "INTEGER")
                #expect(row.columns[0].type.description == type, "\(expression)")
            }
        }
    }

    @Test("A value that is bound comes back as it went")
    func roundTrip() async throws {
        try await withConnection { (connection) async throws in
            for expression in Self.expressions {
                let original = try #require(try await connection.query("SELECT \(expression) AS x").first)
                let value = original[0]
                // The cast gives back what a value does not carry: the texts of an ENUM, the other members of a union.
                // The type of `row(...)` cannot be written.
                let cast = expression.hasPrefix("ROW") ? "?" : "CAST(? AS \(original.columns[0].type))"
                let returned = try #require(try await connection.query("SELECT \(cast) AS x", [value]).first)[0]
                // A NaN is not equal to itself.
                let isSame = returned == value || value.description == "nan" && returned.description == "nan"
                #expect(isSame, "\(expression): \(returned)")
            }
        }
    }

    @Test("All rows of DuckDB's own collection of extremes have DuckDB's text")
    func allTypes() async throws {
        try await withConnection { (connection) async throws in
            let columns = try await connection.describe("SELECT * FROM test_all_types(use_large_enum := true)").columns
            var compared = 0
            for column in columns {
                if case .other = column.type.resolved { continue }
                let name = SQL.identifier(column.name)
                let result = try await connection.query(
                    "SELECT \(name) AS x, CAST(\(name) AS VARCHAR) AS text FROM test_all_types(use_large_enum := true)"
                )
                for row in result {
                    let text = try row.get("text", as: String?.self) ?? "NULL"
                    // Of the last instant, DuckDB's text is a millisecond off: its calendar counts in floating point.
                    if row[0] == .timestampTZ(microseconds: .max - 1) { continue }
                    #expect(row[0].description == text, "column \(column.name) of type \(column.type)")
                    compared += 1
                }
            }
            #expect(compared > 150)
        }
    }

    @Test("Field names are quoted in type names as DuckDB quotes them, for each of its keywords")
    func keywords() async throws {
        try await withConnection { (connection) async throws in
            let words = try await connection.query("SELECT DISTINCT keyword_name FROM duckdb_keywords()")
            #expect(words.count > 400)
            let fields = try words.map { "\(SQL.identifier(try $0.string("keyword_name"))) := 1" }
            let sql = "SELECT struct_pack(\(fields.joined(separator: ", "))) AS x"
            let result = try await connection.query("SELECT x, typeof(x) AS type FROM (\(sql))")
            #expect(try result[0].string("type") == result.columns[0].type.description)
        }
    }

    @Test("Doubles of any bits have DuckDB's text")
    func randomDoubles() async throws {
        var random = SplitMix(state: 42)
        let anyBits = (0..<4000).map { _ in Double(bitPattern: random.next()) }
        let middling = (0..<4000).map { _ in Double(Int64(bitPattern: random.next()) >> 20) / 1000 }
        try await withConnection { (connection) async throws in
            let sql = "SELECT x, CAST(x AS VARCHAR) AS text FROM (SELECT unnest(?) AS x)"
            for row in try await connection.query(sql, [.list((anyBits + middling).map(Value.double))]) {
                #expect(row[0].description == (try row.string("text")))
            }
        }
    }

    @Test("The text of a float is DuckDB's, or has fewer digits and reads back the same")
    func randomFloats() async throws {
        var random = SplitMix(state: 43)
        let floats = (0..<8000).map { _ in Float(bitPattern: UInt32(truncatingIfNeeded: random.next())) }
        try await withConnection { (connection) async throws in
            let sql = "SELECT x, CAST(x AS VARCHAR) AS text, CAST(? AS FLOAT[]) AS back FROM (SELECT unnest(?) AS x)"
            let texts = Value.list(floats.map { .varchar(Value.float($0).description) })
            let result = try await connection.query(sql, [texts, .list(floats.map(Value.float))])
            let back = try result[0].list("back")
            var different = 0
            for (index, row) in result.enumerated() {
                let text = try row.string("text")
                if row[0].description != text {
                    different += 1
                    #expect(row[0].description.filter { !"0.".contains($0) }.count < text.count)
                }
                #expect(back[index].description == row[0].description)
            }
            #expect(different < 160)
        }
    }

    @Test("Random dates and timestamps have DuckDB's text")
    func randomTimes() async throws {
        var random = SplitMix(state: 7)
        let instants = (0..<4000).map { _ in
            Value.timestamp(microseconds: Int64(bitPattern: random.next()) % 9_000_000_000_000_000_000)
        }
        let days = (0..<4000).map { _ in Value.date(days: Int32(truncatingIfNeeded: random.next() % 4_000_000_000)) }
        try await withConnection { (connection) async throws in
            let sql = "SELECT x, CAST(x AS VARCHAR) AS text FROM (SELECT unnest(?) AS x)"
            for list in [instants, days] {
                for row in try await connection.query(sql, [.list(list)]) {
                    #expect(row[0].description == (try row.string("text")))
                }
            }
        }
    }
}

/// A small generator of the same numbers every time.
struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
