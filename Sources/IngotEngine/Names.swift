package import DuckDB
package import Iceberg
package import IngotProject

// Libraries that stand alone use the same plain nouns; here each has one name.

/// A connection to the query engine.
package typealias SQLConnection = DuckDB.Connection
/// A column as a pipeline declares it.
package typealias ContractColumnDeclaration = IngotProject.Column
/// A value as a project file states it.
package typealias ProjectLiteral = IngotProject.Literal
/// A value as a table's metadata states it.
package typealias TableLiteral = Iceberg.Literal
