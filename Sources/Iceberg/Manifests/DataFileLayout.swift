/// Where the members of a data file are in a manifest's records, worked out once a file.
struct DataFileLayout {
    private let content: Int?
    private let path: Int
    private let format: Int
    private let partition: Int
    private let recordCount: Int
    private let fileSize: Int
    private let columnSizes: Int?
    private let valueCounts: Int?
    private let nullValueCounts: Int?
    private let nanValueCounts: Int?
    private let lowerBounds: Int?
    private let upperBounds: Int?
    private let keyMetadata: Int?
    private let splitOffsets: Int?
    private let equalityIDs: Int?
    private let sortOrderID: Int?
    private let referencedDataFile: Int?
    /// The positions and types of the partition values, in the order of the spec.
    private let partitionFields: [(position: Int?, type: IcebergType)]
    private let specID: Int

    init(_ schema: AvroSchema, spec: PartitionSpec, types: [IcebergType?]) throws {
        let layout = try RecordLayout(schema)
        content = layout.position(134, "content")
        path = try layout.required(100, "file_path")
        format = try layout.required(101, "file_format")
        partition = try layout.required(102, "partition")
        recordCount = try layout.required(103, "record_count")
        fileSize = try layout.required(104, "file_size_in_bytes")
        columnSizes = layout.position(108, "column_sizes")
        valueCounts = layout.position(109, "value_counts")
        nullValueCounts = layout.position(110, "null_value_counts")
        nanValueCounts = layout.position(137, "nan_value_counts")
        lowerBounds = layout.position(125, "lower_bounds")
        upperBounds = layout.position(128, "upper_bounds")
        keyMetadata = layout.position(131, "key_metadata")
        splitOffsets = layout.position(132, "split_offsets")
        equalityIDs = layout.position(135, "equality_ids")
        sortOrderID = layout.position(140, "sort_order_id")
        referencedDataFile = layout.position(143, "referenced_data_file")
        let tuple = try RecordLayout(layout.schema(at: partition))
        partitionFields = zip(spec.fields, types).map { field, type in
            let position = tuple.position(field.fieldID, AvroNames.compatible(field.name))
            // The column may be gone; the file's own schema still tells what its value is.
            let written = position.map { tuple.schema(at: $0).icebergType }
            return (position, type ?? written ?? .string)
        }
        specID = spec.id
    }

    func dataFile(_ value: AvroValue) throws -> DataFile {
        guard let values = value.record, let tuple = values[partition].record else {
            throw IcebergError(.corruptFile, "a manifest entry has no data file")
        }
        let contentNumber = values[optional: content]?.integer ?? 0
        guard let content = DataFile.Content(rawValue: Int(contentNumber)) else {
            throw IcebergError(.unsupported, "a manifest holds a file with content \(contentNumber)")
        }
        var file = DataFile(
            content: content,
            path: try values.string(path),
            format: try values.string(format).uppercased(),
            specID: specID,
            recordCount: try values.integer(recordCount),
            fileSize: try values.integer(fileSize)
        )
        file.partition = try partitionFields.map { field in
            guard let value = tuple[optional: field.position] else { return nil }
            return try Literal(avro: value, type: field.type)
        }
        file.columnSizes = try Self.map(values[optional: columnSizes]) { $0.integer }
        file.valueCounts = try Self.map(values[optional: valueCounts]) { $0.integer }
        file.nullValueCounts = try Self.map(values[optional: nullValueCounts]) { $0.integer }
        file.nanValueCounts = try Self.map(values[optional: nanValueCounts]) { $0.integer }
        file.lowerBounds = try Self.map(values[optional: lowerBounds]) { $0.bytes }
        file.upperBounds = try Self.map(values[optional: upperBounds]) { $0.bytes }
        file.keyMetadata = values[optional: keyMetadata]?.bytes
        file.splitOffsets = values[optional: splitOffsets]?.array?.compactMap(\.integer) ?? []
        file.equalityIDs =
            values[optional: equalityIDs]?.array?.compactMap(\.integer).compactMap { Int(exactly: $0) } ?? []
        file.sortOrderID = values[optional: sortOrderID]?.integer.flatMap { Int(exactly: $0) }
        file.referencedDataFile = values[optional: referencedDataFile]?.string
        return file
    }

    /// A map whose keys are column ids, which Avro holds as an array of pairs.
    private static func map<Value>(
        _ value: AvroValue?,
        _ convert: (AvroValue) -> Value?
    ) throws -> [Int: Value] {
        guard let value else { return [:] }
        guard let pairs = value.array else { throw IcebergError(.corruptFile, "a column map is no array of pairs") }
        var map = [Int: Value](minimumCapacity: pairs.count)
        for pair in pairs {
            guard let pair = pair.record, pair.count == 2, let key = pair[0].integer.flatMap({ Int(exactly: $0) })
            else { throw IcebergError(.corruptFile, "a column map holds something else than pairs") }
            map[key] = convert(pair[1])
        }
        return map
    }
}
