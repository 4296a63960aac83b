/// A small reference table, kept in the project as a CSV file: `seeds/rates.csv` is `seeds.rates`.
public struct Seed: Hashable, Sendable {
    /// The table: `seeds.<file name>`.
    public var table: Located<TableName>
    /// The CSV file, relative to the project folder.
    public var file: String
    /// What it holds.
    public var description: String?
    /// Words to select it by.
    public var tags: [String]
    /// The delimiter.
    public var delimiter: String
    /// The columns of the file, in its order; without a type where the type is to be inferred.
    public var columns: [Model.Column]
}
