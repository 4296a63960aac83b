/// A data file or a delete file of a table, with what is known of its content.
public struct DataFile: Sendable, Hashable {
    /// What a file holds.
    public enum Content: Int, Sendable, Hashable {
        /// Rows.
        case data = 0
        /// Positions of deleted rows.
        case positionDeletes = 1
        /// Values of deleted rows.
        case equalityDeletes = 2
    }

    /// What the file holds.
    public var content: Content
    /// The location of the file.
    public var path: String
    /// The format: `PARQUET`, `ORC` or `AVRO`.
    public var format: String
    /// The id of the partition spec that the partition values are of.
    public var specID: Int
    /// The partition values, in the order of the spec's fields.
    public var partition: [Literal?]
    /// How many rows the file has.
    public var recordCount: Int64
    /// How many bytes the file has.
    public var fileSize: Int64
    /// Bytes by column id.
    public var columnSizes: [Int: Int64]
    /// How many values, nulls included, by column id.
    public var valueCounts: [Int: Int64]
    /// How many nulls by column id.
    public var nullValueCounts: [Int: Int64]
    /// How many values that are no numbers by column id.
    public var nanValueCounts: [Int: Int64]
    /// A value not above any by column id, in single-value binary form.
    public var lowerBounds: [Int: [UInt8]]
    /// A value not below any by column id, in single-value binary form.
    public var upperBounds: [Int: [UInt8]]
    /// How the file is encrypted.
    public var keyMetadata: [UInt8]?
    /// Where the file can be split.
    public var splitOffsets: [Int64]
    /// The columns that an equality delete file compares.
    public var equalityIDs: [Int]
    /// The id of the sort order of the rows.
    public var sortOrderID: Int?
    /// The only data file whose rows a position delete file deletes.
    public var referencedDataFile: String?

    /// A file; statistics are added through the properties.
    public init(
        content: Content = .data,
        path: String,
        format: String = "PARQUET",
        specID: Int = 0,
        partition: [Literal?] = [],
        recordCount: Int64,
        fileSize: Int64
    ) {
        self.content = content
        self.path = path
        self.format = format
        self.specID = specID
        self.partition = partition
        self.recordCount = recordCount
        self.fileSize = fileSize
        columnSizes = [:]
        valueCounts = [:]
        nullValueCounts = [:]
        nanValueCounts = [:]
        lowerBounds = [:]
        upperBounds = [:]
        splitOffsets = []
        equalityIDs = []
    }
}
