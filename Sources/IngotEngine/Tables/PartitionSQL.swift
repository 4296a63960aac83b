import DuckDB
import Iceberg

/// The SQL of partition values, such that their text is the value that the manifests keep.
enum PartitionSQL {
    /// The value of a partition field for a row.
    ///
    /// Dates and times become the transform's own numbers: years, months, days or hours since 1970.
    static func value(_ field: Iceberg.PartitionField, in schema: Schema) throws -> String {
        guard let column = schema.field(id: field.sourceID) else {
            throw IcebergError(.invalidArgument, "the partition field \(field.name) has no column")
        }
        let name = SQL.identifier(column.name)
        return switch field.transform {
        case .identity: name
        case .year: "CAST(year(\(name)) - 1970 AS INTEGER)"
        case .month: "CAST((year(\(name)) - 1970) * 12 + month(\(name)) - 1 AS INTEGER)"
        case .day: "CAST(CAST(\(name) AS DATE) - DATE '1970-01-01' AS INTEGER)"
        case .hour: "CAST(date_diff('hour', TIMESTAMP '1970-01-01', CAST(\(name) AS TIMESTAMP)) AS INTEGER)"
        case .truncate(let width): truncate(name, column.type, width)
        case .bucket(let count):
            "CAST((\(BucketHash.sql(of: name, column.type)) & \(Int32.max)) % \(count) AS INTEGER)"
        case .void, .unknown: "NULL"
        }
    }

    private static func truncate(_ name: String, _ type: IcebergType, _ width: Int) -> String {
        switch type {
        case .string: "left(\(name), \(width))"
        case .binary, .fixed: "\(name)[1:\(width)]"
        case .decimal(let precision, let scale):
            // The width counts units of the last place.
            "CAST(\(name) - (((\(name) % \(unit(width, scale))) + \(unit(width, scale))) % \(unit(width, scale))) "
                + "AS DECIMAL(\(precision),\(scale)))"
        default: "(\(name) - (((\(name) % \(width)) + \(width)) % \(width)))"
        }
    }

    private static func unit(_ width: Int, _ scale: Int) -> String {
        let digits = String(width)
        guard scale > 0 else { return digits }
        let padded = String(repeating: "0", count: max(0, scale + 1 - digits.count)) + digits
        return padded.dropLast(scale) + "." + padded.suffix(scale)
    }
}
