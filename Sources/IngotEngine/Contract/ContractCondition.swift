import DuckDB
import IngotProject

/// One thing that can be wrong with a row: a condition that is true when it is, and what to say then.
struct ContractCondition {
    var rule: String
    var column: String?
    /// SQL; NULL counts as fulfilled contract.
    var isBroken: String
    /// SQL of a text.
    var message: String

    /// The reason as SQL: a struct, or NULL where the contract is kept.
    var reason: String {
        let name = column.map(SQL.literal) ?? "CAST(NULL AS VARCHAR)"
        return "CASE WHEN \(isBroken) THEN {'rule': \(SQL.literal(rule)), 'column': \(name), 'message': \(message)} END"
    }

    init(_ rule: RejectionRule, column: String?, isBroken: String, message: String) {
        self.init(rule: rule.rawValue, column: column, isBroken: isBroken, message: message)
    }

    init(rule: String, column: String?, isBroken: String, message: String) {
        self.rule = rule
        self.column = column
        self.isBroken = isBroken
        self.message = message
    }
}

extension ContractColumn {
    /// What can be wrong with this column's value, in the order in which the reasons are given.
    ///
    /// - Parameter text: The scan's column with the text before the cast, if there is a cast.
    /// - Returns: The conditions.
    func conditions(text: String?) -> [ContractCondition] {
        var conditions: [ContractCondition] = []
        let name = column.name.value
        let value = identifier
        var isMissing = "\(value) IS NULL"
        if let text {
            conditions.append(badCast(text: text))
            isMissing = "\(text) IS NULL AND \(value) IS NULL"
        }
        if column.notNull {
            conditions.append(
                ContractCondition(.notNull, column: name, isBroken: isMissing, message: "'is null'")
            )
        }
        if let pattern = column.matches {
            let form = column.dataType.value == .varchar ? value : "CAST(\(value) AS VARCHAR)"
            conditions.append(
                ContractCondition(
                    .matches,
                    column: name,
                    isBroken: "NOT regexp_matches(\(form), \(SQL.literal(pattern.value)))",
                    message: "concat(\(quoted(value)), ' does not match ', \(SQL.literal(pattern.value)))"
                )
            )
        }
        if !column.acceptedValues.isEmpty {
            let list = column.acceptedValues.map(literal).joined(separator: ", ")
            let shown = column.acceptedValues.map(\.text).joined(separator: ", ")
            conditions.append(
                ContractCondition(
                    .acceptedValues,
                    column: name,
                    isBroken: "\(value) NOT IN (\(list))",
                    message: "concat(\(quoted(value)), ' is not one of ', \(SQL.literal(shown)))"
                )
            )
        }
        if let minimum = column.min {
            conditions.append(bound(.minimum, "<", minimum, "is less than"))
        }
        if let maximum = column.max {
            conditions.append(bound(.maximum, ">", maximum, "is greater than"))
        }
        if let relationship = column.relationship {
            let other = "\(SQL.identifier(relationship.alias.value)).\(SQL.identifier(relationship.field.value))"
            let place = "\(relationship.to.value).\(relationship.field.value)"
            conditions.append(
                ContractCondition(
                    .relationships,
                    column: name,
                    isBroken: "\(value) IS NOT NULL AND \(other) IS NULL",
                    message: "concat(\(quoted(value)), ' is not in ', \(SQL.literal(place)))"
                )
            )
        }
        return conditions
    }

    private func badCast(text: String) -> ContractCondition {
        let type = column.dataType.value.description
        let lost = "concat(\(quoted(text)), \(SQL.literal(" cannot be kept as \(type) without loss")))"
        let invalid = "concat(\(quoted(text)), \(SQL.literal(" is not a valid \(type)")))"
        let message =
            cast.isLossless(text: text, value: identifier) == nil
            ? invalid
            : "CASE WHEN \(cast.value(of: text)) IS NULL THEN \(invalid) ELSE \(lost) END"
        return ContractCondition(
            .dataType,
            column: column.name.value,
            isBroken: "\(text) IS NOT NULL AND \(identifier) IS NULL",
            message: message
        )
    }

    private func bound(
        _ rule: RejectionRule,
        _ sign: String,
        _ limit: Literal,
        _ words: String
    )
        -> ContractCondition
    {
        ContractCondition(
            rule,
            column: column.name.value,
            isBroken: "\(identifier) \(sign) \(literal(limit))",
            message: "concat(CAST(\(identifier) AS VARCHAR), \(SQL.literal(" \(words) \(limit.text)")))"
        )
    }
}
