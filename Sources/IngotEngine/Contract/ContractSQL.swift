import DuckDB
import IngotCore
package import IngotProject

/// The SQL that turns the records of a scan into typed rows, each with the reasons for which it is rejected.
///
/// The order of work is fixed: text, `null_values`, `transform`, cast, `default`, column tests, `rules`. Each step is
/// one nested SELECT, so that an expression sees exactly what the step before it made.
package struct ContractSQL: Sendable {
    package let table: SilverTable
    package let columns: [ContractColumn]
    private let nullValues: [String]
    private let hasErrors: Bool

    /// Binds a table's contract to the fields that a scan offers.
    ///
    /// - Parameters:
    ///   - table: The contract.
    ///   - fields: What the scan offers.
    ///   - nullValues: Texts that mean NULL.
    ///   - hasErrors: Whether the scan has the column ``Internal/error``.
    package init(table: SilverTable, fields: [SourceField], nullValues: [String], hasErrors: Bool) {
        self.table = table
        self.nullValues = nullValues
        self.hasErrors = hasErrors
        columns = table.columns.map { Self.bind($0, fields: fields) }
    }

    /// The SELECT over a scan: the scan's own columns, the contract's, ``Internal/broken``, ``Internal/rejected`` and
    /// ``Internal/reasons``.
    package func select(from scan: String) -> String {
        let conditions = self.conditions
        let list = conditions.map(\.reason).joined(separator: ",\n      ")
        let reasons =
            conditions.isEmpty
            ? "CAST(NULL AS STRUCT(rule VARCHAR, \"column\" VARCHAR, message VARCHAR)[])"
            : "CASE WHEN \(Internal.rejected) THEN list_filter([\n      \(list)\n    ], reason -> reason IS NOT NULL) END"
        return """
            SELECT *, \(reasons) AS \(Internal.reasons)
            FROM (SELECT *, \(Internal.broken) > 0 AS \(Internal.rejected) FROM (\(marked(from: scan))))
            """
    }

    /// The SELECT over a scan: the scan's own columns, the contract's, and ``Internal/broken``.
    ///
    /// The conditions are asked one after the other, each only of the rows that kept those before it.
    /// - Parameter scan: What is read.
    /// - Returns: The SELECT.
    package func marked(from scan: String) -> String {
        let cases = conditions.enumerated().map { "WHEN \($1.isBroken) THEN \($0 + 1)" }.joined(separator: "\n    ")
        let broken = cases.isEmpty ? "0" : "CASE \(cases) ELSE 0 END"
        return """
            SELECT *, CAST(\(broken) AS USMALLINT) AS \(Internal.broken)
            FROM (\(derived(from: typed(from: texts(from: scan)))))
            """
    }

    /// Every field as text under its column's name, with `null_values` and transforms applied.
    private func texts(from scan: String) -> String {
        let inputs = columns.compactMap { column -> String? in
            switch column.input {
            case .text(let field): "\(nullable(field)) AS \(column.identifier)"
            case .typed(let field): "\(SQL.identifier(field.column)) AS \(column.identifier)"
            case .missing: "CAST(NULL AS \(column.column.dataType.value.sql)) AS \(column.identifier)"
            case .expression: nil
            }
        }
        let renamed = "SELECT *, \(inputs.joined(separator: ", ")) FROM (\(scan))"
        let transforms = columns.compactMap { column in
            column.column.transform.map { "(\($0.text)) AS \(column.identifier)" }
        }
        guard !transforms.isEmpty else { return renamed }
        return "SELECT * REPLACE (\(transforms.joined(separator: ", "))) FROM (\(renamed))"
    }

    private func nullable(_ field: SourceField) -> String {
        let name = SQL.identifier(field.column)
        let text = field.type == "VARCHAR" ? name : "CAST(\(name) AS VARCHAR)"
        switch nullValues.count {
        case 0: return text
        case 1: return "CASE WHEN \(text) <> \(SQL.literal(nullValues[0])) THEN \(text) END"
        default:
            let list = nullValues.map(SQL.literal).joined(separator: ", ")
            return "CASE WHEN \(text) NOT IN (\(list)) THEN \(text) END"
        }
    }

    /// The casts, each beside the text that it came from; then the lossy ones dropped and the defaults filled in.
    private func typed(from texts: String) -> String {
        var sql = texts
        let casts = columns.enumerated().filter(\.element.isCast)
        if !casts.isEmpty {
            let names = casts.map(\.element.identifier).joined(separator: ", ")
            let values = casts.map { number, column in
                "\(column.identifier) AS \(Internal.text(number)), "
                    + "\(column.cast.value(of: column.identifier)) AS \(column.identifier)"
            }
            sql = "SELECT * EXCLUDE (\(names)), \(values.joined(separator: ",\n    ")) FROM (\(sql))"
        }
        let replaced = columns.enumerated().compactMap(accepted)
        guard !replaced.isEmpty else { return sql }
        return "SELECT * REPLACE (\(replaced.joined(separator: ",\n    "))) FROM (\(sql))"
    }

    private func accepted(number: Int, column: ContractColumn) -> String? {
        let value = column.identifier
        let fallback = column.column.defaultValue.map(column.literal)
        guard column.isCast else {
            return fallback.map { "coalesce(\(value), \($0)) AS \(value)" }
        }
        let text = Internal.text(number)
        let lossless = column.column.coerce ? nil : column.cast.isLossless(text: text, value: value)
        if lossless == nil, fallback == nil { return nil }
        let otherwise =
            lossless.map { tests in tests.map { "WHEN \($0) THEN \(value)" }.joined(separator: " ") + " END" }
            ?? "ELSE \(value) END"
        let missing = fallback.map { "WHEN \(text) IS NULL THEN \($0) " } ?? ""
        return "CASE \(missing)\(otherwise) AS \(value)"
    }

    /// The derived columns, with the rows of the seeds that columns relate to at hand.
    private func derived(from typed: String) -> String {
        let expressions = columns.compactMap { column -> String? in
            guard case .expression(let sql) = column.input else { return nil }
            return "CAST((\(sql.text)) AS \(column.column.dataType.value.sql)) AS \(column.identifier)"
        }
        let joins = columns.compactMap { column -> String? in
            guard let relationship = column.column.relationship else { return nil }
            let alias = SQL.identifier(relationship.alias.value)
            let seed = SQL.qualified([relationship.to.value.namespace, relationship.to.value.name])
            let field = SQL.identifier(relationship.field.value)
            return "LEFT JOIN \(seed) AS \(alias) ON \(alias).\(field) = __typed.\(column.identifier)"
        }
        var sql = typed
        if !joins.isEmpty {
            // A seed's row becomes a structure under its alias, so that `rates.rate` reads on in later steps.
            let rows = columns.compactMap { column in
                column.column.relationship.map { relationship in
                    let alias = SQL.identifier(relationship.alias.value)
                    return "\(alias) AS \(alias)"
                }
            }
            sql = """
                SELECT __typed.*, \(rows.joined(separator: ", "))
                FROM (\(sql)) AS __typed \(joins.joined(separator: " "))
                """
        }
        guard !expressions.isEmpty else { return sql }
        return "SELECT *, \(expressions.joined(separator: ",\n    ")) FROM (\(sql))"
    }

    /// Everything that can be wrong with a row; after a scan's own error nothing else is said of it.
    private var conditions: [ContractCondition] {
        let scanned = "\(Internal.error) IS NOT NULL"
        var conditions = columns.enumerated().flatMap { number, column in
            column.conditions(text: column.isCast ? Internal.text(number) : nil)
        }
        conditions += table.rules.map { rule in
            ContractCondition(
                rule: rule.name.value,
                column: nil,
                isBroken: "(\(rule.expression.text)) IS FALSE",
                message: SQL.literal(rule.description ?? "\(rule.expression.text) is false")
            )
        }
        guard hasErrors else { return conditions }
        for position in conditions.indices {
            conditions[position].isBroken = "NOT (\(scanned)) AND (\(conditions[position].isBroken))"
        }
        return conditions
    }

    private static func bind(_ column: ContractColumnDeclaration, fields: [SourceField]) -> ContractColumn {
        let name: String
        switch column.origin {
        case .expression(let sql): return ContractColumn(column: column, input: .expression(sql))
        case .field(let field): name = field.value
        case .path(let path): name = path.value
        }
        guard let field = find(name, in: fields) else { return ContractColumn(column: column, input: .missing) }
        let isSame = field.type == column.dataType.value.sql && field.type != "VARCHAR"
        let needsText = column.transform != nil || !column.formats.isEmpty
        return ContractColumn(column: column, input: isSame && !needsText ? .typed(field) : .text(field))
    }

    /// The field of that name: exactly, else without case and surrounding blanks if only one is left.
    static func find(_ name: String, in fields: [SourceField]) -> SourceField? {
        if let exact = fields.first(where: { $0.name == name }) { return exact }
        let folded = Self.folded(name)
        let similar = fields.filter { Self.folded($0.name) == folded }
        return similar.count == 1 ? similar[0] : nil
    }

    static func folded(_ name: String) -> String {
        String(name.lowercased().drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
