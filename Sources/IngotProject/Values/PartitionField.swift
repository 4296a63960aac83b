/// One field of a table's partitioning: an Iceberg transform over a column.
public struct PartitionField: Hashable, Sendable, CustomStringConvertible {
    /// How the column's value becomes the partition's.
    public enum Transform: Hashable, Sendable {
        /// The value itself.
        case identity
        /// The year of a date or timestamp.
        case year
        /// The month of a date or timestamp.
        case month
        /// The day of a date or timestamp.
        case day
        /// The hour of a timestamp.
        case hour
        /// A hash into so many buckets.
        case bucket(Int)
        /// The first characters of a text, or a number rounded down to a multiple.
        case truncate(Int)
    }

    /// The transform.
    public var transform: Transform
    /// The column, one of the table's own or a system column.
    public var column: Located<String>

    /// Joins a transform and its column.
    package init(transform: Transform, column: Located<String>) {
        self.transform = transform
        self.column = column
    }

    /// The field as it is written, for example `bucket(16, id)`.
    public var description: String {
        switch transform {
        case .identity: column.value
        case .year: "year(\(column))"
        case .month: "month(\(column))"
        case .day: "day(\(column))"
        case .hour: "hour(\(column))"
        case .bucket(let count): "bucket(\(count), \(column))"
        case .truncate(let width): "truncate(\(width), \(column))"
        }
    }
}
