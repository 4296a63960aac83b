/// One silver table that a pipeline feeds, with its contract.
public struct SilverTable: Hashable, Sendable {
    /// What happens to an object whose rows fail an expectation.
    public enum ExpectationFailure: String, Hashable, Sendable, CaseIterable {
        /// The rows are committed and the failure is reported.
        case warn
        /// Nothing of the object is committed and its run fails.
        case fail
        /// The whole object goes to quarantine; the others of its batch are committed.
        case quarantineObject = "quarantine_object"
    }

    /// The value of the discriminator that leads here; `nil` where the pipeline has no route.
    public var routeValue: Located<String>?
    /// The table.
    public var table: Located<TableName>
    /// The column that says when a row's event happened.
    public var eventTime: Located<String>?
    /// The partitioning.
    public var partitionBy: [PartitionField]
    /// Whether rows carry `_source_row`.
    public var sourceRow: Bool
    /// Iceberg table properties, in the order of their names.
    public var properties: [String: String]
    /// The columns, in order.
    public var columns: [Column]
    /// Whether every column could be read; it is so in a project without errors.
    public var hasAllColumns = true
    /// The rules, in order.
    public var rules: [Rule]
    /// The columns that identify a row; empty for none.
    public var uniqueKey: [Located<String>]
    /// Which row of one key stays: the first in this order.
    ///
    /// Complete, with the tie-breakers; empty without a key.
    public var dedupSort: [SortKey]
    /// The gate.
    public var expectations: [Expectation]
    /// What a failed gate does to the object.
    public var onExpectationFailure: ExpectationFailure

    /// The column of that name.
    public func column(named name: String) -> Column? {
        columns.first { $0.name.value == name }
    }
}
