import DuckDB
import IngotCore
import IngotProject

/// Compiles the SQL of one silver table's contract: transforms, derived columns, rules, patterns, formats, values.
struct ContractValidator {
    /// What stands before a user's expression: one line, so that the expression keeps its columns.
    private static let prefix = "SELECT (\n"

    let table: SilverTable
    let connection: SQLConnection

    func errors() async throws -> [IngotError] {
        var errors: [IngotError] = []
        for column in table.columns {
            if let transform = column.transform {
                errors += try await compile(transform, over: texts).errors
            }
            if case .expression(let sql) = column.origin {
                errors += try await compile(sql, over: typed(withDerived: false)).errors
            }
            errors += try await values(of: column)
        }
        for rule in table.rules {
            let compiled = try await compile(rule.expression, over: typed(withDerived: true))
            errors += compiled.errors
            if let type = compiled.type, type != .boolean, type != .null {
                errors.append(
                    IngotError(
                        .invalidSQL,
                        "the rule \(rule.name) is no condition: its value is \("\(type)".lowercased())",
                        at: rule.expression.location
                    )
                )
            }
        }
        return errors
    }

    // MARK: Expressions

    private func compile(
        _ sql: SQLText,
        over relation: String
    ) async throws -> (type: LogicalType?, errors: [IngotError]) {
        do {
            let description = try await connection.describe("\(Self.prefix)\(sql.text)\n) FROM (\(relation))")
            return (description.columns.first?.type, [])
        } catch let error as DuckDBError {
            // What the SQL names may be a column that could not be read.
            if !table.hasAllColumns, error.kind == .binder, error.message.contains("not found") { return (nil, []) }
            return (nil, [QueryText(sql).error(error, linesBefore: 1)])
        }
    }

    /// The columns as the texts that transforms see.
    private var texts: String {
        let columns = table.columns.filter { !$0.isDerived }.map { column in
            "CAST(NULL AS \(column.dataType.value.isScalar ? "VARCHAR" : column.dataType.value.sql)) AS "
                + SQL.identifier(column.name.value)
        }
        return "SELECT \(columns.joined(separator: ", "))"
    }

    /// The columns with their types, and the rows of the seeds that they relate to.
    private func typed(withDerived: Bool) -> String {
        let columns = table.columns.filter { withDerived || !$0.isDerived }.map { column in
            "CAST(NULL AS \(column.dataType.value.sql)) AS \(SQL.identifier(column.name.value))"
        }
        let relationships = table.columns.compactMap(\.relationship)
        let rows = relationships.map { SQL.identifier($0.alias.value) }.map { "\($0) AS \($0)" }
        let seeds = relationships.map { relationship in
            let seed = SQL.qualified([relationship.to.value.namespace, relationship.to.value.name])
            return "\(seed) AS \(SQL.identifier(relationship.alias.value))"
        }
        let from = seeds.isEmpty ? "" : " FROM \(seeds.joined(separator: ", "))"
        return "SELECT \((columns + rows).joined(separator: ", "))\(from)"
    }

    // MARK: Values

    private func values(of column: ContractColumnDeclaration) async throws -> [IngotError] {
        var errors: [IngotError] = []
        if let pattern = column.matches {
            let sql = "SELECT regexp_matches('', \(SQL.literal(pattern.value)))"
            errors += try await run(sql, "the pattern of \(column.name) is not valid", at: pattern.location)
        }
        for format in column.formats {
            let sql = "SELECT try_strptime('', \(SQL.literal(format.value)))"
            errors += try await run(sql, "the format of \(column.name) is not valid", at: format.location)
        }
        let literals = [column.defaultValue, column.min, column.max].compactMap(\.self) + column.acceptedValues
        for literal in literals {
            let type = column.dataType.value.sql
            errors += try await run(
                "SELECT CAST(\(SQL.literal(literal.text)) AS \(type))",
                "\"\(literal.text)\" is no \(column.dataType) as \(column.name) is",
                at: literal.location
            )
        }
        return errors
    }

    private func run(_ sql: String, _ message: String, at location: SourceLocation) async throws -> [IngotError] {
        do {
            try await connection.execute(sql)
            return []
        } catch let error as DuckDBError {
            return [IngotError(.invalidSQL, message, at: location, cause: error.message)]
        }
    }
}

extension ContractColumnDeclaration {
    /// Whether its value comes from other columns.
    fileprivate var isDerived: Bool {
        if case .expression = origin { true } else { false }
    }
}
