import DuckDB

/// The functions of Athena that DuckDB does not have, as macros of a connection.
///
/// A DuckDB function keeps its own meaning, also where Athena has one of the same name with another meaning: models
/// are written in DuckDB's SQL. The exceptions, and what is different in Athena, are listed in docs/athena.md.
package enum AthenaMacros {
    /// Makes the functions known to a connection.
    package static func install(on connection: SQLConnection) async throws {
        try await connection.execute(script)
    }

    /// Makes those functions known that SQL may use.
    ///
    /// All of them cost more than a small query does. A name that occurs anywhere in the text counts, as that cannot
    /// miss one; one that is made for nothing does no harm.
    package static func install(usedIn sql: String, on connection: SQLConnection) async throws {
        let used = used(in: sql)
        guard !used.isEmpty else { return }
        try await connection.execute(statements(used))
    }

    /// The definitions whose names occur in the text, and those that these use.
    package static func used(in sql: String) -> [String] {
        var texts = [sql.lowercased()]
        var isUsed = Set<Int>()
        while let text = texts.popLast() {
            for (index, definition) in definitions.enumerated() where !isUsed.contains(index) {
                guard text.contains(definition.prefix { $0 != "(" }) else { continue }
                isUsed.insert(index)
                texts.append(definition.lowercased())
            }
        }
        return definitions.indices.filter(isUsed.contains).map { definitions[$0] }
    }

    private static func statements(_ definitions: [String]) -> String {
        definitions.map { "CREATE OR REPLACE TEMP MACRO \($0);" }.joined(separator: "\n")
    }

    /// The names of the functions, for documentation and proposals.
    package static let names: [String] = definitions.map { definition in
        String(definition.prefix { $0 != "(" })
    }.uniqued().filter { !$0.hasPrefix("__") }

    private static let script = statements(definitions)

    /// Name, parameters and body of each.
    private static let definitions =
        formats + aggregates + times + texts + documents + arrays + addresses + numbers

    /// Formats of dates, translated piece by piece into those of `strftime`.
    private static let formats = [
        // MySQL's letters: date_format and date_parse. What Athena refuses becomes a format that DuckDB refuses.
        #"""
        __mysql_format(f) AS array_to_string(list_transform(regexp_extract_all(f, '(?s)%.|[^%]+'), lambda t: CASE t
          WHEN '%c' THEN '%-m' WHEN '%e' THEN '%-d' WHEN '%h' THEN '%I' WHEN '%i' THEN '%M' WHEN '%k' THEN '%-H'
          WHEN '%l' THEN '%-I' WHEN '%M' THEN '%B' WHEN '%r' THEN '%I:%M:%S %p' WHEN '%s' THEN '%S'
          WHEN '%T' THEN '%H:%M:%S' WHEN '%v' THEN '%V' WHEN '%W' THEN '%A' WHEN '%x' THEN '%G'
          ELSE CASE
            WHEN left(t, 1) <> '%' OR t IN ('%a', '%b', '%d', '%f', '%H', '%I', '%j', '%m', '%p', '%S', '%Y', '%y', '%%')
            THEN t
            WHEN t IN ('%D', '%U', '%u', '%V', '%w', '%X') THEN '%!'
            ELSE right(t, 1) END
          END), '')
        """#,
        // Joda's letters: format_datetime and parse_datetime.
        #"""
        __joda_format(f) AS array_to_string(list_transform(regexp_extract_all(f,
          '(?s)''(?:[^'']|'''')*''|y+|Y+|x+|M+|d+|D+|E+|e+|w+|a+|H+|h+|m+|s+|S+|Z+|z+|.'), lambda t: CASE
          WHEN t IN ('yy', 'YY') THEN '%y' WHEN t[1] IN ('y', 'Y') THEN '%Y' WHEN t[1] = 'x' THEN '%G'
          WHEN t = 'M' THEN '%-m' WHEN t = 'MM' THEN '%m' WHEN t = 'MMM' THEN '%b' WHEN t[1] = 'M' THEN '%B'
          WHEN t = 'd' THEN '%-d' WHEN t[1] = 'd' THEN '%d' WHEN t[1] = 'D' THEN '%j'
          WHEN t[1] = 'E' THEN if(len(t) < 4, '%a', '%A') WHEN t[1] = 'e' THEN '%u' WHEN t[1] = 'w' THEN '%V'
          WHEN t[1] = 'a' THEN '%p' WHEN t = 'H' THEN '%-H' WHEN t[1] = 'H' THEN '%H'
          WHEN t = 'h' THEN '%-I' WHEN t[1] = 'h' THEN '%I' WHEN t = 'm' THEN '%-M' WHEN t[1] = 'm' THEN '%M'
          WHEN t = 's' THEN '%-S' WHEN t[1] = 's' THEN '%S' WHEN t[1] = 'S' THEN if(len(t) <= 3, '%g', '%f')
          WHEN t[1] = 'Z' THEN '%z' WHEN t[1] = 'z' THEN '%Z' WHEN t = '''''' THEN ''''
          WHEN t[1] = '''' THEN replace(replace(t[2:-2], '''''', ''''), '%', '%%')
          ELSE replace(t, '%', '%%') END), '')
        """#,
    ]

    private static let aggregates = [
        "approx_distinct(x) AS approx_count_distinct(x), (x, e) AS approx_count_distinct(x)",
        "approx_percentile(x, p) AS approx_quantile(x, p)",
        "every(x) AS bool_and(x)",
        "map_agg(k, v) AS map(list(k), list(v))",
        "set_agg(x) AS list(DISTINCT x)",
    ]

    // A format that is a macro's parameter has to be a constant for `strptime`, which looks already when the macro is
    // made. The CASE leaves the type open until the macro is used, when the format is one.
    private static let times = [
        "date_format(t, f) AS strftime(t, __mysql_format(f))",
        "date_parse(s, f) AS strptime(s, CASE WHEN f IS NULL THEN f ELSE __mysql_format(f) END)",
        "format_datetime(t, f) AS strftime(t, __joda_format(f))",
        """
        parse_datetime(s, f) AS
          CAST(strptime(s, CASE WHEN f IS NULL THEN f ELSE __joda_format(f) END) AS TIMESTAMP WITH TIME ZONE)
        """,
        "from_iso8601_timestamp(s) AS CAST(s AS TIMESTAMP WITH TIME ZONE)",
        "from_iso8601_date(s) AS CAST(s AS DATE)",
        """
        to_iso8601(t) AS CASE typeof(t) WHEN 'DATE' THEN strftime(t, '%Y-%m-%d')
          WHEN 'TIMESTAMP' THEN strftime(t, '%Y-%m-%dT%H:%M:%S.%g')
          ELSE strftime(CAST(t AS TIMESTAMP WITH TIME ZONE), '%Y-%m-%dT%H:%M:%S.%gZ') END
        """,
        "from_unixtime(n) AS to_timestamp(n), (n, zone) AS timezone(zone, to_timestamp(n))",
        "to_unixtime(t) AS epoch(t)",
        "at_timezone(t, zone) AS timezone(zone, t)",
        """
        date_add(d, i) AS d + i, (unit, n, t) AS CASE lower(unit)
          WHEN 'millisecond' THEN t + to_milliseconds(n) WHEN 'second' THEN t + to_seconds(n)
          WHEN 'minute' THEN t + to_minutes(n) WHEN 'hour' THEN t + to_hours(n)
          WHEN 'day' THEN t + to_days(CAST(n AS INTEGER)) WHEN 'week' THEN t + to_days(CAST(7 * n AS INTEGER))
          WHEN 'month' THEN t + to_months(CAST(n AS INTEGER)) WHEN 'quarter' THEN t + to_months(CAST(3 * n AS INTEGER))
          WHEN 'year' THEN t + to_years(CAST(n AS INTEGER))
          ELSE error('date_add: ' || unit || ' is no unit') END
        """,
        "day_of_month(t) AS day(t)",
        "day_of_week(t) AS isodow(t)",
        "dow(t) AS isodow(t)",
        "day_of_year(t) AS dayofyear(t)",
        "doy(t) AS dayofyear(t)",
        "week_of_year(t) AS week(t)",
        "year_of_week(t) AS isoyear(t)",
        "yow(t) AS isoyear(t)",
        "last_day_of_month(t) AS last_day(t)",
        "current_timezone() AS current_setting('TimeZone')",
    ]

    private static let texts = [
        "codepoint(s) AS unicode(s)",
        "from_utf8(b) AS decode(b)",
        "to_utf8(s) AS encode(s)",
        "hamming_distance(a, b) AS hamming(a, b)",
        "levenshtein_distance(a, b) AS levenshtein(a, b)",
        "regexp_count(s, p) AS len(regexp_extract_all(s, p))",
        "regexp_like(s, p) AS regexp_matches(s, p)",
        "regexp_split(s, p) AS regexp_split_to_array(s, p)",
    ]

    private static let documents = [
        """
        json_extract_scalar(j, p) AS
          CASE WHEN json_type(j, p) IN ('ARRAY', 'OBJECT') THEN NULL ELSE json_extract_string(j, p) END
        """,
        "json_parse(s) AS CAST(s AS JSON)",
        "json_format(j) AS CAST(j AS VARCHAR)",
        "json_array_contains(j, v) AS json_contains(j, to_json(v))",
        """
        json_size(j, p) AS CASE json_type(j, p)
          WHEN 'ARRAY' THEN json_array_length(j, p) WHEN 'OBJECT' THEN len(json_keys(j, p)) ELSE 0 END
        """,
        "is_json_scalar(j) AS json_type(j) NOT IN ('ARRAY', 'OBJECT')",
    ]

    private static let arrays = [
        "array_average(x) AS list_avg(x)",
        "array_except(a, b) AS list_distinct(list_filter(a, lambda e: NOT list_contains(b, e)))",
        "array_join(x, d) AS array_to_string(x, d), (x, d, n) AS "
            + "array_to_string(list_transform(x, lambda e: coalesce(CAST(e AS VARCHAR), n)), d)",
        "array_max(x) AS list_max(x)",
        "array_min(x) AS list_min(x)",
        "array_remove(x, e) AS list_filter(x, lambda v: v <> e)",
        "array_sum(x) AS list_sum(x)",
        "array_union(a, b) AS list_distinct(list_concat(a, b))",
        "arrays_overlap(a, b) AS list_has_any(a, b)",
        """
        cardinality(x) AS CASE WHEN json_type(to_json(x)) = 'ARRAY'
          THEN CAST(json_array_length(to_json(x)) AS BIGINT) ELSE len(json_keys(to_json(x))) END
        """,
        "element_at(x, k) AS x[k]",
        "sequence(a, b) AS generate_series(a, b), (a, b, step) AS generate_series(a, b, step)",
        """
        slice(x, start, n) AS if(start > 0, list_slice(x, start, start + n - 1),
          list_slice(x, len(x) + start + 1, len(x) + start + n))
        """,
    ]

    private static let addresses = [
        "url_extract_protocol(u) AS nullif(regexp_extract(u, '^([A-Za-z][A-Za-z0-9+.-]*):', 1), '')",
        "url_extract_host(u) AS nullif(regexp_extract(u, '^[^:/?#]+://(?:[^/?#@]*@)?([^/?#:]*)', 1), '')",
        "url_extract_port(u) AS TRY_CAST(regexp_extract(u, '^[^:/?#]+://[^/?#]*:([0-9]+)', 1) AS BIGINT)",
        "url_extract_path(u) AS regexp_extract(u, '^[^:/?#]+://[^/?#]*([^?#]*)', 1)",
        #"url_extract_query(u) AS nullif(regexp_extract(u, '^[^?#]*\?([^#]*)', 1), '')"#,
        "url_extract_fragment(u) AS nullif(regexp_extract(u, '#(.*)$', 1), '')",
        #"""
        url_extract_parameter(u, name) AS
          CASE WHEN regexp_matches(u, '^[^?#]*\?(?:[^#]*&)?' || regexp_escape(name) || '(?:[=&#]|$)')
          THEN url_decode(regexp_extract(u, '^[^?#]*\?(?:[^#]*?&)?' || regexp_escape(name) || '=([^&#]*)', 1)) END
        """#,
    ]

    private static let numbers = [
        "bitwise_and(a, b) AS a & b",
        "bitwise_or(a, b) AS a | b",
        "bitwise_xor(a, b) AS xor(a, b)",
        "bitwise_not(a) AS ~a",
        "infinity() AS CAST('inf' AS DOUBLE)",
        "nan() AS CAST('nan' AS DOUBLE)",
        "is_finite(x) AS isfinite(x)",
        "is_infinite(x) AS isinf(x)",
        "is_nan(x) AS isnan(x)",
        "rand() AS random()",
        "truncate(x) AS trunc(x)",
    ]
}
