import DuckDB
import Iceberg

/// The hash of bucket partitions in SQL: the table format's own, in functions that the query engine can call.
enum BucketHash {
    private static let ofNumbers = "ingot_hash_number"
    private static let ofDecimals = "ingot_hash_decimal"
    private static let ofBytes = "ingot_hash_bytes"

    /// The functions, to be registered once in a database.
    static let functions = [
        ScalarFunction(name: ofNumbers, body: .bigint { Transform.hash(.long($0)) }),
        ScalarFunction(name: ofDecimals, body: .hugeint { Transform.hash(.decimal(unscaled: $0, scale: 0)) }),
        ScalarFunction(name: ofBytes, body: .blob { Transform.hash(.binary($0)) }),
    ]

    /// The hash of a column's value, as the type is hashed.
    static func sql(of name: String, _ type: IcebergType) -> String {
        switch type {
        case .string: "\(ofBytes)(encode(\(name)))"
        case .binary, .fixed: "\(ofBytes)(\(name))"
        case .uuid: "\(ofBytes)(unhex(replace(CAST(\(name) AS VARCHAR), '-', '')))"
        // The digits without their point are the unscaled number, also where a product would overflow.
        case .decimal: "\(ofDecimals)(CAST(replace(CAST(\(name) AS VARCHAR), '.', '') AS HUGEINT))"
        case .date: "\(ofNumbers)(CAST(\(name) - DATE '1970-01-01' AS BIGINT))"
        case .time, .timestamp, .timestamptz: "\(ofNumbers)(epoch_us(\(name)))"
        default: "\(ofNumbers)(CAST(\(name) AS BIGINT))"
        }
    }
}
