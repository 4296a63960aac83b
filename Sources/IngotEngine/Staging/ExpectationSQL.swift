import DuckDB
import IngotProject

/// An expectation as one aggregate over accepted rows, and what to say when it does not hold.
struct ExpectationSQL {
    let expectation: Expectation
    let table: SilverTable

    /// The SELECT that gives for each object `i`: `total` rows, `compared` values, and `failing` ones.
    func perObject(rows: String) -> String {
        let accepted = "NOT \(Internal.rejected)"
        let source: String
        let columns: (compared: String, failing: String)
        switch expectation.check {
        case .tableRowCountToBeBetween:
            source = rows
            columns = ("count(*) FILTER (\(accepted))", "0")
        case .columnValuesToNotBeNull(let column):
            source = rows
            let name = SQL.identifier(column.value)
            columns = ("count(*) FILTER (\(accepted))", "count(*) FILTER (\(accepted) AND \(name) IS NULL)")
        case .columnValuesToBeUnique(let column):
            let name = SQL.identifier(column.value)
            source = """
                (SELECT *, count(*) OVER (PARTITION BY \(Internal.index), \(name)) AS __times
                 FROM \(rows) WHERE \(accepted) AND \(name) IS NOT NULL)
                """
            columns = ("count(*)", "count(*) FILTER (__times > 1)")
        case .columnValuesToBeBetween(let column, let bounds):
            source = rows
            let name = SQL.identifier(column.value)
            let outside = outside(bounds, value: name, type: table.column(named: column.value)?.dataType.value)
            columns = (
                "count(\(name)) FILTER (\(accepted))",
                "count(*) FILTER (\(accepted) AND (\(outside)))"
            )
        }
        return """
            SELECT \(Internal.index) AS i, count(*) AS total, \(columns.compared) AS compared,
              \(columns.failing) AS failing
            FROM \(source) GROUP BY ALL
            """
    }

    /// What is wrong, or `nil` if the expectation holds.
    func complaint(total: Int, compared: Int, failing: Int) -> String? {
        if case .tableRowCountToBeBetween(let bounds) = expectation.check {
            let number = Double(compared)
            let isLow = bounds.min.flatMap { Double($0.text) }.map { bounds.strictMin ? number <= $0 : number < $0 }
            let isHigh = bounds.max.flatMap { Double($0.text) }.map { bounds.strictMax ? number >= $0 : number > $0 }
            guard isLow == true || isHigh == true else { return nil }
            return "\(expectation.name): \(compared) accepted rows are not \(bounds.words)"
        }
        guard compared > 0, Double(compared - failing) < expectation.mostly * Double(compared) else { return nil }
        let wanted = expectation.mostly < 1 ? ", and mostly is \(expectation.mostly)" : ""
        return "\(expectation.name)\(argument): \(failing) of \(compared) values fail\(wanted)"
    }

    private var argument: String {
        switch expectation.check {
        case .tableRowCountToBeBetween: ""
        case .columnValuesToNotBeNull(let column), .columnValuesToBeUnique(let column): " (\(column))"
        case .columnValuesToBeBetween(let column, let bounds): " (\(column) \(bounds.words))"
        }
    }

    private func outside(_ bounds: Expectation.Bounds, value: String, type: DataType?) -> String {
        func literal(_ literal: ProjectLiteral) -> String {
            "CAST(\(SQL.literal(literal.text)) AS \(type?.sql ?? "DOUBLE"))"
        }
        var conditions: [String] = []
        if let min = bounds.min { conditions.append("\(value) \(bounds.strictMin ? "<=" : "<") \(literal(min))") }
        if let max = bounds.max { conditions.append("\(value) \(bounds.strictMax ? ">=" : ">") \(literal(max))") }
        return conditions.isEmpty ? "FALSE" : conditions.joined(separator: " OR ")
    }
}

extension Expectation.Bounds {
    fileprivate var words: String {
        switch (min, max) {
        case (let min?, let max?): "between \(min) and \(max)"
        case (let min?, nil): "\(strictMin ? "more than" : "at least") \(min)"
        case (nil, let max?): "\(strictMax ? "less than" : "at most") \(max)"
        case (nil, nil): "anything"
        }
    }
}
