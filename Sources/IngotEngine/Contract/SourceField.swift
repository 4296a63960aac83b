import DuckDB

/// A field of a source record, as a scan offers it to a contract.
package struct SourceField: Hashable, Sendable {
    /// The field's name in the source.
    package var name: String
    /// The scan's column that holds it.
    package var column: String
    /// Its DuckDB type; `VARCHAR` unless the format has types of its own.
    package var type: String

    package init(name: String, column: String, type: String = "VARCHAR") {
        self.name = name
        self.column = column
        self.type = type
    }
}

/// The names that scans and contracts give to what they add; project files may not use them.
package enum Internal {
    /// The object's position in its batch.
    package static let index = "__index"
    /// The record's number in its object, from 1.
    package static let row = "__row"
    /// The record's exact text, where the scan has it.
    package static let line = "__line"
    /// Why the record could not be cut into fields: a `STRUCT(rule, message)`, or NULL.
    package static let error = "__error"
    /// The number of the first condition of the contract that the row breaks, from 1; 0 where it breaks none.
    package static let broken = "__broken"
    /// Whether the row breaks none, where the others are not among the rows any more.
    package static let sound = "__sound"
    /// Whether the contract rejects the row.
    package static let rejected = "__rejected"
    /// The reasons for it.
    package static let reasons = "__reasons"

    /// The record as it was read, for quarantine.
    package static let raw = "__raw"

    package static func field(_ number: Int) -> String { "__f\(number)" }
    static func text(_ number: Int) -> String { "__t\(number)" }
}
