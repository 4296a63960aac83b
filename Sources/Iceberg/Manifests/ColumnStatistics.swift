/// What a writer knows of one column of one file.
public struct ColumnStatistics: Sendable, Hashable {
    /// The column's bytes in the file.
    public var size: Int64?
    /// How many values there are, nulls included.
    public var valueCount: Int64?
    /// How many nulls there are.
    public var nullCount: Int64?
    /// How many values are no numbers.
    public var nanCount: Int64?
    /// A value not above any.
    public var lowerBound: Literal?
    /// A value not below any.
    public var upperBound: Literal?

    /// Statistics; what is not known is `nil`.
    public init(
        size: Int64? = nil,
        valueCount: Int64? = nil,
        nullCount: Int64? = nil,
        nanCount: Int64? = nil,
        lowerBound: Literal? = nil,
        upperBound: Literal? = nil
    ) {
        self.size = size
        self.valueCount = valueCount
        self.nullCount = nullCount
        self.nanCount = nanCount
        self.lowerBound = lowerBound
        self.upperBound = upperBound
    }

    /// Statistics from one column's map of `COPY ... RETURN_STATS`.
    ///
    /// Bounds that are not certain are left out.
    public init(duckDB map: [String: String], type: IcebergType) {
        size = map["column_size_bytes"].flatMap { Int64($0) }
        valueCount = map["num_values"].flatMap { Int64($0) }
        nullCount = map["null_count"].flatMap { Int64($0) }
        // That there are some does not say how many.
        nanCount = map["has_nan"] == "false" ? 0 : nil
        lowerBound = map["min"].flatMap { Literal(duckDBText: $0, type: type) }
        upperBound = map["max"].flatMap { Literal(duckDBText: $0, type: type) }
        if let lowerBound, let upperBound, upperBound.isLess(than: lowerBound) != false {
            self.lowerBound = nil
            self.upperBound = nil
        }
    }
}

extension DataFile {
    /// Takes over statistics by column id; long bounds are cut to their usual length.
    ///
    /// Bounds are only kept for columns that have one value a row: not within lists and maps.
    public mutating func setStatistics(_ statistics: [Int: ColumnStatistics], schema: Schema) {
        let bounded = schema.singleValuedIDs
        for (id, column) in statistics {
            columnSizes[id] = column.size
            valueCounts[id] = column.valueCount
            nullValueCounts[id] = column.nullCount
            nanValueCounts[id] = column.nanCount
            guard bounded.contains(id) else { continue }
            lowerBounds[id] = column.lowerBound?.asLowerBound?.singleValueBytes
            upperBounds[id] = column.upperBound?.asUpperBound?.singleValueBytes
        }
    }

    /// Takes over the `column_statistics` of `COPY ... RETURN_STATS`, whose keys are quoted paths of column names such
    /// as `"address"."street"`; columns that the schema does not have are passed over.
    public mutating func setStatistics(duckDB statistics: [String: [String: String]], schema: Schema) {
        var columns: [Int: ColumnStatistics] = [:]
        for (path, map) in statistics {
            guard let field = schema.field(duckDBPath: path) else { continue }
            columns[field.id] = ColumnStatistics(duckDB: map, type: field.type)
        }
        setStatistics(columns, schema: schema)
    }
}

extension Schema {
    /// The field that DuckDB's quoted path of names means, such as `"tags"."element"`.
    public func field(duckDBPath path: String) -> NestedField? {
        var level = fields
        var found: NestedField?
        for name in Self.names(inQuotedPath: path) {
            guard let field = level.first(where: { $0.name == name }) else { return nil }
            found = field
            level = field.type.children
        }
        return found
    }

    /// The ids of the primitive fields that have at most one value a row.
    var singleValuedIDs: Set<Int> {
        var ids: Set<Int> = []
        func visit(_ fields: [NestedField]) {
            for field in fields {
                if field.type.isPrimitive { ids.insert(field.id) }
                if case .struct(let type) = field.type { visit(type.fields) }
            }
        }
        visit(fields)
        return ids
    }

    /// The names of a path whose parts are in double quotes (doubled within), or bare, with dots between them.
    static func names(inQuotedPath path: String) -> [String] {
        var names: [String] = []
        var name = ""
        var isQuoted = false
        var characters = path.makeIterator()
        var next = characters.next()
        while let character = next {
            next = characters.next()
            if character == "\"" {
                if isQuoted, next == "\"" {
                    name.append("\"")
                    next = characters.next()
                } else {
                    isQuoted.toggle()
                }
            } else if character == ".", !isQuoted {
                names.append(name)
                name = ""
            } else {
                name.append(character)
            }
        }
        return names + [name]
    }
}
