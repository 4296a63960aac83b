/// From one arrival source to silver tables.
public struct Pipeline: Hashable, Sendable {
    /// What happens to a row that is rejected.
    public enum RowErrorPolicy: String, Hashable, Sendable, CaseIterable {
        /// It is kept in quarantine with its reasons.
        case quarantine
        /// It is counted and dropped.
        case skip
        /// Nothing of its object is committed.
        case fail
    }

    /// What happens when the fields of an object are not those of the columns.
    public enum SchemaEvolution: String, Hashable, Sendable, CaseIterable {
        /// New fields become new columns of the table.
        case addNewColumns = "add_new_columns"
        /// New fields are kept as JSON in the rescued data column.
        case rescue
        /// A new field rejects the whole object.
        case failOnNewColumns = "fail_on_new_columns"
        /// New fields are dropped.
        case none
    }

    /// The pipeline's name.
    public var name: Located<String>
    /// The file that declares it, relative to the project folder.
    public var file: String
    /// What it is for.
    public var description: String?
    /// Words to select it by.
    public var tags: [String]
    /// Where objects arrive and how they are read.
    public var source: Source
    /// What happens to a rejected row.
    public var onRowError: RowErrorPolicy
    /// The share of rejected rows (0 to 1) beyond which the whole object is quarantined; `nil` for no limit.
    public var maxErrorRate: Double?
    /// What happens to fields that no column reads.
    public var schemaEvolution: SchemaEvolution
    /// The column that keeps unexpected fields as JSON, if there is one.
    public var rescuedDataColumn: Located<String>?
    /// Texts that mean NULL, in every column, before anything else; complete, with the default of the format.
    public var nullValues: [String]
    /// The field whose value decides the table; `nil` where there is one table.
    public var routeBy: Located<String>?
    /// The tables, in file order; exactly one without `routeBy`.
    public var tables: [SilverTable]
}
