import DuckDB
import IngotProject

/// How a key that is expected becomes a value of the key's column: only where nothing of it is lost.
struct ExpectedKeyCast {
    /// The type of what is given.
    let from: LogicalType
    /// The type of the column.
    let to: LogicalType

    /// SQL that is true where a value that is given is one of the column; it may be NULL where it is none.
    func isLossless(_ value: String) -> String {
        let cast = "TRY_CAST(\(value) AS \(to))"
        // A text is compared as in pipelines: `01` is the number 1.
        guard from == .varchar else { return "TRY_CAST(\(cast) AS \(from)) = \(value)" }
        // The last condition tells of every text; one before it is faster, by a function that only pipelines have.
        guard let type, let condition = LosslessCast(type: type).isLossless(text: value, value: cast)?.last else {
            return "\(cast) IS NOT NULL"
        }
        return "(\(cast) IS NOT NULL AND \(condition))"
    }

    /// The text of the first value of a column that its key column cannot hold as it is; `nil` for none.
    func firstLost(_ name: String, of relation: String, _ connection: SQLConnection) async throws -> String? {
        let lost = try await connection.query(
            """
            SELECT CAST(\(name) AS VARCHAR) AS text FROM \(relation)
            WHERE \(name) IS NOT NULL AND NOT coalesce(\(isLossless(name)), false) ORDER BY 1 LIMIT 1
            """
        )
        return try lost.first?.string("text")
    }

    /// What is said of such a value.
    func message(_ text: String, _ column: String) -> String {
        "the expected key \"\(CheckText.value(text))\" is no \(to), the type of the column \"\(column)\""
    }

    /// The type of pipelines whose texts say the same; `nil` where a cast of text loses nothing.
    private var type: DataType? {
        switch to {
        case .tinyint, .smallint, .integer, .bigint, .hugeint, .utinyint, .usmallint, .uinteger, .ubigint, .uhugeint:
            .bigint
        case .decimal(let width, let scale): .decimal(precision: width, scale: scale)
        case .float: .float
        case .double: .double
        case .date: .date
        case .time: .time
        case .timestamp, .timestampS, .timestampMS, .timestampNS: .timestamp
        case .timestampTZ: .timestamptz
        default: nil
        }
    }
}
