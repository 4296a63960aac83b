import DuckDB
import IngotEngine
import Testing

/// The examples of the documentation of Trino's functions, which Athena refers to, and facts that follow from their
/// descriptions there; each with the text of its result.
@Suite("Athena's functions")
struct AthenaMacrosTests {
    static let examples: [(sql: String, result: String)] = [
        // Date and time: "Date and time functions and operators".
        ("date_format(TIMESTAMP '2022-10-20 05:10:00', '%m-%d-%Y %H')", "10-20-2022 05"),
        ("date_parse('2022/10/20/05', '%Y/%m/%d/%H')", "2022-10-20 05:00:00"),
        ("date_parse('2020-01-05 10:11:12', '%Y-%m-%d %H:%i:%s')", "2020-01-05 10:11:12"),
        ("date_parse('10:05:06 PM January 5 2020', '%r %M %e %Y')", "2020-01-05 22:05:06"),
        ("date_parse('12/31/2019 23:59', '%c/%e/%Y %k:%i')", "2019-12-31 23:59:00"),
        (
            "date_format(TIMESTAMP '2020-01-05 15:04:09.5', '%W %M %e %Y %T.%f')",
            "Sunday January 5 2020 15:04:09.500000"
        ),
        (
            "date_format(TIMESTAMP '2020-01-05 15:04:09', '%a %b %c %y %h:%i:%S %p %l %j')",
            "Sun Jan 1 20 03:04:09 PM 3 005"
        ),
        ("date_format(DATE '2021-01-03', '%x-%v')", "2020-53"),
        ("date_format(DATE '2021-01-03', '100%% %Q')", "100% Q"),
        ("format_datetime(TIMESTAMP '2020-01-05 15:04:09', 'yyyy-MM-dd''T''HH:mm:ss.SSS')", "2020-01-05T15:04:09.000"),
        ("format_datetime(TIMESTAMP '2020-01-05 15:04:09', 'EEE, d MMM yy h:mm a')", "Sun, 5 Jan 20 3:04 PM"),
        ("parse_datetime('2020-01-05 15:04', 'yyyy-MM-dd HH:mm')", "2020-01-05 15:04:00+00"),
        ("from_iso8601_timestamp('2020-05-11T11:15:05')", "2020-05-11 11:15:05+00"),
        ("from_iso8601_timestamp('2020-05-11T11:15:05.055+01:00')", "2020-05-11 10:15:05.055+00"),
        ("from_iso8601_date('2020-05-11')", "2020-05-11"),
        ("to_iso8601(DATE '2020-05-11')", "2020-05-11"),
        ("to_iso8601(TIMESTAMP '2020-05-11 11:15:05.055')", "2020-05-11T11:15:05.055"),
        ("to_iso8601(TIMESTAMPTZ '2020-05-11 11:15:05.055+00')", "2020-05-11T11:15:05.055Z"),
        ("from_unixtime(1589195705)", "2020-05-11 11:15:05+00"),
        ("to_unixtime(TIMESTAMPTZ '2020-05-11 11:15:05+00')", "1589195705.0"),
        ("at_timezone(TIMESTAMPTZ '2022-11-01 09:08:07+00', 'America/New_York')", "2022-11-01 05:08:07"),
        ("date_add('second', 86, TIMESTAMP '2020-03-01 00:00:00')", "2020-03-01 00:01:26"),
        ("date_add('hour', 9, TIMESTAMP '2020-03-01 00:00:00')", "2020-03-01 09:00:00"),
        ("date_add('day', -1, TIMESTAMP '2020-03-01 00:00:00')", "2020-02-29 00:00:00"),
        ("date_add('quarter', 1, TIMESTAMP '2020-01-31 00:00:00')", "2020-04-30 00:00:00"),
        ("date_add(DATE '2020-02-29', INTERVAL 1 YEAR)", "2021-02-28 00:00:00"),
        ("day_of_week(DATE '2021-01-03')", "7"), ("dow(DATE '2021-01-04')", "1"), ("doy(DATE '2020-12-31')", "366"),
        ("week_of_year(DATE '2021-01-03')", "53"), ("year_of_week(DATE '2021-01-03')", "2020"),
        ("yow(DATE '2021-01-04')", "2021"), ("last_day_of_month(DATE '2020-02-01')", "2020-02-29"),
        ("day_of_month(DATE '2020-02-07')", "7"), ("day_of_year(DATE '2020-02-01')", "32"),
        ("current_timezone()", "UTC"),
        // JSON: "JSON functions and operators".
        ("json_extract_scalar('[1, 2, 3]', '$[2]')", "3"),
        ("json_extract_scalar('{\"a\": {\"b\": 1}}', '$.a')", "NULL"),
        ("json_size('{\"x\": {\"a\": 1, \"b\": 2}}', '$.x')", "2"), ("json_size('{\"x\": [1, 2, 3]}', '$.x')", "3"),
        ("json_size('{\"x\": {\"a\": 1, \"b\": 2}}', '$.x.a')", "0"), ("is_json_scalar('1')", "true"),
        ("is_json_scalar('[1, 2, 3]')", "false"), ("json_array_contains('[1, 2, 3]', 2)", "true"),
        ("json_format(json_parse('[1, 2, 3]'))", "[1, 2, 3]"),
        // Arrays and maps: "Array functions and operators".
        ("element_at([1, 2, 3], -1)", "3"), ("element_at([1], 5)", "NULL"), ("element_at(map {'a': 7}, 'a')", "7"),
        ("element_at(map {'a': 7}, 'b')", "NULL"), ("cardinality([1, 2])", "2"), ("cardinality(map {'a': 1})", "1"),
        ("array_join([1, NULL, 3], ',')", "1,3"), ("array_join([1, NULL, 3], ',', '-')", "1,-,3"),
        ("array_max([1, 3, 2])", "3"), ("array_min([1, 3, 2])", "1"), ("array_remove([1, 2, 1], 1)", "[2]"),
        ("array_sort(array_union([1, 2], [2, 3]))", "[1, 2, 3]"), ("array_except([1, 2, 2, 3], [3])", "[2, 1]"),
        ("arrays_overlap([1, 2], [2])", "true"), ("array_average([1, 2, 3])", "2.0"), ("array_sum([1, 2])", "3"),
        ("sequence(1, 5, 2)", "[1, 3, 5]"), ("sequence(1, 3)", "[1, 2, 3]"), ("slice([1, 2, 3, 4], 2, 2)", "[2, 3]"),
        ("slice([1, 2, 3, 4], -2, 2)", "[3, 4]"), ("contains([1, 2], 2)", "true"),
        // Text, URLs, numbers.
        ("regexp_like('1a 2b 14m', '\\d+b')", "true"), ("regexp_count('1a 2b 14m', '\\s*[a-z]+\\s*')", "3"),
        ("regexp_split('1a 2b 14m', '\\s*[a-z]+\\s*')", "[1, 2, 14, '']"), ("codepoint('a')", "97"),
        ("from_utf8(to_utf8('ü'))", "ü"), ("levenshtein_distance('kitten', 'sitting')", "3"),
        ("hamming_distance('abc', 'abd')", "1"),
        ("url_extract_host('https://u@example.com:8080/p/q?k=v%20w&x=1#f')", "example.com"),
        ("url_extract_port('https://example.com:8080/p')", "8080"),
        ("url_extract_path('https://example.com/p/q?x=1')", "/p/q"),
        ("url_extract_query('https://example.com/p?x=1&y=2#f')", "x=1&y=2"),
        ("url_extract_fragment('https://example.com/p#f')", "f"),
        ("url_extract_protocol('https://example.com')", "https"),
        ("url_extract_parameter('https://example.com/p?k=v%20w&x=1#f', 'k')", "v w"),
        ("url_extract_parameter('https://example.com/p?k=1&x=2', 'x')", "2"),
        ("url_extract_parameter('https://example.com/p?k=1', 'z')", "NULL"),
        ("bitwise_and(19, 25)", "17"), ("bitwise_or(19, 25)", "27"), ("bitwise_xor(19, 25)", "10"),
        ("bitwise_not(-12)", "11"), ("is_nan(nan())", "true"), ("is_infinite(infinity())", "true"),
        ("is_finite(1.0::DOUBLE)", "true"), ("truncate(12.9)", "12"),
    ]

