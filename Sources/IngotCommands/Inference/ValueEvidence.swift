import DuckDB

/// What the values of one column of text allow: counts of those that fit each type.
struct ValueEvidence {
    /// Types in the order in which they are preferred, each with the test that every value must pass.
    private static let plainTypes: [(type: String, test: String)] = [
        ("boolean", "lower(v) IN ('true', 'false')"),
        ("integer", "regexp_full_match(v, '[+-]?[0-9]{1,9}')"),
        ("bigint", "regexp_full_match(v, '[+-]?[0-9]{1,18}')"),
        ("decimal", "regexp_full_match(v, '[+-]?[0-9]{1,20}([.][0-9]{1,10})?')"),
        ("double", "regexp_full_match(v, '[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?')"),
        ("date", "regexp_full_match(v, '[0-9]{4}-[0-9]{2}-[0-9]{2}') AND TRY_CAST(v AS DATE) IS NOT NULL"),
        (
            "timestamp",
            """
            regexp_full_match(v, '[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?')
            AND TRY_CAST(v AS TIMESTAMP) IS NOT NULL
            """
        ),
        (
            "timestamptz",
            """
            regexp_full_match(v, '[0-9-]{10}[ T][0-9:.]{5,15} ?(Z|[+-][0-9]{2}(:?[0-9]{2})?)')
            AND TRY_CAST(v AS TIMESTAMP WITH TIME ZONE) IS NOT NULL
            """
        ),
        (
            "time",
            "regexp_full_match(v, '([01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?') AND TRY_CAST(v AS TIME) IS NOT NULL"
        ),
        ("uuid", "regexp_full_match(v, '[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}')"),
    ]

    /// Written forms of dates, beyond ISO's, with the type that each gives.
    private static let formats: [(format: String, type: String)] = {
        let days =
            ["%m/%d/%Y", "%d/%m/%Y", "%Y/%m/%d", "%d.%m.%Y", "%d-%m-%Y", "%m-%d-%Y", "%d-%b-%Y", "%d-%b-%y"]
            + ["%d %b %Y", "%b %d, %Y", "%d %B %Y", "%B %d, %Y", "%m/%d/%y", "%d/%m/%y", "%d.%m.%y"]
        let times = ["%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p"]
        return days.map { ($0, "date") } + days.flatMap { day in times.map { ("\(day) \($0)", "timestamp") } }
    }()

    private var values: Int64
    private var distinct: Int64
    private var leadingZeros: Int64
    private var longNumbers: Int64
    private var integerDigits: Int64
    private var scale: Int64
    private var fits: Set<String>
    private var fittingFormats: [(format: String, type: String)]

    /// Tests every value of a column.
    static func gather(
        column: String,
        from relation: String,
        _ connection: DuckDB.Connection
    ) async throws -> ValueEvidence {
        let tests = plainTypes.enumerated().map { "coalesce(bool_and(\($1.test)), FALSE) AS t\($0)" }
        let texts = "(SELECT nullif(trim(\(SQL.identifier(column))), '') AS v FROM \(relation)) WHERE v IS NOT NULL"
        let result = try await connection.query(
            """
            SELECT count(v) AS n, count(DISTINCT v) AS d,
                count(*) FILTER (regexp_matches(v, '^[+-]?0[0-9]')) AS zeros,
                count(*) FILTER (regexp_matches(v, '^[+-]?[0-9]{19,}$')) AS long,
                coalesce(max(length(regexp_extract(v, '^[+-]?([0-9]+)', 1))), 0) AS digits,
                coalesce(max(length(regexp_extract(v, '[.]([0-9]+)$', 1))), 0) AS scale,
                \(tests.joined(separator: ",\n    "))
            FROM \(texts)
            """
        )
        let row = result[0]
        let fits = Set(try plainTypes.enumerated().filter { try row.bool("t\($0.offset)") }.map(\.element.type))
        return ValueEvidence(
            values: try row.int64("n"),
            distinct: try row.int64("d"),
            leadingZeros: try row.int64("zeros"),
            longNumbers: try row.int64("long"),
            integerDigits: try row.int64("digits"),
            scale: try row.int64("scale"),
            fits: fits,
            // The dear tests, which only texts that are nothing else need.
            fittingFormats: fits.isEmpty ? try await fittingFormats(texts, connection) : []
        )
    }

    private static func fittingFormats(
        _ texts: String,
        _ connection: DuckDB.Connection
    ) async throws -> [(format: String, type: String)] {
        let tests = formats.enumerated().map { number, form in
            // A year of two digits would be one of the first century.
            let years = form.format.contains("%Y") ? " AND regexp_matches(v, '[0-9]{4}')" : ""
            let fits = "try_strptime(v, \(SQL.literal(form.format))) IS NOT NULL\(years)"
            return "coalesce(bool_and(\(fits)), FALSE) AS f\(number)"
        }
        let row = try await connection.query("SELECT \(tests.joined(separator: ",\n    ")) FROM \(texts)")[0]
        return try formats.enumerated().filter { try row.bool("f\($0.offset)") }.map(\.element)
    }

    /// The column that the values suggest.
    func column(named name: String, records: Int64) -> InferredForm.Column {
        var column = InferredForm.Column(field: name, type: "varchar")
        column.isComplete = records > 0 && values == records
        column.isUnique = values > 1 && distinct == values
        guard values > 0 else {
            column.notes.append("no record has a value")
            return column
        }
        let type = Self.plainTypes.map(\.type).first(where: fits.contains)
        if let type, ["integer", "bigint", "decimal", "double"].contains(type) {
            describeNumber(type, &column)
        } else if let type {
            column.type = type
        } else {
            describeDate(&column)
        }
        return column
    }

    private func describeNumber(_ type: String, _ column: inout InferredForm.Column) {
        guard leadingZeros == 0 else {
            column.notes.append("digits with leading zeros, which a number would lose")
            return
        }
        guard longNumbers == 0 else {
            column.notes.append("more digits than a number keeps")
            return
        }
        switch type {
        case "integer", "bigint": column.type = "bigint"
        case "decimal":
            let precision = max(18, integerDigits + scale)
            column.type = precision > 38 ? "double" : "decimal(\(precision), \(scale))"
        default: column.type = type
        }
    }

    private func describeDate(_ column: inout InferredForm.Column) {
        guard let first = fittingFormats.first else { return }
        column.type = first.type
        column.format = first.format
        let others = fittingFormats.dropFirst().map(\.format)
        if !others.isEmpty { column.notes.append("also fits \(others.joined(separator: " and ")): check which it is") }
    }
}
