/// Some rows of a result: about two thousand, as DuckDB hands them out.
///
/// A value that holds no memory of DuckDB's.
public struct Batch: Sendable, RandomAccessCollection {
    let list: ColumnList
    let vectors: [ColumnVector]
    /// How many rows there are.
    public let count: Int

    /// The columns of the result.
    public var columns: [Column] { list.columns }

    /// Zero.
    public var startIndex: Int { 0 }

    /// The number of rows.
    public var endIndex: Int { count }

    /// A row.
    public subscript(position: Int) -> Row {
        precondition(position >= 0 && position < count, "row \(position) of a batch of \(count)")
        return Row(batch: self, position: position)
    }

    /// All values of a column.
    ///
    /// - Throws: `DuckDBError` if there is no column of that name.
    public func values(_ name: String) throws -> [Value] {
        let vector = vectors[try list.position(of: name)]
        return (0..<count).map { vector[$0] }
    }
}