    @Test("give what Athena's documentation says")
    func documented() async throws {
        let connection = try await Database().connect()
        try await AthenaMacros.install(on: connection)
        for (sql, expected) in Self.examples {
            do {
                let result = try await connection.query("SELECT \(sql) AS v")
                #expect(result[0][0].description == expected, "\(sql)")
            } catch {
                Issue.record("\(sql): \(error)")
            }
        }
    }

    @Test("give the same where only those are made that the SQL names, however it writes them")
    func onlyUsed() async throws {
        let database = try await Database()
        for (sql, expected) in Self.examples {
            let connection = try await database.connect()
            do {
                try await AthenaMacros.install(usedIn: sql.uppercased(), on: connection)
                let result = try await connection.query("SELECT \(sql) AS v")
                #expect(result[0][0].description == expected, "\(sql)")
            } catch {
                Issue.record("\(sql): \(error)")
            }
        }
        #expect(AthenaMacros.used(in: "SELECT count(*) FROM silver.users") == [])
        #expect(AthenaMacros.used(in: "SELECT date_format(t, '%i')").count == 2)
    }

    @Test("aggregate")
    func aggregates() async throws {
        let connection = try await Database().connect()
        try await AthenaMacros.install(on: connection)
        let result = try await connection.query(
            """
            SELECT approx_distinct(v), approx_distinct(v, 0.01), approx_percentile(v, 0.5), every(v > 0),
              map_agg(v, k), list_sort(set_agg(k)), arbitrary(1), count_if(v > 1), max_by(k, v)
            FROM (VALUES (1, 'a'), (2, 'b'), (3, 'b')) AS t(v, k)
            """
        )
        let values = result[0].values.map(\.description)
        #expect(values == ["3", "3", "2", "true", "{1=a, 2=b, 3=b}", "[a, b]", "1", "2", "b"])
    }

    @Test("take formats from a column's query, where the format is a constant")
    func columns() async throws {
        let connection = try await Database().connect()
        try await AthenaMacros.install(on: connection)
        let result = try await connection.query(
            "SELECT sum(year(date_parse(s, '%d.%m.%Y'))) FROM (VALUES ('01.02.2020'), ('02.02.2021')) AS t(s)"
        )
        #expect(result[0][0].description == "4041")
    }

    @Test("are all tried")
    func complete() {
        let tried = (Self.examples.map(\.sql) + ["approx_distinct approx_percentile every map_agg set_agg rand"])
            .joined()
        #expect(AthenaMacros.names.filter { !tried.contains($0) } == [])
    }
}
