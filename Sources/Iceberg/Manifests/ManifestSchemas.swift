import JSONTree

/// The Avro schemas of manifests and manifest lists of format version 2.
enum ManifestSchemas {
    /// The schema of a manifest whose files have these partition values.
    static func manifestEntry(spec: PartitionSpec, types: [IcebergType]) -> AvroSchema {
        record(
            "manifest_entry",
            [
                required(0, "status", AvroSchema(.int)),
                optional(1, "snapshot_id", AvroSchema(.long)),
                optional(3, "sequence_number", AvroSchema(.long)),
                optional(4, "file_sequence_number", AvroSchema(.long)),
                required(2, "data_file", dataFile(spec: spec, types: types)),
            ]
        )
    }

    private static func dataFile(spec: PartitionSpec, types: [IcebergType]) -> AvroSchema {
        let partition = zip(spec.fields, types).map { field, type in
            var member = optional(field.fieldID, AvroNames.compatible(field.name), type.avroSchema)
            if member.name != field.name { member.attributes["iceberg-field-name"] = .string(field.name) }
            return member
        }
        return record(
            "r2",
            [
                required(134, "content", AvroSchema(.int)),
                required(100, "file_path", AvroSchema(.string)),
                required(101, "file_format", AvroSchema(.string)),
                required(102, "partition", record("r102", partition)),
                required(103, "record_count", AvroSchema(.long)),
                required(104, "file_size_in_bytes", AvroSchema(.long)),
                optional(108, "column_sizes", map(117, 118, AvroSchema(.long))),
                optional(109, "value_counts", map(119, 120, AvroSchema(.long))),
                optional(110, "null_value_counts", map(121, 122, AvroSchema(.long))),
                optional(137, "nan_value_counts", map(138, 139, AvroSchema(.long))),
                optional(125, "lower_bounds", map(126, 127, AvroSchema(.bytes))),
                optional(128, "upper_bounds", map(129, 130, AvroSchema(.bytes))),
                optional(131, "key_metadata", AvroSchema(.bytes)),
                optional(132, "split_offsets", list(133, AvroSchema(.long))),
                optional(135, "equality_ids", list(136, AvroSchema(.int))),
                optional(140, "sort_order_id", AvroSchema(.int)),
                optional(143, "referenced_data_file", AvroSchema(.string)),
            ]
        )
    }

    /// The schema of a manifest list.
    static let manifestFile: AvroSchema = record(
        "manifest_file",
        [
            required(500, "manifest_path", AvroSchema(.string)),
            required(501, "manifest_length", AvroSchema(.long)),
            required(502, "partition_spec_id", AvroSchema(.int)),
            required(517, "content", AvroSchema(.int)),
            required(515, "sequence_number", AvroSchema(.long)),
            required(516, "min_sequence_number", AvroSchema(.long)),
            required(503, "added_snapshot_id", AvroSchema(.long)),
            required(504, "added_files_count", AvroSchema(.int)),
            required(505, "existing_files_count", AvroSchema(.int)),
            required(506, "deleted_files_count", AvroSchema(.int)),
            required(512, "added_rows_count", AvroSchema(.long)),
            required(513, "existing_rows_count", AvroSchema(.long)),
            required(514, "deleted_rows_count", AvroSchema(.long)),
            optional(507, "partitions", list(508, fieldSummary)),
            optional(519, "key_metadata", AvroSchema(.bytes)),
        ]
    )

    /// The schema of a manifest list as text, which every commit writes.
    static let manifestFileText = manifestFile.json.text()

    private static let fieldSummary = record(
        "r508",
        [
            required(509, "contains_null", AvroSchema(.boolean)),
            optional(518, "contains_nan", AvroSchema(.boolean)),
            optional(510, "lower_bound", AvroSchema(.bytes)),
            optional(511, "upper_bound", AvroSchema(.bytes)),
        ]
    )

    private static func record(_ name: String, _ fields: [AvroField]) -> AvroSchema {
        AvroSchema(.record(name: name, fields: fields))
    }

    private static func required(_ id: Int, _ name: String, _ schema: AvroSchema) -> AvroField {
        AvroField(name: name, schema: schema, attributes: ["field-id": JSON(id)])
    }

    private static func optional(_ id: Int, _ name: String, _ schema: AvroSchema) -> AvroField {
        AvroField(name: name, schema: schema.optional, attributes: ["default": nil, "field-id": JSON(id)])
    }

    private static func list(_ elementID: Int, _ element: AvroSchema) -> AvroSchema {
        AvroSchema(.array(element), attributes: ["element-id": JSON(elementID)])
    }

    /// A map with integer keys, which Avro only has as an array of pairs.
    private static func map(_ keyID: Int, _ valueID: Int, _ value: AvroSchema) -> AvroSchema {
        let pair = record(
            "k\(keyID)_v\(valueID)",
            [required(keyID, "key", AvroSchema(.int)), required(valueID, "value", value)]
        )
        return AvroSchema(.array(pair), attributes: ["logicalType": "map"])
    }
}
