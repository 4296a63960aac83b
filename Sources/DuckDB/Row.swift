/// A row of a result.
///
/// Its values are made when they are asked for.
public struct Row: Sendable {
    let batch: Batch
    let position: Int

    /// The columns of the result.
    public var columns: [Column] { batch.columns }

    /// All values, in the columns' order.
    public var values: [Value] {
        batch.vectors.map { $0[position] }
    }

    /// The value of the column at an index.
    public subscript(column: Int) -> Value {
        batch.vectors[column][position]
    }

    /// The value of a column.
    ///
    /// - Throws: `DuckDBError` (`binder`) if there is no column of that name.
    public func value(_ name: String) throws -> Value {
        self[try batch.list.position(of: name)]
    }

    /// The value of a column as a Swift type; nil only for an optional type.
    ///
    /// - Throws: `DuckDBError` (`mismatch`) if the value is null or does not fit the type, `binder` if there is no
    ///   such column.
    public func get<T: ValueDecodable>(_ name: String, as type: T.Type = T.self) throws -> T {
        let column = try batch.list.position(of: name)
        let value = self[column]
        guard let result = T(duckDB: value) else {
            let what = value.isNull ? "is NULL" : "(\(columns[column].type)) does not fit"
            throw DuckDBError(kind: .mismatch, message: "column '\(name)' \(what), but a \(T.self) is wanted")
        }
        return result
    }
}

extension Row {
    /// The text of a column (VARCHAR, JSON, ENUM).
    public func string(_ name: String) throws -> String { try get(name) }

    /// The number of a column of any integer type.
    public func int64(_ name: String) throws -> Int64 { try get(name) }

    /// The number of a column of any integer type.
    public func int(_ name: String) throws -> Int { try get(name) }

    /// The number of a column of any number type.
    public func double(_ name: String) throws -> Double { try get(name) }

    /// The truth value of a column.
    public func bool(_ name: String) throws -> Bool { try get(name) }

    /// The bytes of a BLOB.
    public func bytes(_ name: String) throws -> [UInt8] { try get(name) }

    /// The elements of a list or an array.
    public func list(_ name: String) throws -> [Value] { try get(name) }
}

extension Row: CustomStringConvertible {
    /// The row as DuckDB writes a struct.
    public var description: String {
        Value.structure(zip(columns, values).map { Value.Field($0.name, $1) }).description
    }
}
