/// A column of a result: its name and its type.
public struct Column: Sendable, Hashable {
    /// The name.
    public let name: String
    /// The type.
    public let type: LogicalType

    /// Makes a column.
    public init(name: String, type: LogicalType) {
        self.name = name
        self.type = type
    }
}

/// The columns of a result, and where each name stands.
struct ColumnList: Sendable {
    let columns: [Column]
    private let positions: [String: Int]

    init(_ columns: [Column]) {
        self.columns = columns
        positions = Dictionary(columns.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The position of a name, as it is written in the result; the first, where several have it.
    ///
    /// - Throws: `DuckDBError` (`binder`) if there is none.
    func position(of name: String) throws -> Int {
        guard let position = positions[name] else {
            let names = columns.map(\.name).joined(separator: ", ")
            throw DuckDBError(kind: .binder, message: "the result has no column '\(name)'; it has: \(names)")
        }
        return position
    }
}
