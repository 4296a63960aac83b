import DuckDB
import IngotCore
package import IngotProject

/// A column of a contract, bound to what a scan offers.
package struct ContractColumn: Sendable {
    /// Where the column's text or value comes from.
    package enum Input: Sendable {
        /// A field as text.
        case text(SourceField)
        /// A field that has the column's own type already.
        case typed(SourceField)
        /// The source has no such field: NULL.
        case missing
        /// SQL over the other columns.
        case expression(SQLText)
    }

    package var column: ContractColumnDeclaration
    package var input: Input

    /// Whether the column goes through text and a cast.
    var isCast: Bool {
        switch input {
        case .text: column.dataType.value != .varchar || !column.formats.isEmpty
        case .typed, .missing, .expression: false
        }
    }

    var identifier: String { SQL.identifier(column.name.value) }

    var cast: LosslessCast {
        LosslessCast(type: column.dataType.value, formats: column.formats.map(\.value))
    }

    /// A literal of the project as a value of the column's type.
    func literal(_ literal: ProjectLiteral) -> String {
        "CAST(\(SQL.literal(literal.text)) AS \(column.dataType.value.sql))"
    }

    /// The value as people read it, at most 200 characters, for messages.
    func quoted(_ value: String) -> String {
        "concat('\"', left(CAST(\(value) AS VARCHAR), 200), '\"')"
    }
}
