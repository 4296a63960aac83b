import IngotProject

/// The columns that fields become which a table's contract does not know.
///
/// Names that differ in nothing but case are one, as they are in SQL: what comes as `Amount` one day and as `amount` the
/// next goes into one column.
struct NewColumnNames {
    /// Names of the contract's columns, without regard to case.
    private let taken: Set<String>
    /// The columns beyond the contract's, by their names without regard to case.
    private var known: [String: String]

    init(_ table: BatchTable) {
        let own = (table.contract?.columns.map(\.name.value) ?? []) + [table.rescued].compactMap { $0 }
        taken = Set(own.map(ContractSQL.folded))
        let others = table.existingColumns + table.newColumns
        known = Dictionary(others.map { (ContractSQL.folded($0), $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The column that a field becomes; `nil` where a column of the contract has its name.
    func name(of field: SourceField) -> String? {
        let name = Self.columnName(of: field.name)
        let folded = ContractSQL.folded(name)
        return taken.contains(folded) ? nil : known[folded] ?? name
    }

    /// Makes a column known.
    mutating func add(_ name: String) {
        let folded = ContractSQL.folded(name)
        known[folded] = known[folded] ?? name
    }

    /// A column name for a field: without surrounding blanks, never empty, and never one that Ingot keeps for itself.
    private static func columnName(of field: String) -> String {
        let name = field.trimmingBlanks()
        let isSystem = SystemColumns.silver(sourceRow: true).contains { $0.name == ContractSQL.folded(name) }
        return name.isEmpty || name.hasPrefix("__") || isSystem ? "field" + name : name
    }
}
