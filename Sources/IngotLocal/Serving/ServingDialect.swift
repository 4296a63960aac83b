import DuckDB
import IngotProject

/// How the databases that loads write to differ in their SQL.
enum ServingDialect: Sendable {
    case sqlite
    case duckdb
    case postgres
    case mysql

    /// A name in quotes, whatever it holds.
    func identifier(_ name: String) -> String {
        guard self == .mysql else { return SQL.identifier(name) }
        return "`\(name.replacing("`", with: "``"))`"
    }

    /// A text without NUL as a SQL expression.
    func literal(_ text: String) -> String {
        SQL.literal(self == .mysql ? text.replacing("\\", with: "\\\\") : text)
    }

    /// The type of a column that keeps every value of a type.
    ///
    /// - Parameters:
    ///   - type: The type of the source, none of lists, structures and maps.
    ///   - isKey: Whether the column is part of a primary key, of which some databases want to know the length.
    /// - Returns: The type in the database's own SQL.
    func type(_ type: DataType, isKey: Bool) -> String {
        switch self {
        case .duckdb: type.sql
        case .sqlite: Self.sqlite(type)
        case .postgres: Self.postgres(type)
        case .mysql: Self.mysql(type, isKey: isKey)
        }
    }

    private static func sqlite(_ type: DataType) -> String {
        switch type {
        case .boolean: "BOOLEAN"
        case .integer, .bigint: "INTEGER"
        case .float, .double: "REAL"
        case .decimal(let precision, let scale): "DECIMAL(\(precision), \(scale))"
        case .blob: "BLOB"
        default: "TEXT"
        }
    }

    private static func postgres(_ type: DataType) -> String {
        switch type {
        case .boolean: "boolean"
        case .integer: "integer"
        case .bigint: "bigint"
        case .float: "real"
        case .double: "double precision"
        case .decimal(let precision, let scale): "numeric(\(precision), \(scale))"
        case .date: "date"
        case .time: "time"
        case .timestamp: "timestamp"
        case .timestamptz: "timestamptz"
        case .uuid: "uuid"
        case .blob: "bytea"
        case .json: "jsonb"
        default: "text"
        }
    }

    private static func mysql(_ type: DataType, isKey: Bool) -> String {
        switch type {
        case .boolean: "boolean"
        case .integer: "int"
        case .bigint: "bigint"
        // A FLOAT is not answered with all its digits.
        case .float, .double: "double"
        case .decimal(let precision, let scale): "decimal(\(precision), \(scale))"
        case .date: "date"
        case .time: "time(6)"
        // A TIMESTAMP ends in 2038.
        case .timestamp, .timestamptz: "datetime(6)"
        case .uuid: "char(36)"
        case .blob: isKey ? "varbinary(255)" : "longblob"
        case .json: "json"
        default: isKey ? "varchar(255)" : "longtext"
        }
    }
}
